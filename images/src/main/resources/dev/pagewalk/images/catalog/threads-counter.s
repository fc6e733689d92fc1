# threads-counter: threads count together under a lock on which they sleep while another has it, and no step is lost.
#
# Arguments: threads, steps of each. The lock is a word: 0 free, 1 taken, 2 taken and somebody may sleep. Only for the
# last one the kernel is needed; its futex call looks at the word once more before it puts a thread to sleep.
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    EXIT_GROUP, 94
        .equ    FUTEX, 98
        .equ    CLONE, 220
        .equ    MMAP, 222
        .equ    MPROTECT, 226
        .equ    FUTEX_WAIT, 0
        .equ    FUTEX_WAKE, 1
        .equ    PRIVATE, 128            # FUTEX_PRIVATE_FLAG: nobody outside this process waits
        # CLONE_VM, _FS, _FILES, _SIGHAND, _THREAD, _SYSVSEM: one process. _SETTLS: tp is given. _PARENT_SETTID and
        # _CHILD_CLEARTID: the kernel writes the thread's id and clears it.
        .equ    THREAD, 0x100 | 0x200 | 0x400 | 0x800 | 0x10000 | 0x40000 | 0x80000 | 0x100000 | 0x200000
        .equ    PROT_NONE, 0
        .equ    READ_WRITE, 1 | 2       # PROT_READ, PROT_WRITE
        .equ    PRIVATE_ANONYMOUS, 0x02 | 0x20
        .equ    PAGE, 4096
        .equ    STACK, 4 * PAGE         # a guard page, and three to use
        .equ    THREADS, 4
        .equ    MOST_THREADS, 64
        .equ    STEPS, 500
        .equ    MOST_STEPS, 1000000
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
        li      a1, STEPS
        li      a2, MOST_STEPS
        call    argument
        mv      s2, a0                  # steps of each

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
        la      a0, steps_text
        call    print
        ld      a0, counter
        call    print_number
        la      a0, newline
        call    print
        la      s11, bad_counter
        mul     t0, s1, s2
        ld      t1, counter
        bne     t0, t1, wrong
        li      a0, 0
        li      a7, EXIT_GROUP
        ecall

thread_main:
        la      s3, lock_word
        la      s4, counter
1:      mv      a0, s3
        call    lock
        ld      t0, (s4)                # not atomic: without the lock, steps would be lost
        addi    t0, t0, 1
        sd      t0, (s4)
        mv      a0, s3
        call    unlock
        addi    s2, s2, -1
        bnez    s2, 1b
        li      a0, 0
        li      a7, EXIT
        ecall                           # ends this thread only

# Takes the lock at a0.
lock:
        li      t0, 1
1:      lr.w.aq t1, (a0)                # what comes later is not done before this
        bnez    t1, 2f
        sc.w    t2, t0, (a0)
        bnez    t2, 1b
        ret
2:      mv      t0, a0
        li      t1, 2
3:      amoswap.w.aq t2, t1, (t0)
        beqz    t2, 4f                  # it was free: now it is ours
        mv      a0, t0
        li      a1, FUTEX_WAIT | PRIVATE
        li      a2, 2                   # sleep, if this still stands there
        li      a3, 0                   # for as long as it takes
        li      a7, FUTEX
        ecall
        j       3b
4:      ret

# Gives the lock at a0 back.
unlock:
        amoswap.w.rl t0, zero, (a0)     # what came before is done before this
        li      t1, 2
        bne     t0, t1, 1f
        li      a1, FUTEX_WAKE | PRIVATE
        li      a2, 1                   # one of those that sleep
        li      a7, FUTEX
        ecall
1:      ret

# Starts the thread with the number a0 at thread_main, with tp at its record and sp at a new stack. It finds the s
# registers as they are here.
start_thread:
        la      s8, records
        slli    t0, a0, RECORD_LOG2
        add     s8, s8, t0              # its tp
        sd      a0, NUMBER(s8)
        la      s11, no_stack
        li      a0, 0                   # anywhere
        li      a1, STACK
        li      a2, PROT_NONE
        li      a3, PRIVATE_ANONYMOUS
        li      a4, -1                  # no file
        li      a5, 0
        li      a7, MMAP
        ecall
        bltz    a0, wrong
        mv      s9, a0
        li      t0, PAGE                # the lowest page stays out of reach: it is the guard, on which a stack that has
        add     a0, s9, t0              # grown too large faults before it reaches its neighbour
        li      a1, STACK - PAGE
        li      a2, READ_WRITE
        li      a7, MPROTECT
        ecall
        bnez    a0, wrong

        li      a0, THREAD
        li      t0, STACK
        add     a1, s9, t0              # its sp: a stack grows downwards
        addi    a2, s8, ID              # where the kernel writes the thread's id now
        mv      a3, s8
        mv      a4, a2                  # and a zero, with a wake-up, when it has ended
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
steps_text:
        .asciz  " steps each: "
newline:
        .asciz  "\n"
usage_text:
        .asciz  "usage: threads-counter [THREADS up to 64 [STEPS up to 1000000]]\n"
no_stack:
        .asciz  "wrong: no stack\n"
no_thread:
        .asciz  "wrong: no thread\n"
bad_counter:
        .asciz  "wrong: that is not the product\n"

        .bss
        .balign 64
records:
        .space  MOST_THREADS << RECORD_LOG2
        .balign 64                      # each in a cache line of its own
counter:
        .space  64
lock_word:
        .space  64
