// What a C guest needs to run threads of its own.
#pragma once
#include "guest.h"

// Sleeps while the word has this value.
__attribute__((unused)) static void futex_wait(volatile int *word, int value) {
    system_call(CALL_FUTEX, (long) word, 0, value, 0, 0, 0);
}

__attribute__((unused)) static void futex_wake(volatile int *word, int most) {
    system_call(CALL_FUTEX, (long) word, 1, most, 0, 0, 0);
}

struct thread {
    volatile int id; // the kernel writes it, and a zero when the thread has ended
};

// clone(flags, stack, &id, tls, &id): the new thread takes its function and its argument from its stack.
long clone_thread(long flags, void *stack, volatile int *parent_id, void *tls, volatile int *child_id);
__asm__(".globl clone_thread\n"
        ".type clone_thread, @function\n"
        "clone_thread:\n"
        "   .cfi_startproc\n"
        "   li      a7, 220\n"
        "   ecall\n"
        "   beqz    a0, thread_start\n"
        "   ret\n"
        "   .cfi_endproc\n"
        "   .size clone_thread, . - clone_thread\n"
        ".type thread_start, @function\n"
        "thread_start:\n"
        "   .cfi_startproc\n"
        "   .cfi_undefined ra\n"
        "   ld      t0, 0(sp)\n"
        "   ld      a0, 8(sp)\n"
        "   jalr    t0\n"
        "   li      a0, 0\n"
        "   li      a7, 93\n"
        "   ecall\n"
        "   .cfi_endproc\n"
        "   .size thread_start, . - thread_start\n");

__attribute__((unused)) static void start_thread(struct thread *thread, void (*run)(void *), void *argument) {
    // CLONE_VM, _FS, _FILES, _SIGHAND, _THREAD, _SYSVSEM, _PARENT_SETTID, _CHILD_CLEARTID
    enum { STACK = 4 * PAGE, THREAD = 0x100 | 0x200 | 0x400 | 0x800 | 0x10000 | 0x40000 | 0x100000 | 0x200000 };
    char *stack = map_pages(STACK);
    void **top = (void **) (stack + STACK) - 2;
    top[0] = (void *) run;
    top[1] = argument;
    if (clone_thread(THREAD, top, &thread->id, 0, &thread->id) < 0) {
        print("no thread\n");
        exit_process(1);
    }
}

__attribute__((unused)) static void join_thread(struct thread *thread) {
    for (int id = thread->id; id != 0; id = thread->id) {
        futex_wait(&thread->id, id);
    }
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
}
