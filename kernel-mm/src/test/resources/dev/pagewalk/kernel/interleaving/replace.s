# replace: a thread puts new pages where others were, in four ways, while others read there.
        .equ    THREADS, 2
        .equ    ROUNDS, 8
        .equ    PAGES, 3
        .globl  _start
_start:
        li      a0, SIGSEGV
        la      a1, on_missing
        call    catch
        li      s0, FAR
        li      a0, THREADS
        la      a1, read_pages
        call    start_threads
        li      s1, 0
next_round:
        addi    s1, s1, 1
        call    begin
        andi    t0, s1, 3
        li      t1, 1
        beq     t0, t1, unmap_first
        li      t1, 2
        beq     t0, t1, map_over
        li      t1, 3
        beq     t0, t1, discard

        li      t0, PAGES * PAGE        # move others there, which are written already
        add     a0, s0, t0
        mv      s2, a0
        li      a1, PAGES * PAGE
        li      a2, READ_WRITE
        li      a3, PRIVATE | ANONYMOUS
        call    map
        mv      a0, s2
        call    write_round
        mv      a0, s2
        li      a1, PAGES * PAGE
        mv      a2, a1
        li      a3, MOVE_TO
        mv      a4, s0
        li      a7, MREMAP
        ecall
        li      s11, 10
        bne     a0, s0, wrong
        j       written

discard:
        mv      a0, s0
        li      a1, PAGES * PAGE
        li      a2, DONTNEED
        li      a7, MADVISE
        call    must
        j       write

unmap_first:
        mv      a0, s0
        li      a1, PAGES * PAGE
        li      a7, MUNMAP
        call    must
map_over:
        mv      a0, s0
        li      a1, PAGES * PAGE
        li      a2, READ_WRITE
        li      a3, PRIVATE | ANONYMOUS
        call    map
write:
        mv      a0, s0
        call    write_round
written:
        call    publish
        li      a0, THREADS
        mv      a1, s1
        call    await_threads
        li      t0, ROUNDS
        bne     s1, t0, next_round
        li      a0, THREADS
        call    join_threads
        j       fine
