// What picolibc wants from the system below it, by system calls of Linux for riscv64: a start and an end, memory for
// malloc, a standard output, and the thread-local variables of the only thread, which platform.ld has laid out.
#pragma once

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum system_call {
    CALL_WRITE = 64,
    CALL_EXIT_GROUP = 94,
    CALL_BRK = 214,
};

int main(int argc, char **argv);

// At the start sp points to argc, with argv behind it. There is no caller: that is where a backtrace ends.
__asm__(".globl _start\n"
        ".type _start, @function\n"
        "_start:\n"
        "   .cfi_startproc\n"
        "   .cfi_undefined ra\n"
        "   lla     tp, thread_local_variables\n"
        "   mv      a0, sp\n"
        "   call    start\n"
        "   .cfi_endproc\n"
        "   .size _start, . - _start\n");

__attribute__((noreturn, used)) static void start(long *stack) {
    exit(main((int) stack[0], (char **) (stack + 1)));
}

static long system_call(enum system_call number, long first, long second, long third) {
    register long a0 __asm__("a0") = first;
    register long a1 __asm__("a1") = second;
    register long a2 __asm__("a2") = third;
    register long a7 __asm__("a7") = number;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
    return a0;
}

// A line is written at once.
static struct {
    char characters[512];
    size_t count;
} line;

static int flush_line(FILE *file) {
    (void) file;
    size_t written = 0;
    while (written < line.count) {
        long result = system_call(CALL_WRITE, 1, (long) (line.characters + written), line.count - written);
        if (result < 0) {
            errno = (int) -result;
            return EOF;
        }
        written += result;
    }
    line.count = 0;
    return 0;
}

static int put_character(char character, FILE *file) {
    line.characters[line.count++] = character;
    return character == '\n' || line.count == sizeof line.characters ? flush_line(file) : 0;
}

static FILE console = FDEV_SETUP_STREAM(put_character, NULL, flush_line, _FDEV_SETUP_WRITE);
FILE *const stdout = &console;

// exit comes here at last.
void _exit(int status) {
    flush_line(stdout);
    for (;;) {
        system_call(CALL_EXIT_GROUP, status, 0, 0);
    }
}

// Gives malloc the next bytes of the heap, which the kernel lets begin behind the program.
void *sbrk(ptrdiff_t bytes) {
    static long end;
    if (end == 0) {
        end = system_call(CALL_BRK, 0, 0, 0);
    }
    long begin = end;
    if (system_call(CALL_BRK, begin + bytes, 0, 0) != begin + bytes) {
        errno = ENOMEM;
        return (void *) -1;
    }
    end = begin + bytes;
    return (void *) begin;
}
