# cow-race: a process forks while its threads store, and afterwards neither side sees what the other one stores.
#
# Arguments: threads that store, children. Each of the threads writes 1 into its place in each page, one page after the
# other, then 2, and so on. A child has the pages as they were at one moment: later stores of the threads must not
# appear there, and what the child stores must not appear here.
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    EXIT_GROUP, 94
        .equ    FUTEX, 98
        .equ    SCHED_YIELD, 124
        .equ    CLONE, 220
        .equ    WAIT4, 260
        .equ    FUTEX_WAIT, 0
        .equ    SIGCHLD, 17             # clone with nothing but this is fork
        # CLONE_VM, _FS, _FILES, _SIGHAND, _THREAD, _SYSVSEM: one process. _SETTLS: tp is given. _PARENT_SETTID and
        # _CHILD_CLEARTID: the kernel writes the thread's id and clears it.
        .equ    THREAD, 0x100 | 0x200 | 0x400 | 0x800 | 0x10000 | 0x40000 | 0x80000 | 0x100000 | 0x200000
        .equ    PAGE, 4096
        .equ    PAGES, 4
        .equ    THREADS, 3
        .equ    MOST_THREADS, 63
        .equ    CHILDREN, 8
        .equ    MOST_CHILDREN, 1000000
        .equ    SPINS, 200              # before a thread gives up its hart
        .equ    LOOKS, 20               # how often a child looks whether its pages have changed
        .equ    STACK_LOG2, 12
        .equ    RECORD_LOG2, 6          # a thread's record: 64 bytes, with
        .equ    ID, 0                   # its id in the kernel
        .equ    NUMBER, 8               # its number here
        .equ    STORES, 16              # and what it has written into all pages

        .globl  _start
_start:
        mv      s0, sp
        li      a0, 1
        li      a1, THREADS
        li      a2, MOST_THREADS
        call    argument
        mv      s1, a0                  # threads that store
        li      a0, 2
        li      a1, CHILDREN
        li      a2, MOST_CHILDREN
        call    argument
        mv      s2, a0                  # children
        la      s4, records
        slli    t0, s1, RECORD_LOG2
        add     s5, s4, t0              # where the records end
        la      s6, pages
        li      s7, PAGE

        li      s3, 0
1:      mv      a0, s3
        call    start_thread
        addi    s3, s3, 1
        bne     s3, s1, 1b

        li      s3, 0                   # children so far
        addi    sp, sp, -16             # at sp: a child's status
next_child:
        call    await_stores            # all are at it
        li      a0, SIGCHLD
        li      a1, 0                   # the child goes on with a copy of this stack
        li      a2, 0
        li      a3, 0
        li      a4, 0
        li      a7, CLONE
        ecall                           # returns twice; in the child there is only this thread
        beqz    a0, child
        la      s11, no_child
        bltz    a0, wrong
        mv      s8, a0
        call    await_stores            # stores that the child must not see
        mv      a0, s8
        mv      a1, sp
        li      a2, 0
        li      a3, 0
        li      a7, WAIT4
        ecall
        la      s11, bad_status
        bne     a0, s8, wrong
        lw      t0, (sp)
        bnez    t0, wrong               # the child has found something and said so
        addi    s3, s3, 1
        bne     s3, s2, next_child

        la      t0, ending
        li      t1, 1
        sw      t1, (t0)
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
        la      a0, children_text
        call    print
        li      a0, 0
        li      a7, EXIT_GROUP
        ecall

# Waits until every thread has gone through all pages again.
await_stores:
        mv      t0, s4
1:      ld      t1, STORES(t0)
2:      li      t2, SPINS
3:      ld      t3, STORES(t0)
        bne     t3, t1, 4f
        addi    t2, t2, -1
        bnez    t2, 3b
        li      a7, SCHED_YIELD         # it may be waiting for a hart
        ecall
        j       2b
4:      addi    t0, t0, 1 << RECORD_LOG2
        bne     t0, s5, 1b
        ret

child:
        la      s8, copy                # of every thread's places in the pages
        la      s11, no_moment
        li      s9, 0
1:      slli    t0, s9, 3
        add     t0, t0, s6
        li      t1, PAGES
        ld      t2, (t0)                # in the first page: the thread is at this number
        mv      t3, t2
2:      ld      t4, (t0)
        bgtu    t4, t3, wrong           # a page has a number before the page that gets it first
        addi    t5, t4, 1
        bltu    t5, t2, wrong           # or is two behind
        mv      t3, t4
        sd      t4, (s8)
        addi    s8, s8, 8
        add     t0, t0, s7
        addi    t1, t1, -1
        bnez    t1, 2b
        addi    s9, s9, 1
        bne     s9, s1, 1b

        la      s11, seen_by_child
        li      s10, LOOKS
3:      li      a0, 0
        call    compare
        li      a7, SCHED_YIELD         # the others go on
        ecall
        addi    s10, s10, -1
        bnez    s10, 3b

        li      s9, 0                   # all places get another value
4:      slli    t0, s9, 3
        add     t0, t0, s6
        li      t1, PAGES
5:      ld      t2, (t0)
        not     t2, t2
        sd      t2, (t0)
        add     t0, t0, s7
        addi    t1, t1, -1
        bnez    t1, 5b
        addi    s9, s9, 1
        bne     s9, s1, 4b
        li      s10, LOOKS
6:      li      a0, -1
        call    compare
        li      a7, SCHED_YIELD
        ecall
        addi    s10, s10, -1
        bnez    s10, 6b
        li      a0, 0
        li      a7, EXIT_GROUP
        ecall

# The places must hold what was copied from them, with the bits inverted that are set in a0.
compare:
        la      t5, copy
        li      t6, 0
1:      slli    t0, t6, 3
        add     t0, t0, s6
        li      t1, PAGES
2:      ld      t2, (t0)
        ld      t3, (t5)
        xor     t3, t3, a0
        bne     t2, t3, wrong
        addi    t5, t5, 8
        add     t0, t0, s7
        addi    t1, t1, -1
        bnez    t1, 2b
        addi    t6, t6, 1
        bne     t6, s1, 1b
        ret

thread_main:
        ld      t0, NUMBER(tp)
        slli    t0, t0, 3
        add     s6, s6, t0              # its place in the first page
        li      t0, PAGES * PAGE
        add     s8, s6, t0
        li      s3, 0                   # what it has stored
        la      s11, seen_by_parent
1:      li      s9, SPINS
2:      addi    s10, s3, 1
        mv      t0, s6
3:      ld      t1, (t0)
        bne     t1, s3, wrong           # nobody else writes here
        sd      s10, (t0)
        fence   w, w                    # the pages get it in this order
        add     t0, t0, s7
        bne     t0, s8, 3b
        mv      s3, s10
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

# Ends the process, with the reason at s11.
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
children_text:
        .asciz  " children: each side sees its own\n"
usage_text:
        .asciz  "usage: cow-race [THREADS up to 63 [CHILDREN up to 1000000]]\n"
no_thread:
        .asciz  "wrong: no thread\n"
no_child:
        .asciz  "wrong: no child\n"
bad_status:
        .asciz  "wrong: the child's status\n"
no_moment:
        .asciz  "wrong: the child's pages are of different moments\n"
seen_by_child:
        .asciz  "wrong: the child sees what its parent stores, or not what it has stored itself\n"
seen_by_parent:
        .asciz  "wrong: the parent sees what its child stores, or not what it has stored itself\n"

        .bss
        .balign PAGE
pages:  .space  PAGES * PAGE
ending: .space  64                      # 1 where the threads are to end
records:
        .space  MOST_THREADS << RECORD_LOG2
copy:   .space  PAGES * MOST_THREADS * 8
        .balign 16
stacks: .space  MOST_THREADS << STACK_LOG2
