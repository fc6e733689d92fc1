# barrier: threads meet at a sense-reversing barrier of atomic additions again and again, and nobody runs ahead.
#
# Arguments: threads, rounds. In each round every thread writes the round's number, waits for the others, and reads what
# they wrote. The barrier needs no reset between rounds: it opens with 1 once and with 0 the next time.
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    EXIT_GROUP, 94
        .equ    FUTEX, 98
        .equ    SCHED_YIELD, 124
        .equ    CLONE, 220
        .equ    FUTEX_WAIT, 0
        # CLONE_VM, _FS, _FILES, _SIGHAND, _THREAD, _SYSVSEM: one process. _SETTLS: tp is given. _PARENT_SETTID and
        # _CHILD_CLEARTID: the kernel writes the thread's id and clears it.
        .equ    THREAD, 0x100 | 0x200 | 0x400 | 0x800 | 0x10000 | 0x40000 | 0x80000 | 0x100000 | 0x200000
        .equ    THREADS, 4
        .equ    MOST_THREADS, 64
        .equ    ROUNDS, 100
        .equ    MOST_ROUNDS, 1000000
        .equ    SPINS, 500              # before a thread gives up its hart
        .equ    STACK_LOG2, 12
        .equ    RECORD_LOG2, 6          # a thread's record: 64 bytes, with
        .equ    ID, 0                   # its id in the kernel
        .equ    NUMBER, 8               # its number here
        .equ    ROUND, 16               # and the round it is in

        .globl  _start
_start:
        mv      s0, sp
        li      a0, 1
        li      a1, THREADS
        li      a2, MOST_THREADS
        call    argument
        mv      s1, a0                  # threads
        li      a0, 2
        li      a1, ROUNDS
        li      a2, MOST_ROUNDS
        call    argument
        mv      s2, a0                  # rounds
        la      t0, to_come
        sw      s1, (t0)

        li      s3, 0
1:      mv      a0, s3
        call    start_thread
        addi    s3, s3, 1
        bne     s3, s1, 1b
        li      s3, 0
2:      mv      a0, s3
        call    join_thread
        addi    s3, s3, 1
        bne     s3, s1, 2b

        mv      a0, s1
        call    print_number
        la      a0, threads_text
        call    print
        mv      a0, s2
        call    print_number
        la      a0, rounds_text
        call    print
        li      a0, 0
        li      a7, EXIT_GROUP
        ecall

thread_main:
        li      s3, 0                   # the round
        li      s8, 0                   # this thread's sense
        la      s4, records
        slli    t0, s1, RECORD_LOG2
        add     s5, s4, t0              # where the records end
1:      addi    s3, s3, 1
        sd      s3, ROUND(tp)
        call    barrier
        la      s11, apart
        mv      s6, s4
2:      ld      t0, ROUND(s6)
        bne     t0, s3, wrong           # somebody is not in this round
        addi    s6, s6, 1 << RECORD_LOG2
        bne     s6, s5, 2b
        call    barrier                 # all have looked: the next round may begin
        bne     s3, s2, 1b
        li      a0, 0
        li      a7, EXIT
        ecall                           # ends this thread only

# Waits until all threads are here. s8 is this thread's sense, 0 or 1: what the barrier's sense becomes when all are.
barrier:
        la      t0, to_come
        la      t1, sense
        xori    s8, s8, 1
        li      t2, -1
        amoadd.w.aqrl t2, t2, (t0)      # how many were still to come, this one included
        li      t3, 1
        beq     t2, t3, 3f
1:      li      t3, SPINS
2:      lw      t2, (t1)
        beq     t2, s8, 4f
        addi    t3, t3, -1
        bnez    t3, 2b
        li      a7, SCHED_YIELD         # one that is to come may be waiting for a hart
        ecall
        j       1b
3:      sw      s1, (t0)                # the last one: made ready for the next time first,
        amoswap.w.rl zero, s8, (t1)     # and then opened
4:      fence   r, rw                   # what the others stored before is seen from here on
        ret

# Starts the thread with the number a0 at thread_main, with tp at its record and sp at a stack of its own. It finds the
# s registers as they are here.
start_thread:
        la      a3, records
        slli    t0, a0, RECORD_LOG2
        add     a3, a3, t0              # its tp
        sd      a0, NUMBER(a3)
        la      a1, stacks
        addi    t0, a0, 1
        slli    t0, t0, STACK_LOG2
        add     a1, a1, t0              # its sp: the end of its stack, which grows downwards
        addi    a2, a3, ID              # where the kernel writes the thread's id now
        mv      a4, a2                  # and a zero, with a wake-up, when it has ended
        li      a0, THREAD
        li      a7, CLONE
        ecall                           # returns twice
        beqz    a0, thread_main
        la      s11, no_thread
        bltz    a0, wrong
        ret

# Waits until the thread with the number a0 has ended.
join_thread:
        la      t0, records
        slli    a0, a0, RECORD_LOG2
        add     t0, t0, a0
1:      lw      a2, ID(t0)
        beqz    a2, 2f
        addi    a0, t0, ID
        li      a1, FUTEX_WAIT          # sleep, if the id still stands there
        li      a3, 0                   # for as long as it takes
        li      a7, FUTEX
        ecall
        j       1b
2:      fence   r, rw                   # what the thread stored is seen from here on
        ret

# The number that argument a0 gives, or a1 where there is no such argument. It must be between 1 and a2.
argument:
        ld      t0, (s0)                # argc
        bge     a0, t0, 3f
        slli    a0, a0, 3
        add     a0, a0, s0
        ld      t0, 8(a0)               # its text
        li      a1, 0
        li      t1, 10
1:      lbu     t2, (t0)
        beqz    t2, 2f
        addi    t2, t2, -'0'
        bgeu    t2, t1, usage           # not a digit
        mul     a1, a1, t1
        add     a1, a1, t2
        bgtu    a1, a2, usage
        addi    t0, t0, 1
        j       1b
2:      beqz    a1, usage
3:      mv      a0, a1
        ret

usage:  la      a0, usage_text
        call    print
        li      a0, 2
        li      a7, EXIT
        ecall

# Ends all threads, with the reason at s11.
wrong:
        mv      a0, s11
        call    print
        li      a0, 1
        li      a7, EXIT_GROUP
        ecall

# Writes the text at a0, up to its zero byte.
print:
        mv      a2, a0
1:      lbu     t0, (a2)
        addi    a2, a2, 1
        bnez    t0, 1b
        sub     a2, a2, a0
        addi    a2, a2, -1              # the zero byte itself stays out
        mv      a1, a0
        li      a0, 1                   # standard output
        li      a7, WRITE
        ecall
        ret

# Writes a0 as an unsigned decimal number.
print_number:
        addi    sp, sp, -32
        addi    a1, sp, 32              # the digits grow downwards from here
        li      t0, 10
1:      remu    t1, a0, t0
        divu    a0, a0, t0
        addi    t1, t1, '0'
        addi    a1, a1, -1
        sb      t1, (a1)
        bnez    a0, 1b
        addi    a2, sp, 32
        sub     a2, a2, a1
        li      a0, 1                   # standard output
        li      a7, WRITE
        ecall
        addi    sp, sp, 32
        ret

        .section .rodata
threads_text:
        .asciz  " threads, "
rounds_text:
        .asciz  " rounds: always together\n"
usage_text:
        .asciz  "usage: barrier [THREADS up to 64 [ROUNDS up to 1000000]]\n"
no_thread:
        .asciz  "wrong: no thread\n"
apart:  .asciz  "wrong: a thread is in another round\n"

        .bss
        .balign 64                      # each in a cache line of its own
to_come:
        .space  64                      # threads that the barrier waits for
sense:  .space  64                      # what it opened with last
records:
        .space  MOST_THREADS << RECORD_LOG2
        .balign 16
stacks: .space  MOST_THREADS << STACK_LOG2
