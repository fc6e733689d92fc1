# copies: threads, a read from a pipe and a child store into pages at the same time that all of them share since a fork.
#
# In every round, all of the process's places get the round's number; the child must go on seeing the number before.
        .equ    THREADS, 3
        .equ    ROUNDS, 3
        .equ    PAGES, 4
        .equ    CHILD, 1024             # the child's place in a page
        .globl  _start
_start:
        call    share_control
        la      a0, pipe
        li      a1, 0
        li      a7, PIPE2
        call    must
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
        call    fork
        beqz    a0, child
        mv      s2, a0
        call    publish                 # all at once
        li      a0, THREADS
        mv      a1, s1
        call    await_threads
        li      s11, 10
        mv      a0, s1
        call    compare
        la      t0, begun
        sd      s1, (t0)                # the child may look once more
        mv      a0, s2
        li      a1, 0
        call    reap
        li      s11, 10
        mv      a0, s1
        call    compare
        li      t0, ROUNDS
        bne     s1, t0, next_round
        li      a0, THREADS
        call    join_threads
        j       fine

# All places must hold a0.
compare:
        mv      t0, s0
        li      t1, PAGES
1:      li      t2, THREADS
        mv      t3, t0
2:      ld      t4, (t3)
        bne     t4, a0, wrong
        addi    t3, t3, 8
        addi    t2, t2, -1
        bnez    t2, 2b
        li      t2, PAGE
        add     t0, t0, t2
        addi    t1, t1, -1
        bnez    t1, 1b
        ret

child:
        li      s11, 11
        li      t0, PAGES
        mv      t1, s0
        li      t2, PAGE
1:      sd      s1, CHILD(t1)
        add     t1, t1, t2
        addi    t0, t0, -1
        bnez    t0, 1b
        addi    a0, s1, -1
        call    compare
        la      a0, begun
        mv      a1, s1
        call    await
        li      s11, 12
        addi    a0, s1, -1
        call    compare
        ld      t0, CHILD(s0)
        bne     t0, s1, wrong
        li      a0, 0
        li      a7, EXIT_GROUP
        ecall

store:
        ld      s2, NUMBER(tp)
        slli    t0, s2, 3
        add     s0, s0, t0
        li      s1, 0
1:      addi    s1, s1, 1
        la      a0, ready
        mv      a1, s1
        call    await
        andi    t0, s2, 1               # half of them go through the pages from behind
        li      s5, PAGE
        mv      s4, s0
        beqz    t0, 5f
        li      t0, (PAGES - 1) * PAGE
        add     s4, s4, t0
        li      s5, -PAGE
5:      mv      s6, s4
        li      s3, PAGES
        li      s11, 15
6:      ld      t0, (s4)                # as they are before
        addi    t0, t0, 1
        bne     t0, s1, wrong
        add     s4, s4, s5
        addi    s3, s3, -1
        bnez    s3, 6b
        la      a0, active              # until all have looked
        li      t0, 1
        amoadd.d.aqrl zero, t0, (a0)
        li      t0, THREADS
        mul     a1, t0, s1
        call    await
        mv      s4, s6
        li      s3, PAGES
2:      li      t0, 1
        beq     s2, t0, 3f
        sd      s1, (s4)
        j       4f
3:      la      t1, word                # thread 1 has the kernel store
        sd      s1, (t1)
        lw      a0, pipe + 4
        mv      a1, t1
        li      a2, 8
        li      a7, WRITE
        ecall
        lw      a0, pipe
        mv      a1, s4
        li      a2, 8
        li      a7, READ
        ecall
        li      s11, 13
        li      t0, 8
        bne     a0, t0, wrong
4:      ld      t0, (s4)
        li      s11, 14
        bne     t0, s1, wrong
        add     s4, s4, s5
        addi    s3, s3, -1
        bnez    s3, 2b
        fence   rw, w
        sd      s1, DONE(tp)
        li      t0, ROUNDS
        bne     s1, t0, 1b
        j       end_thread

        .bss
        .balign 64
pipe:   .space  8
word:   .space  8
