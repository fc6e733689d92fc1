# spawn: a process has children that begin in its own memory and then execute another program, while its threads store.
        .equ    THREADS, 2
        .equ    ROUNDS, 2
        .equ    PAGES, 1
        .equ    STATUS, 17
        .equ    SHARING_CHILD, 0x100 | 0x4000 | 17      # CLONE_VM, CLONE_VFORK, SIGCHLD
        .globl  _start
_start:
        ld      t0, (sp)
        li      t1, 2
        beq     t0, t1, new_program
        li      s0, FAR
        mv      a0, s0
        li      a1, PAGES * PAGE
        li      a2, READ_WRITE
        li      a3, PRIVATE | ANONYMOUS
        call    map
        li      a0, THREADS
        la      a1, store
        call    start_threads
        li      s1, 0
next_round:
        addi    s1, s1, 1
        li      a0, THREADS
        mv      a1, s1
        call    await_threads
        li      a0, SHARING_CHILD
        la      a1, child_stack
        li      a2, 0
        li      a3, 0
        li      a4, 0
        li      a7, CLONE
        ecall
        beqz    a0, child
        mv      s2, a0
        li      s11, 10
        bltz    a0, wrong
        ld      t0, 1024(s0)
        li      s11, 11
        bne     t0, s1, wrong           # the child was here, and it is gone
        call    publish
        mv      a0, s2
        li      a1, STATUS << 8
        call    reap
        li      t0, ROUNDS
        bne     s1, t0, next_round
        li      a0, THREADS
        call    join_threads
        j       fine

child:
        sd      s1, 1024(s0)            # the parent's page
        la      a0, path
        la      a1, argv
        li      a2, 0
        li      a7, EXECVE
        ecall
        li      s11, 12
        j       wrong

store:
        ld      t0, NUMBER(tp)
        slli    t0, t0, 3
        add     s0, s0, t0
        li      s3, 0
        li      s11, 13
1:      li      t1, SPINS
2:      ld      t0, (s0)
        bne     t0, s3, wrong
        addi    s3, s3, 1
        sd      s3, (s0)
        addi    t1, t1, -1
        bnez    t1, 2b
        ld      t0, ready               # the round before
        li      t1, ROUNDS
        beq     t0, t1, end_thread
        addi    t0, t0, 1
        sd      t0, DONE(tp)
        li      a7, SCHED_YIELD
        ecall
        j       1b

new_program:
        li      a0, STATUS
        li      a7, EXIT_GROUP
        ecall

        .section .rodata
path:   .asciz  "/proc/self/exe"
again:  .asciz  "again"

        .data
        .balign 8
argv:   .dword  path, again, 0

        .bss
        .balign 16
        .space  1024
child_stack:
