# move: pages move back and forth between two places while threads count in them.
        .equ    THREADS, 2
        .equ    ROUNDS, 6
        .equ    PAGES, 2
        .globl  _start
_start:
        li      a0, SIGSEGV
        la      a1, on_moved
        call    catch
        li      s0, FAR
        li      s5, FAR + 0x200000
        mv      a0, s0
        li      a1, PAGES * PAGE
        li      a2, READ_WRITE
        li      a3, PRIVATE | ANONYMOUS
        call    map
        la      t0, place
        sd      s0, (t0)
        li      a0, THREADS
        la      a1, count
        call    start_threads
        li      s1, 0
next_round:
        addi    s1, s1, 1
        call    publish
        li      a0, THREADS             # all have counted where the pages are now
        mv      a1, s1
        call    await_threads
        mv      a0, s0
        li      a1, PAGES * PAGE
        mv      a2, a1
        li      a3, MOVE_TO
        mv      a4, s5
        li      a7, MREMAP
        ecall
        li      s11, 10
        bne     a0, s5, wrong
        mv      s5, s0
        mv      s0, a0
        la      t0, place
        sd      s0, (t0)
        li      t0, ROUNDS
        bne     s1, t0, next_round
        li      a0, THREADS
        call    join_threads
        li      t1, 0                   # what the threads have left
1:      slli    t0, t1, 3
        add     t0, t0, s0
        la      t2, counts
        slli    t3, t1, 4
        add     t2, t2, t3
        ld      t3, (t2)
        ld      t4, (t0)
        li      s11, 12
        bne     t3, t4, wrong
        li      t5, PAGE
        add     t0, t0, t5
        ld      t3, 8(t2)
        ld      t4, (t0)
        bne     t3, t4, wrong
        addi    t1, t1, 1
        li      t0, THREADS
        bne     t1, t0, 1b
        j       fine

count:
        ld      s4, NUMBER(tp)
        la      s3, counts
        slli    t0, s4, 4
        add     s3, s3, t0
        slli    s4, s4, 3               # its place in a page
        li      s7, 0                   # what it has stored in the first page
        li      s8, 0                   # and in the second one
next_count:
        ld      s6, ready
        la      s9, 1f                  # where it goes on after a fault
1:      ld      s5, place
        add     s5, s5, s4
        ld      t0, (s5)
        li      s11, 11
        bne     t0, s7, wrong
        addi    t1, s7, 1
        sd      t1, (s5)
        mv      s7, t1
        la      s9, 2f
2:      ld      s5, place
        add     s5, s5, s4
        li      t0, PAGE
        add     s5, s5, t0
        ld      t0, (s5)
        bne     t0, s8, wrong
        addi    t1, s8, 1
        sd      t1, (s5)
        mv      s8, t1
        sd      s7, (s3)
        sd      s8, 8(s3)
        sd      s6, DONE(tp)
        li      t0, ROUNDS
        beq     s6, t0, end_thread
        andi    t0, s7, SPINS - 1
        bnez    t0, next_count
        li      a7, SCHED_YIELD
        ecall
        j       next_count

# The pages have moved: the thread looks again where they are.
on_moved:
        li      s11, 13
        ld      t0, SI_ADDR(a1)
        bne     t0, s5, wrong
        sd      s9, SAVED_PC(a2)
        li      a7, SCHED_YIELD
        ecall
        ret

        .bss
        .balign 64
place:  .space  64
counts: .space  MOST_THREADS << 4
