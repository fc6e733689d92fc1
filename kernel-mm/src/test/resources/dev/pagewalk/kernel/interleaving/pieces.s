# pieces: huge pages are cut to pieces, while threads count in them: some pieces change their rights, go, or are shared
# with a child for a while.
#
# In every round there is another huge page. The machine has to give them.
        .equ    THREADS, 2
        .equ    ROUNDS, 4
        .equ    PAGES, 1
        .equ    HUGE, 0x200000
        .equ    COUNTED, 32             # in a thread's record: how often it has been through its places
        .globl  _start
_start:
        li      a0, SIGSEGV
        la      a1, on_refused
        call    catch
        li      s0, FAR
        li      a0, THREADS
        la      a1, count
        call    start_threads
        li      s1, 0
next_round:
        addi    s1, s1, 1
        mv      a0, s0
        li      a1, HUGE
        li      a2, READ_WRITE
        li      a3, PRIVATE | ANONYMOUS
        call    map
        la      t0, place
        sd      s0, (t0)
        call    publish
        li      a0, THREADS             # all have begun to count there
        mv      a1, s1
        call    await_threads
        andi    t0, s1, 3
        li      t1, 1
        beq     t0, t1, unmap
        li      t1, 2
        beq     t0, t1, discard
        li      t1, 3
        beq     t0, t1, protect

        call    fork                    # all of it becomes copy-on-write
        bnez    a0, 1f
        li      a0, 0
        li      a7, EXIT_GROUP
        ecall
1:      li      a1, 0
        call    reap
        j       next

protect:                                # a piece in which they count, twice
        li      s6, 2
once_more:
        li      t0, 5 * PAGE
        add     a0, s0, t0
        li      a1, PAGE
        li      a2, READ_ONLY
        li      a7, MPROTECT
        call    must
        li      t0, 5 * PAGE
        add     a0, s0, t0
        ld      s2, (a0)
        ld      s3, 8(a0)
        li      a7, SCHED_YIELD
        ecall
        li      t0, 5 * PAGE
        add     a0, s0, t0
        li      s11, 10
        ld      t0, (a0)
        bne     s2, t0, wrong           # a store got through
        ld      t0, 8(a0)
        bne     s3, t0, wrong
        li      a1, PAGE
        li      a2, READ_WRITE
        li      a7, MPROTECT
        call    must
        addi    s6, s6, -1
        beqz    s6, next
        la      a0, records             # all have stored there again
        ld      a1, COUNTED(a0)
        addi    a1, a1, 1
        addi    a0, a0, COUNTED
        call    await
        la      a0, records + (1 << RECORD_LOG2)
        ld      a1, COUNTED(a0)
        addi    a1, a1, 1
        addi    a0, a0, COUNTED
        call    await
        j       once_more

unmap:                                  # two pieces beside it; the second one is a small page by then
        li      t0, 7 * PAGE
        add     a0, s0, t0
        li      a1, PAGE
        li      a7, MUNMAP
        call    must
        li      t0, 6 * PAGE
        add     a0, s0, t0
        sd      s1, (a0)
        li      a1, PAGE
        li      a7, MUNMAP
        call    must
        j       next

discard:                                # a piece beside it, twice: the second time it is a small page already
        li      s6, 2
        li      t0, 4 * PAGE
        add     s2, s0, t0
1:      sd      s1, (s2)
        mv      a0, s2
        li      a1, PAGE
        li      a2, DONTNEED
        li      a7, MADVISE
        call    must
        ld      t0, (s2)
        li      s11, 11
        bnez    t0, wrong
        addi    s6, s6, -1
        bnez    s6, 1b

next:
        la      t0, begun               # the round is over
        sd      s1, (t0)
        li      t0, 2
        bltu    s1, t0, 2f
        la      a0, records             # who is in this round does not need the place of the last one
        li      t0, HUGE
        sub     a0, s0, t0
        mv      a1, t0
        li      a7, MUNMAP
        call    must
2:      li      t0, HUGE
        add     s0, s0, t0
        li      t0, ROUNDS
        bne     s1, t0, next_round
        li      a0, THREADS
        call    join_threads
        j       fine

count:
        ld      s4, NUMBER(tp)
        slli    s4, s4, 3
        li      s1, 0
next_place:
        addi    s1, s1, 1
        la      a0, ready
        mv      a1, s1
        call    await
        ld      s5, place
        add     s5, s5, s4
        li      t0, 5 * PAGE
        add     s6, s5, t0              # its places in the first page, in the sixth and in the last one
        li      t0, HUGE - PAGE
        add     s7, s5, t0
        li      s3, 0
1:      li      s11, 12
        mv      s8, s5
        call    step
        mv      s8, s6
        call    step
        mv      s8, s7
        call    step
        addi    s3, s3, 1
        ld      t0, COUNTED(tp)
        addi    t0, t0, 1
        sd      t0, COUNTED(tp)
        sd      s1, DONE(tp)
        ld      t0, begun
        bgeu    t0, s1, 2f
        andi    t0, s3, SPINS - 1
        bnez    t0, 1b
        li      a7, SCHED_YIELD
        ecall
        j       1b
2:      li      t0, ROUNDS
        bne     s1, t0, next_place
        j       end_thread

step:
        ld      t0, (s8)
        bne     t0, s3, wrong
        addi    t0, t0, 1
        sd      t0, (s8)                # may fault
        ret

# Only the piece that is read-only for a while may fault.
on_refused:
        li      s11, 13
        ld      t0, SI_ADDR(a1)
        bne     t0, s6, wrong
        li      a7, SCHED_YIELD
        ecall
        ret

        .bss
        .balign 64
place:  .space  64
