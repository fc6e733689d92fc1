# squeeze: a thread maps most of the memory that there is, each time elsewhere, and gives it back, while others read it.
#
# The machine has to be small. Memory must never run out: what was given back comes back in time.
        .equ    THREADS, 2
        .equ    ROUNDS, 5
        .equ    PAGES, 80
        .equ    AWAY, 0x200000
        .globl  _start
_start:
        li      a0, SIGSEGV
        la      a1, on_gone
        call    catch
        li      a0, THREADS
        la      a1, read
        call    start_threads
        li      s0, FAR
        li      s1, 0
next_round:
        addi    s1, s1, 1
        call    begin
        li      t0, 1
        beq     s1, t0, 1f
        mv      a0, s0
        li      a1, PAGES * PAGE
        li      a7, MUNMAP
        call    must
        li      t0, AWAY
        add     s0, s0, t0
1:      mv      a0, s0
        li      a1, PAGES * PAGE
        li      a2, READ_WRITE
        li      a3, PRIVATE | ANONYMOUS
        call    map
        mv      a0, s0
        call    write_round
        la      t0, place
        sd      s0, (t0)
        call    publish
        li      a0, THREADS
        mv      a1, s1
        call    await_threads
        li      t0, ROUNDS
        bne     s1, t0, next_round
        li      a0, THREADS
        call    join_threads
        j       fine

read:
        la      a0, ready
        li      a1, 1
        call    await
        la      s9, 1f                  # where it goes on after a fault
1:      ld      s2, ready
        fence   r, r
        ld      s3, place
        li      s4, PAGES
2:      ld      s5, (s3)                # may fault
        li      s11, 10
        bltu    s5, s2, wrong           # of an earlier round
        li      t0, PAGE
        add     s3, s3, t0
        addi    s4, s4, -1
        bnez    s4, 2b
        sd      s2, DONE(tp)
        li      t0, ROUNDS
        beq     s2, t0, end_thread
        addi    s6, s6, 1
        andi    t0, s6, SPINS - 1
        bnez    t0, 1b
        li      a7, SCHED_YIELD
        ecall
        j       1b

on_gone:
        li      s11, 11
        ld      t0, SI_ADDR(a1)
        bne     t0, s3, wrong
        ld      t0, begun
        bleu    t0, s2, wrong
        sd      s9, SAVED_PC(a2)
        li      a7, SCHED_YIELD
        ecall
        ret

        .bss
        .balign 64
place:  .space  64
