# spinlock: threads take turns under a lock that is spun on, made of load-reserved and store-conditional.
#
# Arguments: threads, turns of each. What the lock protects are two counters that nobody may ever see apart.
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
        .equ    PAGE, 4096
        .equ    THREADS, 4
        .equ    MOST_THREADS, 64
        .equ    TURNS, 1000
        .equ    MOST_TURNS, 1000000
        .equ    SPINS, 200              # before a thread gives up its hart: the lock's owner may be waiting for one
        .equ    STACK_LOG2, 12
        .equ    RECORD_LOG2, 6          # a thread's record: 64 bytes, with
        .equ    ID, 0                   # its id in the kernel
        .equ    NUMBER, 8               # and its number here

        .globl  _start
_start:
        mv      s0, sp
        li      a0, 1
        li      a1, THREADS
        li      a2, MOST_THREADS
        call    argument
        mv      s1, a0                  # threads
        li      a0, 2
        li      a1, TURNS
        li      a2, MOST_TURNS
        call    argument
        mv      s2, a0                  # turns of each

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
        la      a0, turns_text
        call    print
        ld      a0, first_counter
        call    print_number
        la      a0, newline
        call    print
        la      s11, bad_counter
        mul     t0, s1, s2
        ld      t1, first_counter
        bne     t0, t1, wrong
        li      a0, 0
        li      a7, EXIT_GROUP
        ecall

thread_main:
        la      s3, lock_word
        la      s4, first_counter
        la      s5, second_counter
        la      s11, torn
1:      mv      a0, s3
        call    lock
        ld      t0, (s4)
        ld      t1, (s5)
        bne     t0, t1, wrong           # somebody else is between its two stores
        addi    t0, t0, 1
        sd      t0, (s4)
        sd      t0, (s5)
        mv      a0, s3
        call    unlock
        addi    s2, s2, -1
        bnez    s2, 1b
        li      a0, 0
        li      a7, EXIT
        ecall                           # ends this thread only

# Takes the lock at a0.
lock:
        mv      t0, a0
1:      li      t1, SPINS
2:      lr.w.aq t2, (t0)                # a reservation: the store below fails if anybody stores there in between
        bnez    t2, 3f                  # taken
        li      t2, 1
        sc.w    t3, t2, (t0)            # 0 where it has stored
        bnez    t3, 2b
        ret
3:      addi    t1, t1, -1
        bnez    t1, 2b
        li      a7, SCHED_YIELD
        ecall
        j       1b

# Gives the lock at a0 back.
unlock:
        amoswap.w.rl zero, zero, (a0)   # what came before is done before this
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
turns_text:
        .asciz  " turns each: "
newline:
        .asciz  "\n"
usage_text:
        .asciz  "usage: spinlock [THREADS up to 64 [TURNS up to 1000000]]\n"
no_thread:
        .asciz  "wrong: no thread\n"
torn:   .asciz  "wrong: two threads have the lock\n"
bad_counter:
        .asciz  "wrong: that is not the product\n"

        .bss
        .balign PAGE                    # each in a page of its own
first_counter:
        .space  PAGE
second_counter:
        .space  PAGE
lock_word:
        .space  PAGE
records:
        .space  MOST_THREADS << RECORD_LOG2
        .balign 16
stacks: .space  MOST_THREADS << STACK_LOG2
