// What a C guest needs to run without a C library: its first instructions, system calls, and lines to print.
// Numbers and layouts are those of Linux for riscv64.
#pragma once

enum system_call {
    CALL_WRITE = 64,
    CALL_EXIT = 93,
    CALL_EXIT_GROUP = 94,
    CALL_FUTEX = 98,
    CALL_SCHED_SETAFFINITY = 122,
    CALL_MUNMAP = 215,
    CALL_CLONE = 220,
    CALL_EXECVE = 221,
    CALL_MMAP = 222,
    CALL_MINCORE = 232,
    CALL_WAIT4 = 260,
};

#define PAGE 4096L

int main(int argc, char **argv);

// At the start sp points to argc, with argv behind it. There is no caller: that is where a backtrace ends.
__asm__(".globl _start\n"
        ".type _start, @function\n"
        "_start:\n"
        "   .cfi_startproc\n"
        "   .cfi_undefined ra\n"
        "   mv      a0, sp\n"
        "   call    start\n"
        "   .cfi_endproc\n"
        "   .size _start, . - _start\n");

static inline long system_call(enum system_call number, long first, long second, long third, long fourth, long fifth,
                               long sixth) {
    register long a0 __asm__("a0") = first;
    register long a1 __asm__("a1") = second;
    register long a2 __asm__("a2") = third;
    register long a3 __asm__("a3") = fourth;
    register long a4 __asm__("a4") = fifth;
    register long a5 __asm__("a5") = sixth;
    register long a7 __asm__("a7") = number;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5), "r"(a7) : "memory");
    return a0;
}

// Ends all threads.
__attribute__((noreturn, unused)) static void exit_process(int status) {
    for (;;) {
        system_call(CALL_EXIT_GROUP, status, 0, 0, 0, 0, 0);
    }
}

__attribute__((noreturn, used)) static void start(long *stack) {
    exit_process(main((int) stack[0], (char **) (stack + 1)));
}

static inline long length(const char *text) {
    long bytes = 0;
    while (text[bytes] != 0) {
        bytes++;
    }
    return bytes;
}

// Writes a line with one call, so that lines of several threads do not mix.
__attribute__((unused)) static void print_line(const char *text, long number) {
    char line[96];
    char digits[24];
    long end = 0;
    int count = 0;
    unsigned long rest = number < 0 ? -(unsigned long) number : (unsigned long) number;
    for (const char *next = text; *next != 0 && end < 64; next++) {
        line[end++] = *next;
    }
    do {
        digits[count++] = (char) ('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (number < 0) {
        line[end++] = '-';
    }
    while (count > 0) {
        line[end++] = digits[--count];
    }
    line[end++] = '\n';
    system_call(CALL_WRITE, 1, (long) line, end, 0, 0, 0);
}

__attribute__((unused)) static void print(const char *text) {
    system_call(CALL_WRITE, 1, (long) text, length(text), 0, 0, 0);
}

// Fresh pages, to read and to write.
__attribute__((unused)) static void *map_pages(long bytes) {
    enum { READ_WRITE = 1 | 2, PRIVATE_ANONYMOUS = 0x02 | 0x20 };
    return (void *) system_call(CALL_MMAP, 0, bytes, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
}

// Keeps the calling thread on one hart, where the machine has that many.
__attribute__((unused)) static void stay_on_hart(int hart) {
    unsigned long mask = 1UL << hart;
    system_call(CALL_SCHED_SETAFFINITY, 0, sizeof mask, (long) &mask, 0, 0, 0);
}
