# discard: a thread gives up the contents of pages into which others store all the time, and it reads zeros.
#
# Each task has places of its own in every page. When they are asked to, the threads leave a mark, which must last until
# the pages are discarded again.
        .equ    THREADS, 3
        .equ    ROUNDS, 4
        .equ    PAGES, 2
        .equ    NOISE, 0                # a thread's places
        .equ    MARK, 8
        .equ    OWN, 2048               # the first thread's place
        .globl  _start
_start:
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
        li      s2, PAGES
        mv      s3, s0
1:      li      t0, OWN
        add     t0, t0, s3
        sd      s1, (t0)
        li      t0, PAGE
        add     s3, s3, t0
        addi    s2, s2, -1
        bnez    s2, 1b
        mv      a0, s0
        li      a1, PAGES * PAGE
        li      a2, DONTNEED
        li      a7, MADVISE
        call    must
        li      s2, PAGES
        mv      s3, s0
2:      li      t0, OWN
        add     t0, t0, s3
        ld      t1, (t0)
        li      s11, 10
        bnez    t1, wrong               # its contents were to be gone
        li      t0, PAGE
        add     s3, s3, t0
        addi    s2, s2, -1
        bnez    s2, 2b
        call    publish                 # and now the marks
        li      a0, THREADS
        mv      a1, s1
        call    await_threads
        li      s2, 0
3:      slli    t0, s2, 4
        add     t0, t0, s0
        li      t1, PAGES
4:      ld      t2, MARK(t0)
        li      s11, 11
        bne     t2, s1, wrong           # it has gone into the page that was there before
        li      t3, PAGE
        add     t0, t0, t3
        addi    t1, t1, -1
        bnez    t1, 4b
        addi    s2, s2, 1
        li      t0, THREADS
        bne     s2, t0, 3b
        li      t0, ROUNDS
        bne     s1, t0, next_round
        li      a0, THREADS
        call    join_threads
        j       fine

store:
        ld      t0, NUMBER(tp)
        slli    t0, t0, 4
        add     s0, s0, t0
        li      s1, 0                   # the last mark
        li      s2, 0
1:      ld      t0, ready
        bne     t0, s1, 4f
        addi    s2, s2, 1
        mv      s3, s0
        li      s4, PAGES
2:      sd      s2, NOISE(s3)
        ld      t0, NOISE(s3)
        beq     t0, s2, 3f
        li      s11, 12
        bnez    t0, wrong               # neither what it has stored nor a new page
3:      li      t0, PAGE
        add     s3, s3, t0
        addi    s4, s4, -1
        bnez    s4, 2b
        andi    t0, s2, SPINS - 1
        bnez    t0, 1b
        li      a7, SCHED_YIELD
        ecall
        j       1b
4:      mv      s1, t0
        mv      s3, s0
        li      s4, PAGES
5:      sd      s1, MARK(s3)
        li      t0, PAGE
        add     s3, s3, t0
        addi    s4, s4, -1
        bnez    s4, 5b
        fence   w, w
        sd      s1, DONE(tp)
        li      t0, ROUNDS
        bne     s1, t0, 1b
        j       end_thread
