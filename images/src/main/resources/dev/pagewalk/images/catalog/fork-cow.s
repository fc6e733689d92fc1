# fork-cow: forks, and parent and child each see their own contents of pages that they share until one of them writes.
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    MMAP, 222
        .equ    CLONE, 220
        .equ    WAIT4, 260
        .equ    SIGCHLD, 17             # clone with nothing but this is fork
        .equ    READ_WRITE, 1 | 2       # PROT_READ, PROT_WRITE
        .equ    PRIVATE_ANONYMOUS, 0x02 | 0x20
        .equ    PAGE, 4096
        .equ    PAGES, 8
        .equ    CHILD_WRITES, 3

        .globl  _start
_start:
        li      a0, 0                   # anywhere
        li      a1, PAGES * PAGE
        li      a2, READ_WRITE
        li      a3, PRIVATE_ANONYMOUS
        li      a4, -1                  # no file
        li      a5, 0
        li      a7, MMAP
        ecall
        la      s11, no_mapping
        bltz    a0, wrong
        mv      s0, a0
        li      a0, PAGES
        li      a1, 0
        call    write_pages             # 0 1 2 3 4 5 6 7: each page gets a frame

        li      a0, SIGCHLD
        li      a1, 0                   # the child goes on with a copy of this stack
        li      a2, 0
        li      a3, 0
        li      a4, 0
        li      a7, CLONE
        ecall                           # returns twice
        la      s11, no_child
        bltz    a0, wrong
        bnez    a0, parent

        la      a0, child_reads         # the frames are still the parent's
        call    print
        la      s11, bad_copy
        li      a0, 28                  # 0 + 1 + ... + 7
        call    print_pages
        li      a0, CHILD_WRITES
        li      a1, 100
        call    write_pages             # three faults, three copies
        la      a0, child_wrote
        call    print
        la      s11, bad_child
        li      a0, 28 + CHILD_WRITES * 100
        call    print_pages
        li      a0, 7
        li      a7, EXIT
        ecall

parent:
        mv      s1, a0                  # the child's process id
        addi    sp, sp, -16             # room for its status
        mv      a1, sp
        li      a2, 0
        li      a3, 0
        li      a7, WAIT4
        ecall
        la      s11, bad_status
        bne     a0, s1, wrong
        lw      t0, (sp)
        li      t1, 7 << 8              # it has ended by itself, with 7
        bne     t0, t1, wrong

        la      a0, parent_reads
        call    print
        la      s11, bad_parent
        li      a0, 28
        call    print_pages
        li      a0, PAGES               # nobody else has the frames now: faults, but no copies
        li      a1, 200
        call    write_pages
        la      a0, parent_wrote
        call    print
        li      a0, 28 + PAGES * 200
        call    print_pages
        li      a0, 0
        li      a7, EXIT
        ecall

# Stores number + a1 into each of the first a0 pages.
write_pages:
        mv      t0, s0
        li      t1, 0
        li      t2, PAGE
1:      add     t3, t1, a1
        sd      t3, (t0)
        add     t0, t0, t2
        addi    t1, t1, 1
        bne     t1, a0, 1b
        ret

# Prints what the pages hold; the sum must be a0.
print_pages:
        mv      s10, ra
        mv      s2, a0
        mv      s3, s0
        li      s4, PAGES
1:      la      a0, space
        call    print
        ld      a0, (s3)
        sub     s2, s2, a0
        call    print_number
        li      t0, PAGE
        add     s3, s3, t0
        addi    s4, s4, -1
        bnez    s4, 1b
        la      a0, newline
        call    print
        bnez    s2, wrong
        jr      s10

# Ends the program with the reason at s11.
wrong:
        mv      a0, s11
        call    print
        li      a0, 1
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
child_reads:
        .asciz  "child reads:  "
child_wrote:
        .asciz  "child wrote:  "
parent_reads:
        .asciz  "parent reads: "
parent_wrote:
        .asciz  "parent wrote: "
space:  .asciz  " "
newline:
        .asciz  "\n"
no_mapping:
        .asciz  "wrong: no mapping\n"
no_child:
        .asciz  "wrong: no child\n"
bad_copy:
        .asciz  "wrong: the child does not see what the parent had\n"
bad_child:
        .asciz  "wrong: the child does not see what it wrote\n"
bad_status:
        .asciz  "wrong: the child's status\n"
bad_parent:
        .asciz  "wrong: the parent does not see its own\n"
