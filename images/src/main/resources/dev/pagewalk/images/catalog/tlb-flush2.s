# tlb-flush2: threads write to a page, give it up with MADV_DONTNEED and read zero, page after page.
#
# Arguments: threads, pages of each, rounds. Each page that is given up has to leave the TLBs of all harts that run a
# thread of this process: one shootdown for each page and round. Named after will-it-scale's test.
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    EXIT_GROUP, 94
        .equ    FUTEX, 98
        .equ    CLONE, 220
        .equ    MMAP, 222
        .equ    MADVISE, 233
        .equ    FUTEX_WAIT, 0
        # CLONE_VM, _FS, _FILES, _SIGHAND, _THREAD, _SYSVSEM: one process. _SETTLS: tp is given. _PARENT_SETTID and
        # _CHILD_CLEARTID: the kernel writes the thread's id and clears it.
        .equ    THREAD, 0x100 | 0x200 | 0x400 | 0x800 | 0x10000 | 0x40000 | 0x80000 | 0x100000 | 0x200000
        .equ    DONT_NEED, 4            # MADV_DONTNEED
        .equ    READ_WRITE, 1 | 2       # PROT_READ, PROT_WRITE
        .equ    PRIVATE_ANONYMOUS, 0x02 | 0x20
        .equ    PAGE, 4096
        .equ    THREADS, 4
        .equ    MOST_THREADS, 64
        .equ    PAGES, 16
        .equ    MOST_PAGES, 4096
        .equ    ROUNDS, 4
        .equ    MOST_ROUNDS, 1000000
        .equ    STACK_LOG2, 12
        .equ    RECORD_LOG2, 6          # a thread's record: 64 bytes, with
        .equ    ID, 0                   # its id in the kernel
        .equ    NUMBER, 8               # its number here
        .equ    ZEROS, 16               # and how many zeros it has read

        .globl  _start
_start:
        mv      s0, sp
        li      a0, 1
        li      a1, THREADS
        li      a2, MOST_THREADS
        call    argument
        mv      s1, a0                  # threads
        li      a0, 2
        li      a1, PAGES
        li      a2, MOST_PAGES
        call    argument
        mv      s2, a0                  # pages of each
        li      a0, 3
        li      a1, ROUNDS
        li      a2, MOST_ROUNDS
        call    argument
        mv      s3, a0                  # rounds

        li      s4, 0
1:      mv      a0, s4
        call    start_thread
        addi    s4, s4, 1
        bne     s4, s1, 1b
        li      s4, 0
        li      s5, 0                   # zeros that all have read
2:      mv      a0, s4
        call    join_thread
        la      t0, records
        slli    t1, s4, RECORD_LOG2
        add     t0, t0, t1
        ld      t1, ZEROS(t0)
        add     s5, s5, t1
        addi    s4, s4, 1
        bne     s4, s1, 2b

        mv      a0, s1
        call    print_number
        la      a0, threads_text
        call    print
        mv      a0, s2
        call    print_number
        la      a0, pages_text
        call    print
        mv      a0, s3
        call    print_number
        la      a0, rounds_text
        call    print
        mv      a0, s5
        call    print_number
        la      a0, zeros_text
        call    print
        li      a0, 0
        li      a7, EXIT_GROUP
        ecall

thread_main:
        li      t0, PAGE
        mul     s4, s2, t0              # bytes of this thread's pages
        mv      a1, s4
        call    map
        mv      s5, a0
        ld      s6, NUMBER(tp)
        addi    s6, s6, 1               # what it writes: its number, counted from one
        li      s7, 0                   # zeros read

next_round:
        mv      t0, s5                  # a value into every page
        add     t1, s5, s4
        li      t2, PAGE
1:      sd      s6, (t0)
        add     t0, t0, t2
        bne     t0, t1, 1b

        mv      s8, s5
        add     s9, s5, s4
next_page:
        la      s11, bad_contents
        ld      t0, (s8)
        bne     t0, s6, wrong           # its neighbours have been given up, this page has not
        la      s11, no_advice
        mv      a0, s8
        li      a1, PAGE
        li      a2, DONT_NEED
        li      a7, MADVISE
        ecall
        bnez    a0, wrong
        la      s11, no_zero
        ld      t0, (s8)                # the old frame must not be found any more
        bnez    t0, wrong
        addi    s7, s7, 1
        li      t0, PAGE
        add     s8, s8, t0
        bne     s8, s9, next_page
        addi    s3, s3, -1
        bnez    s3, next_round

        sd      s7, ZEROS(tp)
        li      a0, 0
        li      a7, EXIT
        ecall                           # ends this thread only

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
threads_text:
        .asciz  " threads, "
pages_text:
        .asciz  " pages each, "
rounds_text:
        .asciz  " rounds: "
zeros_text:
        .asciz  " zeros\n"
usage_text:
        .asciz  "usage: tlb-flush2 [THREADS up to 64 [PAGES up to 4096 [ROUNDS up to 1000000]]]\n"
no_thread:
        .asciz  "wrong: no thread\n"
no_mapping:
        .asciz  "wrong: no mapping\n"
no_advice:
        .asciz  "wrong: no MADV_DONTNEED\n"
no_zero:
        .asciz  "wrong: a page that was given up still has its contents\n"
bad_contents:
        .asciz  "wrong: a page that was not given up has lost its contents\n"

        .bss
        .balign 64
records:
        .space  MOST_THREADS << RECORD_LOG2
        .balign 16
stacks: .space  MOST_THREADS << STACK_LOG2
