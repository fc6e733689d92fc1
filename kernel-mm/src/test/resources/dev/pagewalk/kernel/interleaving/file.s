# file: a file that threads and another process have mapped is truncated, and grows again.
        .equ    THREADS, 2
        .equ    ROUNDS, 4
        .equ    PAGES, 2
        .equ    CREATE, 0102            # O_RDWR, O_CREAT
        .equ    HERE, -100              # AT_FDCWD
        .globl  _start
_start:
        call    share_control
        li      a0, SIGBUS
        la      a1, on_missing
        call    catch
        li      a0, HERE
        la      a1, path
        li      a2, CREATE
        li      a3, 0600
        li      a7, OPENAT
        ecall
        li      s11, 10
        bltz    a0, wrong
        mv      s2, a0
        li      s0, FAR
        mv      a4, a0
        mv      a0, s0
        li      a1, PAGES * PAGE
        li      a2, READ_WRITE
        li      a3, SHARED | FIXED
        li      a5, 0
        li      a7, MMAP
        ecall
        bne     a0, s0, wrong
        call    fork
        beqz    a0, child
        mv      s6, a0
        li      a0, THREADS
        la      a1, read_pages
        call    start_threads
        li      s1, 0
next_round:
        addi    s1, s1, 1
        call    begin
        mv      a0, s2
        li      a1, 0
        li      a7, FTRUNCATE
        call    must
        mv      a0, s2
        li      a1, PAGES * PAGE
        li      a7, FTRUNCATE
        call    must
        mv      a0, s0
        call    write_round
        call    publish
        li      a0, THREADS + 1
        mv      a1, s1
        call    await_threads
        li      t0, ROUNDS
        bne     s1, t0, next_round
        li      a0, THREADS
        call    join_threads
        mv      a0, s6
        li      a1, 0
        call    reap
        j       fine

child:
        la      tp, records
        addi    tp, tp, THREADS << RECORD_LOG2
        j       read_pages              # which ends this process, too

        .section .rodata
path:   .asciz  "/shared"
