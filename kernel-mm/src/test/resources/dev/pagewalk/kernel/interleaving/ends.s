# ends: processes whose threads are all busy end in five ways: by an exit_group of the first thread, of another one, by a
# signal, and by an execve of either.
        .equ    THREADS, 2
        .equ    ROUNDS, 5
        .equ    PAGES, 2
        .equ    STATUS, 17
        .globl  _start
_start:
        ld      t0, (sp)
        li      t1, 2
        beq     t0, t1, new_program
        call    share_control
        li      s1, 0
next_round:
        addi    s1, s1, 1
        call    fork
        beqz    a0, child
        mv      s2, a0
        la      a0, active              # until the threads are busy
        li      t0, THREADS
        mul     a1, t0, s1
        call    await
        li      t0, 3
        li      a1, STATUS << 8
        bne     s1, t0, 1f
        mv      a0, s2
        li      a1, SIGKILL
        li      a7, KILL
        call    must
        li      a1, SIGKILL
1:      mv      a0, s2
        call    reap
        li      t0, ROUNDS
        bne     s1, t0, next_round
        j       fine

child:
        li      s0, FAR
        mv      a0, s0
        li      a1, PAGES * PAGE
        li      a2, READ_WRITE
        li      a3, PRIVATE | ANONYMOUS
        call    map
        la      t0, leftover
        sd      s1, (t0)
        li      a0, THREADS
        la      a1, store
        call    start_threads
        li      t0, 1
        beq     s1, t0, 1f
        li      t0, 4
        beq     s1, t0, 1f
        addi    s0, s0, 1024
        j       busy                    # somebody else ends all this
1:      la      a0, active
        li      t0, THREADS
        mul     a1, t0, s1
        call    await
end_all:
        li      t0, 4
        bgeu    s1, t0, replace
        li      a0, STATUS
        li      a7, EXIT_GROUP
        ecall

replace:
        la      a0, path
        la      a1, argv
        li      a2, 0
        li      a7, EXECVE
        ecall
        li      s11, 10
        j       wrong

store:
        la      t0, active
        li      t1, 1
        amoadd.d.aqrl zero, t1, (t0)
        ld      t0, NUMBER(tp)
        slli    t1, t0, 3
        add     s0, s0, t1
        bnez    t0, busy
        li      t0, 2
        beq     s1, t0, 1f
        li      t0, 5
        bne     s1, t0, busy
1:      la      a0, active
        li      t0, THREADS
        mul     a1, t0, s1
        call    await
        j       end_all

# Stores, and never ends.
busy:
        li      t0, PAGE
        add     s3, s0, t0
        li      t0, 0
        li      s11, 11
1:      sd      t0, (s0)
        ld      t1, (s0)
        bne     t1, t0, wrong
        sd      t0, (s3)
        ld      t1, (s3)
        bne     t1, t0, wrong
        addi    t0, t0, 1
        andi    t1, t0, SPINS - 1
        bnez    t1, 1b
        li      a7, SCHED_YIELD
        ecall
        j       1b

# The program that takes the other one's place: nothing of it is left.
new_program:
        li      s11, 12
        ld      t0, leftover
        bnez    t0, wrong
        li      s0, FAR
        mv      a0, s0
        li      a1, PAGES * PAGE
        li      a2, READ_WRITE
        li      a3, PRIVATE | ANONYMOUS
        call    map
        ld      t0, (s0)
        bnez    t0, wrong
        sd      s0, (s0)
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
        .balign 8
leftover:
        .space  8
