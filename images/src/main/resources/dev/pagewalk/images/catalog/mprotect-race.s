# mprotect-race: one thread takes the right to write away while others write, and after that no store gets through.
#
# Arguments: threads that write, rounds. Each of them stores into the pages without end. When the pages have become
# read-only its next store is a fault, and the handler of SIGSEGV sleeps until they are writable again. Meanwhile the
# first thread looks at the pages twice: nothing may have changed.
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    EXIT_GROUP, 94
        .equ    FUTEX, 98
        .equ    SCHED_YIELD, 124
        .equ    RT_SIGACTION, 134
        .equ    CLONE, 220
        .equ    MPROTECT, 226
        .equ    FUTEX_WAIT, 0
        .equ    FUTEX_WAKE, 1
        .equ    PRIVATE, 128            # FUTEX_PRIVATE_FLAG: nobody outside this process waits
        # CLONE_VM, _FS, _FILES, _SIGHAND, _THREAD, _SYSVSEM: one process. _SETTLS: tp is given. _PARENT_SETTID and
        # _CHILD_CLEARTID: the kernel writes the thread's id and clears it.
        .equ    THREAD, 0x100 | 0x200 | 0x400 | 0x800 | 0x10000 | 0x40000 | 0x80000 | 0x100000 | 0x200000
        .equ    READ_ONLY, 1            # PROT_READ
        .equ    READ_WRITE, 1 | 2       # PROT_READ, PROT_WRITE
        .equ    SIGSEGV, 11
        .equ    SA_SIGINFO, 4
        .equ    SI_CODE, 8              # where siginfo has the reason
        .equ    SI_ADDR, 16             # and the address
        .equ    SEGV_ACCERR, 2          # the address is mapped, but not for this access
        .equ    PAGE, 4096
        .equ    PAGES, 4
        .equ    THREADS, 3
        .equ    MOST_THREADS, 63
        .equ    ROUNDS, 20
        .equ    MOST_ROUNDS, 1000000
        .equ    SPINS, 200              # before a thread gives up its hart
        .equ    STACK_LOG2, 14          # room for what a signal handler saves
        .equ    RECORD_LOG2, 6          # a thread's record: 64 bytes, with
        .equ    ID, 0                   # its id in the kernel
        .equ    NUMBER, 8               # its number here
        .equ    FAULTS, 16              # how often its stores were refused
        .equ    STORES, 24              # and how often it has stored into all pages

        .globl  _start
_start:
        mv      s0, sp
        li      a0, 1
        li      a1, THREADS
        li      a2, MOST_THREADS
        call    argument
        mv      s1, a0                  # threads that write
        li      a0, 2
        li      a1, ROUNDS
        li      a2, MOST_ROUNDS
        call    argument
        mv      s2, a0                  # rounds
        la      s4, records
        slli    t0, s1, RECORD_LOG2
        add     s5, s4, t0              # where the records end

        li      a0, SIGSEGV
        la      a1, action
        li      a2, 0                   # the old action does not matter
        li      a3, 8                   # bytes in a set of signals
        li      a7, RT_SIGACTION
        ecall
        la      s11, no_handler
        bnez    a0, wrong
        li      s3, 0
1:      mv      a0, s3
        call    start_thread
        addi    s3, s3, 1
        bne     s3, s1, 1b

        li      s3, 0                   # the round
next_round:
        addi    s3, s3, 1
        li      a0, STORES
        call    await_change            # all are at it

        la      t0, closed              # said before it happens: a handler that finds the pages open goes back
        li      t1, 1
        amoswap.w.aqrl zero, t1, (t0)
        li      a2, READ_ONLY
        call    protect
        la      a0, copy                # from here on nothing may change any more
        call    look
        mv      t0, s4                  # until every thread has been stopped by a fault
1:      li      t1, SPINS
2:      ld      t2, FAULTS(t0)
        beq     t2, s3, 3f
        addi    t1, t1, -1
        bnez    t1, 2b
        li      a7, SCHED_YIELD         # it may be waiting for a hart
        ecall
        j       1b
3:      addi    t0, t0, 1 << RECORD_LOG2
        bne     t0, s5, 1b
        la      a0, copy_afterwards
        call    look
        la      s11, late_store
        la      t0, copy
        la      t1, copy_afterwards
        li      t2, PAGES * MOST_THREADS
4:      ld      t3, (t0)
        ld      t4, (t1)
        bne     t3, t4, wrong           # a store went into a page that was read-only
        addi    t0, t0, 8
        addi    t1, t1, 8
        addi    t2, t2, -1
        bnez    t2, 4b

        li      a2, READ_WRITE
        call    protect
        la      a0, closed
        amoswap.w.aqrl zero, zero, (a0)
        li      a1, FUTEX_WAKE | PRIVATE
        li      a2, MOST_THREADS        # all that sleep in the handler
        li      a7, FUTEX
        ecall
        bne     s3, s2, next_round

        la      t0, ending
        li      t1, 1
        sw      t1, (t0)
        li      s3, 0
        li      s6, 0                   # faults of all
5:      mv      a0, s3
        call    join_thread
        slli    t0, s3, RECORD_LOG2
        add     t0, t0, s4
        ld      t1, FAULTS(t0)
        add     s6, s6, t1
        addi    s3, s3, 1
        bne     s3, s1, 5b

        mv      a0, s1
        call    print_number
        la      a0, threads_text
        call    print
        mv      a0, s2
        call    print_number
        la      a0, rounds_text
        call    print
        mv      a0, s6
        call    print_number
        la      a0, faults_text
        call    print
        la      s11, bad_count
        mul     t0, s1, s2
        bne     s6, t0, wrong
        li      a0, 0
        li      a7, EXIT_GROUP
        ecall

# Waits until the number at offset a0 of every record is another.
await_change:
        mv      t0, s4
1:      add     t1, t0, a0
        ld      t2, (t1)
2:      li      t3, SPINS
3:      ld      t4, (t1)
        bne     t4, t2, 4f
        addi    t3, t3, -1
        bnez    t3, 3b
        mv      t5, a0
        li      a7, SCHED_YIELD         # the thread may be waiting for a hart
        ecall
        mv      a0, t5
        j       2b
4:      addi    t0, t0, 1 << RECORD_LOG2
        bne     t0, s5, 1b
        ret

# Gives the pages the rights a2.
protect:
        la      a0, pages
        li      a1, PAGES * PAGE
        li      a7, MPROTECT
        ecall
        la      s11, no_rights
        bnez    a0, wrong
        ret

# Copies what the threads have stored in each page to a0.
look:
        la      t0, pages
        li      t1, PAGES
1:      li      t2, MOST_THREADS
        mv      t3, t0
2:      ld      t4, (t3)
        sd      t4, (a0)
        addi    t3, t3, 8
        addi    a0, a0, 8
        addi    t2, t2, -1
        bnez    t2, 2b
        li      t2, PAGE
        add     t0, t0, t2
        addi    t1, t1, -1
        bnez    t1, 1b
        ret

thread_main:
        la      s6, pages
        ld      t0, NUMBER(tp)
        slli    t0, t0, 3
        add     s6, s6, t0              # its place in the first page
        li      s7, PAGES * PAGE
        add     s7, s7, s6
        li      s8, PAGE
        li      s3, 0                   # what it stores
        la      s11, lost_store
1:      li      s9, SPINS
2:      addi    s3, s3, 1
        mv      s10, s6
3:      sd      s3, (s10)               # may fault: the handler runs, then this store once more
        ld      t0, (s10)
        bne     t0, s3, wrong
        add     s10, s10, s8
        bne     s10, s7, 3b
        sd      s3, STORES(tp)
        lw      t0, ending
        bnez    t0, 4f
        addi    s9, s9, -1
        bnez    s9, 2b
        li      a7, SCHED_YIELD
        ecall
        j       1b
4:      li      a0, 0
        li      a7, EXIT
        ecall                           # ends this thread only

# The handler of SIGSEGV: a0 = the signal, a1 = siginfo, a2 = the saved registers. It may use every register but ra and
# sp, because its return restores them all; until it changes them they hold what the interrupted thread had there.
on_fault:
        la      s11, bad_reason
        lw      t0, SI_CODE(a1)
        li      t1, SEGV_ACCERR
        bne     t0, t1, wrong
        la      s11, bad_address
        ld      t0, SI_ADDR(a1)
        bne     t0, s10, wrong          # the kernel names the very address of the store
        ld      t0, FAULTS(tp)
        addi    t0, t0, 1
        fence   rw, w
        sd      t0, FAULTS(tp)
1:      la      a0, closed
        lw      t0, (a0)
        beqz    t0, 2f
        li      a1, FUTEX_WAIT | PRIVATE
        li      a2, 1                   # sleep, if this still stands there
        li      a3, 0                   # for as long as it takes
        li      a7, FUTEX
        ecall
        j       1b
2:      fence   r, rw
        ret                             # to rt_sigreturn, which goes back to the store

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
        .balign 8
action: .dword  on_fault, SA_SIGINFO, 0 # handler, flags, signals blocked meanwhile
threads_text:
        .asciz  " threads, "
rounds_text:
        .asciz  " rounds: "
faults_text:
        .asciz  " stores refused, none got through\n"
usage_text:
        .asciz  "usage: mprotect-race [THREADS up to 63 [ROUNDS up to 1000000]]\n"
no_handler:
        .asciz  "wrong: no handler\n"
no_thread:
        .asciz  "wrong: no thread\n"
no_rights:
        .asciz  "wrong: no mprotect\n"
late_store:
        .asciz  "wrong: a store got through after mprotect\n"
lost_store:
        .asciz  "wrong: a store was lost\n"
bad_reason:
        .asciz  "wrong: the reason of the fault\n"
bad_address:
        .asciz  "wrong: the address of the fault\n"
bad_count:
        .asciz  "wrong: not one fault for each thread and round\n"

        .bss
        .balign PAGE
pages:  .space  PAGES * PAGE
closed: .space  64                      # 1 where the pages are read-only, or about to be
ending: .space  64                      # 1 where the threads are to end
records:
        .space  MOST_THREADS << RECORD_LOG2
copy:   .space  PAGES * MOST_THREADS * 8
copy_afterwards:
        .space  PAGES * MOST_THREADS * 8
        .balign 16
stacks: .space  MOST_THREADS << STACK_LOG2
