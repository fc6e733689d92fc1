# producer-consumer: producers hand numbers to consumers through a ring of eight slots, and each arrives exactly once.
#
# Arguments: producers, consumers, numbers from each producer. Two semaphores count the free and the full slots; who finds
# none sleeps on the count with the futex call. Ends of the ring are taken one at a time, under a semaphore that counts
# to one.
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    EXIT_GROUP, 94
        .equ    FUTEX, 98
        .equ    CLONE, 220
        .equ    FUTEX_WAIT, 0
        .equ    FUTEX_WAKE, 1
        .equ    PRIVATE, 128            # FUTEX_PRIVATE_FLAG: nobody outside this process waits
        # CLONE_VM, _FS, _FILES, _SIGHAND, _THREAD, _SYSVSEM: one process. _SETTLS: tp is given. _PARENT_SETTID and
        # _CHILD_CLEARTID: the kernel writes the thread's id and clears it.
        .equ    THREAD, 0x100 | 0x200 | 0x400 | 0x800 | 0x10000 | 0x40000 | 0x80000 | 0x100000 | 0x200000
        .equ    PRODUCERS, 2
        .equ    CONSUMERS, 2
        .equ    MOST_THREADS, 32        # of each kind
        .equ    NUMBERS, 300
        .equ    MOST_NUMBERS, 1000000
        .equ    SLOTS, 8
        .equ    STACK_LOG2, 12
        .equ    RECORD_LOG2, 6          # a thread's record: 64 bytes, with
        .equ    ID, 0                   # its id in the kernel
        .equ    NUMBER, 8               # its number here
        .equ    SUM, 16                 # and of what a consumer got the sum
        .equ    COUNT, 24               # and the count
        .equ    WAITING, 4              # in a semaphore: how many may sleep

        .globl  _start
_start:
        mv      s0, sp
        li      a0, 1
        li      a1, PRODUCERS
        li      a2, MOST_THREADS
        call    argument
        mv      s1, a0                  # producers
        li      a0, 2
        li      a1, CONSUMERS
        li      a2, MOST_THREADS
        call    argument
        mv      s2, a0                  # consumers
        li      a0, 3
        li      a1, NUMBERS
        li      a2, MOST_NUMBERS
        call    argument
        mv      s3, a0                  # numbers from each producer
        add     s4, s1, s2              # threads: the producers come first

        li      s5, 0
1:      mv      a0, s5
        call    start_thread
        addi    s5, s5, 1
        bne     s5, s4, 1b
        li      s5, 0
2:      mv      a0, s5
        call    join_thread
        addi    s5, s5, 1
        bne     s5, s1, 2b

        mv      s6, s2                  # the producers are done: one zero for each consumer
3:      li      a0, 0
        call    put
        addi    s6, s6, -1
        bnez    s6, 3b
        li      s6, 0                   # the sum of what has arrived
        li      s7, 0                   # and the count
4:      mv      a0, s5
        call    join_thread
        la      t0, records
        slli    t1, s5, RECORD_LOG2
        add     t0, t0, t1
        ld      t1, SUM(t0)
        add     s6, s6, t1
        ld      t1, COUNT(t0)
        add     s7, s7, t1
        addi    s5, s5, 1
        bne     s5, s4, 4b

        mv      a0, s1
        call    print_number
        la      a0, producers_text
        call    print
        mv      a0, s2
        call    print_number
        la      a0, consumers_text
        call    print
        mv      a0, s7
        call    print_number
        la      a0, sum_text
        call    print
        mv      a0, s6
        call    print_number
        la      a0, newline
        call    print
        la      s11, bad_count
        mul     t0, s1, s3
        bne     s7, t0, wrong
        la      s11, bad_sum
        addi    t1, t0, 1
        mul     t0, t0, t1
        srli    t0, t0, 1               # 1 + 2 + ... + count
        bne     s6, t0, wrong
        li      a0, 0
        li      a7, EXIT_GROUP
        ecall

thread_main:
        ld      s5, NUMBER(tp)
        bgeu    s5, s1, consumer

        mul     s6, s5, s3              # this producer's numbers follow those of the one before it
        add     s7, s6, s3
1:      addi    s6, s6, 1
        mv      a0, s6
        call    put
        bne     s6, s7, 1b
        j       end_thread

consumer:
        li      s6, 0                   # the sum
        li      s7, 0                   # the count
1:      call    get
        beqz    a0, 2f
        add     s6, s6, a0
        addi    s7, s7, 1
        j       1b
2:      sd      s6, SUM(tp)
        sd      s7, COUNT(tp)
end_thread:
        li      a0, 0
        li      a7, EXIT
        ecall

# Puts a0 into the ring; waits while that is full.
put:
        mv      s10, ra
        mv      s9, a0
        la      a0, free_slots
        call    take_one
        la      a0, tail_turn
        call    take_one
        la      t0, tail
        ld      t1, (t0)
        addi    t2, t1, 1
        sd      t2, (t0)
        la      t3, ring
        andi    t1, t1, SLOTS - 1
        slli    t1, t1, 3
        add     t3, t3, t1
        sd      s9, (t3)
        la      a0, tail_turn
        call    give_one
        la      a0, full_slots
        call    give_one
        jr      s10

# Takes a number out of the ring into a0; waits while that is empty.
get:
        mv      s10, ra
        la      a0, full_slots
        call    take_one
        la      a0, head_turn
        call    take_one
        la      t0, head
        ld      t1, (t0)
        addi    t2, t1, 1
        sd      t2, (t0)
        la      t3, ring
        andi    t1, t1, SLOTS - 1
        slli    t1, t1, 3
        add     t3, t3, t1
        ld      s9, (t3)
        la      a0, head_turn
        call    give_one
        la      a0, free_slots
        call    give_one
        mv      a0, s9
        jr      s10

# Takes one from the semaphore at a0; sleeps while there is none.
take_one:
        mv      t3, a0
        addi    t4, a0, WAITING
        li      t5, 1
        li      t6, -1
1:      lr.w.aq t0, (t3)
        beqz    t0, 2f
        addi    t0, t0, -1
        sc.w    t1, t0, (t3)
        bnez    t1, 1b
        ret
2:      amoadd.w.aqrl zero, t5, (t4)    # said before the kernel looks at the count: give_one looks in the other order
        mv      a0, t3
        li      a1, FUTEX_WAIT | PRIVATE
        li      a2, 0                   # sleep, if there is still none
        li      a3, 0                   # for as long as it takes
        li      a7, FUTEX
        ecall
        amoadd.w.aqrl zero, t6, (t4)
        j       1b

# Gives one to the semaphore at a0, and wakes one who sleeps there.
give_one:
        li      t0, 1
        amoadd.w.aqrl zero, t0, (a0)
        fence   rw, rw
        lw      t1, WAITING(a0)
        beqz    t1, 1f
        li      a1, FUTEX_WAKE | PRIVATE
        li      a2, 1                   # one of those that sleep
        li      a7, FUTEX
        ecall
1:      ret

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
producers_text:
        .asciz  " producers, "
consumers_text:
        .asciz  " consumers: "
sum_text:
        .asciz  " numbers arrived, their sum is "
newline:
        .asciz  "\n"
usage_text:
        .asciz  "usage: producer-consumer [PRODUCERS up to 32 [CONSUMERS up to 32 [NUMBERS up to 1000000]]]\n"
no_thread:
        .asciz  "wrong: no thread\n"
bad_count:
        .asciz  "wrong: not as many as were sent\n"
bad_sum:
        .asciz  "wrong: not what was sent\n"

        .data
        .balign 64                      # semaphores: how many there are to take, how many may sleep
free_slots:
        .word   SLOTS, 0
        .balign 64
full_slots:
        .word   0, 0
        .balign 64
tail_turn:
        .word   1, 0
        .balign 64
head_turn:
        .word   1, 0
        .balign 64
tail:   .dword  0                       # numbers put in so far
        .balign 64
head:   .dword  0                       # and taken out

        .bss
        .balign 64
ring:   .space  8 * SLOTS
        .balign 64
records:
        .space  2 * MOST_THREADS << RECORD_LOG2
        .balign 16
stacks: .space  2 * MOST_THREADS << STACK_LOG2
