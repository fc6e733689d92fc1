# latr-micro: measures how many cycles a munmap takes whose pages other threads have in their TLBs.
#
# Arguments: pages, threads, rounds. In each round the first thread maps the pages, all threads touch every page, and
# then the first one takes the time that munmap takes, while the others spin: they are busy, so they have to be told.
# This is the micro-benchmark of LATR (Kumar et al., ASPLOS 2018).
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    EXIT_GROUP, 94
        .equ    FUTEX, 98
        .equ    SCHED_SETAFFINITY, 122
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
        .equ    PAGE, 4096
        .equ    PAGES, 8
        .equ    MOST_PAGES, 65536
        .equ    THREADS, 4
        .equ    MOST_THREADS, 64
        .equ    ROUNDS, 3
        .equ    MOST_ROUNDS, 1000
        .equ    SPINS, 50000            # before a thread gives up its hart: longer than a munmap takes
        .equ    STACK_LOG2, 12
        .equ    RECORD_LOG2, 6          # a thread's record: 64 bytes, with
        .equ    ID, 0                   # its id in the kernel
        .equ    NUMBER, 8               # its number here
        .equ    HARTS, 16               # and the set of harts that it wants to run on

        .globl  _start
_start:
        mv      s0, sp
        li      a0, 1
        li      a1, PAGES
        li      a2, MOST_PAGES
        call    argument
        mv      s2, a0                  # pages
        li      a0, 2
        li      a1, THREADS
        li      a2, MOST_THREADS
        call    argument
        mv      s1, a0                  # threads
        li      a0, 3
        li      a1, ROUNDS
        li      a2, MOST_ROUNDS
        call    argument
        mv      s3, a0                  # rounds
        li      t0, PAGE
        mul     s4, s2, t0              # bytes to unmap
        la      t0, to_come
        sw      s1, (t0)

        li      s5, 1                   # this thread is number 0
1:      beq     s5, s1, 2f
        mv      a0, s5
        call    start_thread
        addi    s5, s5, 1
        j       1b
2:      la      tp, records
        call    settle
        li      s8, 0                   # this thread's sense of the barrier

next_round:
        li      t0, 2 * PAGE            # one page more at either end, for good: then no page of the page table goes
        add     s9, s4, t0              # with the rest, which would cost more
        mv      a1, s9
        call    map
        mv      s6, a0
        sd      s8, (s6)
        add     t0, s6, s9
        li      t1, PAGE
        sub     t0, t0, t1
        sd      s8, (t0)
        add     s7, s6, t1              # the pages
        la      t0, region
        sd      s7, (t0)
        call    barrier                 # they are there
        call    touch
        call    barrier                 # they are in the TLBs of all harts

        mv      a0, s7
        mv      a1, s4
        li      a7, MUNMAP
        rdcycle s10
        ecall
        rdcycle t0
        sub     s10, t0, s10
        la      s11, no_munmap
        bnez    a0, wrong
        call    barrier                 # the others have spun here meanwhile

        la      a0, munmap_text
        call    print
        mv      a0, s2
        call    print_number
        la      a0, pages_text
        call    print
        mv      a0, s1
        call    print_number
        la      a0, threads_text
        call    print
        mv      a0, s10
        call    print_number
        la      a0, cycles_text
        call    print
        addi    s3, s3, -1
        bnez    s3, next_round

        li      s5, 1
3:      beq     s5, s1, 4f
        mv      a0, s5
        call    join_thread
        addi    s5, s5, 1
        j       3b
4:      li      a0, 0
        li      a7, EXIT_GROUP
        ecall

thread_main:
        call    settle
        li      s8, 0
1:      call    barrier
        ld      s7, region
        call    touch
        call    barrier
        call    barrier
        addi    s3, s3, -1
        bnez    s3, 1b
        li      a0, 0
        li      a7, EXIT
        ecall                           # ends this thread only

# Puts this thread on the hart that has its number. Where there is none the call fails, and it runs anywhere.
settle:
        ld      t0, NUMBER(tp)
        li      t1, 1
        sll     t1, t1, t0
        sd      t1, HARTS(tp)
        li      a0, 0                   # this thread
        li      a1, 8                   # bytes of the set
        addi    a2, tp, HARTS
        li      a7, SCHED_SETAFFINITY
        ecall
        ret

# Stores this thread's number into its own byte of each page from s7 on.
touch:
        ld      t0, NUMBER(tp)
        add     t1, s7, t0
        add     t2, t1, s4
        li      t3, PAGE
1:      sb      t0, (t1)
        add     t1, t1, t3
        bne     t1, t2, 1b
        ret

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

# Maps a1 bytes of zeros anywhere, into a0.
map:
        li      a0, 0
        li      a2, READ_WRITE
        li      a3, PRIVATE_ANONYMOUS
        li      a4, -1                  # no file
        li      a5, 0
        li      a7, MMAP
        ecall
        la      s11, no_mapping
        bltz    a0, wrong
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
munmap_text:
        .asciz  "munmap of "
pages_text:
        .asciz  " pages, touched by "
threads_text:
        .asciz  " threads: "
cycles_text:
        .asciz  " cycles\n"
usage_text:
        .asciz  "usage: latr-micro [PAGES up to 65536 [THREADS up to 64 [ROUNDS up to 1000]]]\n"
no_thread:
        .asciz  "wrong: no thread\n"
no_mapping:
        .asciz  "wrong: no mapping\n"
no_munmap:
        .asciz  "wrong: no munmap\n"

        .bss
        .balign 64                      # each in a cache line of its own
to_come:
        .space  64                      # threads that the barrier waits for
sense:  .space  64                      # what it opened with last
region: .space  64                      # where the pages are
records:
        .space  MOST_THREADS << RECORD_LOG2
        .balign 16
stacks: .space  MOST_THREADS << STACK_LOG2
