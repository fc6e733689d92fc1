# shootdown-storm: one thread maps and unmaps pages as fast as it can while the others touch theirs and the new ones.
#
# Arguments: threads that touch, rounds, pages. In every round the pages must be new: what was written there in the round
# before was unmapped, and must not be seen again through a translation that some hart still has.
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    EXIT_GROUP, 94
        .equ    FUTEX, 98
        .equ    SCHED_YIELD, 124
        .equ    MUNMAP, 215
        .equ    CLONE, 220
        .equ    MMAP, 222
        .equ    FUTEX_WAIT, 0
        # CLONE_VM, _FS, _FILES, _SIGHAND, _THREAD, _SYSVSEM: one process. _SETTLS: tp is given. _PARENT_SETTID and
        # _CHILD_CLEARTID: the kernel writes the thread's id and clears it.
        .equ    THREAD, 0x100 | 0x200 | 0x400 | 0x800 | 0x10000 | 0x40000 | 0x80000 | 0x100000 | 0x200000
        .equ    READ_WRITE, 1 | 2       # PROT_READ, PROT_WRITE
        .equ    PRIVATE_ANONYMOUS, 0x02 | 0x20
        .equ    FIXED, 0x10             # MAP_FIXED
        .equ    PAGE, 4096
        .equ    THREADS, 3
        .equ    MOST_THREADS, 63        # so that each has its place in a page
        .equ    ROUNDS, 50
        .equ    MOST_ROUNDS, 1000000
        .equ    PAGES, 8
        .equ    MOST_PAGES, 4096
        .equ    SPINS, 200              # looks around before a thread gives up its hart
        .equ    STACK_LOG2, 12
        .equ    RECORD_LOG2, 6          # a thread's record: 64 bytes, with
        .equ    ID, 0                   # its id in the kernel
        .equ    NUMBER, 8               # its number here
        .equ    VISITED, 16             # and the last round in which it has visited the pages

        .globl  _start
_start:
        mv      s0, sp
        li      a0, 1
        li      a1, THREADS
        li      a2, MOST_THREADS
        call    argument
        mv      s1, a0                  # threads that touch
        li      a0, 2
        li      a1, ROUNDS
        li      a2, MOST_ROUNDS
        call    argument
        mv      s2, a0                  # rounds
        li      a0, 3
        li      a1, PAGES
        li      a2, MOST_PAGES
        call    argument
        mv      s3, a0                  # pages
        li      t0, PAGE
        mul     s4, s3, t0              # their bytes

        li      s5, 0
1:      mv      a0, s5
        call    start_thread
        addi    s5, s5, 1
        bne     s5, s1, 1b

        li      s5, 0                   # the round
        li      s6, 0                   # where the pages are
next_round:
        addi    s5, s5, 1
        mv      a0, s6                  # where they were before, or, in every other round, where the kernel likes
        li      a3, PRIVATE_ANONYMOUS | FIXED
        andi    t0, s5, 1
        beqz    t0, 1f
        li      a0, 0
        li      a3, PRIVATE_ANONYMOUS
1:      mv      a1, s4
        li      a2, READ_WRITE
        li      a4, -1                  # no file
        li      a5, 0
        li      a7, MMAP
        ecall
        la      s11, no_mapping
        bltz    a0, wrong
        mv      s6, a0
        la      t0, region
        sd      s6, (t0)
        la      t0, round
        fence   rw, w                   # who sees the round sees the region
        sd      s5, (t0)

        la      t0, records             # until all have visited the pages
        slli    t1, s1, RECORD_LOG2
        add     t1, t1, t0
2:      li      t3, SPINS
3:      ld      t2, VISITED(t0)
        beq     t2, s5, 4f
        addi    t3, t3, -1
        bnez    t3, 3b
        li      a7, SCHED_YIELD         # it may be waiting for a hart
        ecall
        j       2b
4:      addi    t0, t0, 1 << RECORD_LOG2
        bne     t0, t1, 2b
        fence   rw, rw

        mv      a0, s6                  # nobody uses them any more, but all have them in their TLBs
        mv      a1, s4
        li      a7, MUNMAP
        ecall
        la      s11, no_munmap
        bnez    a0, wrong
        bne     s5, s2, next_round

        li      s5, 0
5:      mv      a0, s5
        call    join_thread
        addi    s5, s5, 1
        bne     s5, s1, 5b
        mv      a0, s1
        call    print_number
        la      a0, threads_text
        call    print
        mv      a0, s2
        call    print_number
        la      a0, rounds_text
        call    print
        mv      a0, s3
        call    print_number
        la      a0, pages_text
        call    print
        li      a0, 0
        li      a7, EXIT_GROUP
        ecall

thread_main:
        ld      s6, NUMBER(tp)
        slli    s7, s6, 3               # its place in every page
        slli    t0, s6, 12
        la      s8, homes
        add     s8, s8, t0              # a page of its own
        li      s5, 0                   # the round
        li      s9, 0                   # touches of its own page
at_home:
        li      t3, SPINS
1:      ld      t0, (s8)                # nothing that the others do may change this page
        la      s11, bad_home
        bne     t0, s9, wrong
        addi    s9, s9, 1
        sd      s9, (s8)
        ld      t0, round
        bne     t0, s5, visit
        addi    t3, t3, -1
        bnez    t3, 1b
        li      a7, SCHED_YIELD         # the one that maps may be waiting for a hart
        ecall
        j       at_home

visit:
        addi    s5, s5, 1
        la      s11, bad_round
        bne     t0, s5, wrong           # no round begins without this thread
        fence   r, rw                   # the region of this round, not the one before
        ld      t0, region
        add     t0, t0, s7
        add     t1, t0, s4
        li      t2, PAGE
        la      s11, old_page
2:      ld      t3, (t0)
        bnez    t3, wrong               # not a new page
        sd      s5, (t0)
        add     t0, t0, t2
        bne     t0, t1, 2b
        la      s11, bad_page
        sub     t0, t0, s4
3:      ld      t3, (t0)                # what it wrote is still there
        bne     t3, s5, wrong
        add     t0, t0, t2
        bne     t0, t1, 3b
        fence   rw, w                   # all of this is done
        sd      s5, VISITED(tp)
        bne     s5, s2, at_home
        li      a0, 0
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
        .asciz  " rounds, "
pages_text:
        .asciz  " pages: new in every round\n"
usage_text:
        .asciz  "usage: shootdown-storm [THREADS up to 63 [ROUNDS up to 1000000 [PAGES up to 4096]]]\n"
no_thread:
        .asciz  "wrong: no thread\n"
no_mapping:
        .asciz  "wrong: no mapping\n"
no_munmap:
        .asciz  "wrong: no munmap\n"
bad_home:
        .asciz  "wrong: a page that stayed has changed\n"
bad_round:
        .asciz  "wrong: a thread has missed a round\n"
old_page:
        .asciz  "wrong: a page shows what was there before\n"
bad_page:
        .asciz  "wrong: a new page has lost its contents\n"

        .bss
        .balign PAGE
homes:  .space  MOST_THREADS * PAGE
round:  .space  64                      # each in a cache line of its own
region: .space  64
records:
        .space  MOST_THREADS << RECORD_LOG2
        .balign 16
stacks: .space  MOST_THREADS << STACK_LOG2
