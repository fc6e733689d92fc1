# asid-rollover: more processes than there are address space identifiers take turns, and each sees its own memory.
#
# Arguments: processes, rounds. All have the same addresses. With --asid-bits 4 there are 15 identifiers for them: when
# they run out, the kernel gives them out anew, and no TLB may then show a process what belongs to another one that had
# the same identifier before.
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    SCHED_YIELD, 124
        .equ    CLONE, 220
        .equ    MMAP, 222
        .equ    WAIT4, 260
        .equ    SIGCHLD, 17             # clone with nothing but this is fork
        .equ    READ_WRITE, 1 | 2       # PROT_READ, PROT_WRITE
        .equ    SHARED_ANONYMOUS, 0x01 | 0x20
        .equ    PAGE, 4096
        .equ    PAGES, 4
        .equ    PROCESSES, 24
        .equ    MOST_PROCESSES, 100
        .equ    ROUNDS, 10
        .equ    MOST_ROUNDS, 1000000

        .globl  _start
_start:
        mv      s0, sp
        li      a0, 1
        li      a1, PROCESSES
        li      a2, MOST_PROCESSES
        call    argument
        mv      s1, a0                  # processes
        li      a0, 2
        li      a1, ROUNDS
        li      a2, MOST_ROUNDS
        call    argument
        mv      s2, a0                  # rounds

        li      a0, 0                   # anywhere
        li      a1, PAGE
        li      a2, READ_WRITE
        li      a3, SHARED_ANONYMOUS    # the children will have the same page
        li      a4, -1                  # no file
        li      a5, 0
        li      a7, MMAP
        ecall
        la      s11, no_mapping
        bltz    a0, wrong
        mv      s3, a0                  # counts the processes that are there

        li      s4, 0
1:      call    fork
        beqz    a0, child
        addi    s4, s4, 1
        bne     s4, s1, 1b

        addi    sp, sp, -16             # at sp: a status
        li      s4, 0
        li      s5, 0                   # the sum of their statuses
2:      li      a0, -1                  # whichever has ended
        mv      a1, sp
        li      a2, 0
        li      a3, 0
        li      a7, WAIT4
        ecall
        la      s11, bad_wait
        bltz    a0, wrong
        lw      t0, (sp)
        srli    t0, t0, 8
        add     s5, s5, t0
        addi    s4, s4, 1
        bne     s4, s1, 2b

        mv      a0, s1
        call    print_number
        la      a0, processes_text
        call    print
        mv      a0, s2
        call    print_number
        la      a0, rounds_text
        call    print
        la      s11, bad_statuses
        addi    t0, s1, 1
        mul     t0, t0, s1
        srli    t0, t0, 1               # 1 + 2 + ... + processes
        bne     s5, t0, wrong
        li      a0, 0
        li      a7, EXIT
        ecall

child:
        addi    s4, s4, 1               # its number, counted from one: the status that it ends with
        slli    s5, s4, 32              # what it writes: its number and the round
        mv      a0, s5
        call    write_pages
        li      t0, 1
        amoadd.d.aqrl zero, t0, (s3)
1:      ld      t0, (s3)                # until all are there
        beq     t0, s1, 2f
        li      a7, SCHED_YIELD
        ecall
        j       1b

2:      li      t0, PAGES
        la      t1, pages
        li      t2, PAGE
        la      s11, bad_pages
3:      ld      t3, (t1)
        bne     t3, s5, wrong           # this belongs to another process, or another round
        add     t1, t1, t2
        addi    t0, t0, -1
        bnez    t0, 3b
        addi    s5, s5, 1
        mv      a0, s5
        call    write_pages
        li      a7, SCHED_YIELD         # the next one's turn
        ecall
        addi    s2, s2, -1
        bnez    s2, 2b
        mv      a0, s4
        li      a7, EXIT
        ecall

# Stores a0 into each page.
write_pages:
        la      t0, pages
        li      t1, PAGES
        li      t2, PAGE
1:      sd      a0, (t0)
        add     t0, t0, t2
        addi    t1, t1, -1
        bnez    t1, 1b
        ret

# Forks: a0 = 0 in the child, its process id in the parent.
fork:
        li      a0, SIGCHLD
        li      a1, 0                   # the child goes on with a copy of this stack
        li      a2, 0
        li      a3, 0
        li      a4, 0
        li      a7, CLONE
        ecall                           # returns twice
        la      s11, no_child
        bltz    a0, wrong
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

# Ends the process with the reason at s11.
wrong:
        mv      a0, s11
        call    print
        li      a0, 255
        li      a7, EXIT
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
processes_text:
        .asciz  " processes, "
rounds_text:
        .asciz  " rounds: each sees its own\n"
usage_text:
        .asciz  "usage: asid-rollover [PROCESSES up to 100 [ROUNDS up to 1000000]]\n"
no_mapping:
        .asciz  "wrong: no mapping\n"
no_child:
        .asciz  "wrong: no child\n"
bad_wait:
        .asciz  "wrong: wait4\n"
bad_statuses:
        .asciz  "wrong: a status\n"
bad_pages:
        .asciz  "wrong: a process does not see its own memory\n"

        .bss
        .balign PAGE
pages:  .space  PAGES * PAGE
