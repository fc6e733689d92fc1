# heap: a thread gives heap back to the kernel and takes it again, new, while others read there.
        .equ    THREADS, 2
        .equ    ROUNDS, 4
        .equ    PAGES, 3
        .globl  _start
_start:
        li      a0, SIGSEGV
        la      a1, on_missing
        call    catch
        li      a0, 0
        li      a7, BRK
        ecall
        li      t0, PAGE - 1
        add     s0, a0, t0
        li      t0, -PAGE
        and     s0, s0, t0
        li      a0, THREADS
        la      a1, read_pages
        call    start_threads
        li      s1, 0
next_round:
        addi    s1, s1, 1
        call    begin
        mv      a0, s0
        call    set_break
        li      t0, PAGES * PAGE
        add     a0, s0, t0
        call    set_break
        mv      a0, s0
        call    write_round
        call    publish
        li      a0, THREADS
        mv      a1, s1
        call    await_threads
        li      t0, ROUNDS
        bne     s1, t0, next_round
        li      a0, THREADS
        call    join_threads
        j       fine

set_break:
        mv      t0, a0
        li      a7, BRK
        ecall
        li      s11, 10
        bne     a0, t0, wrong
        ret
