# mmap: maps sixteen pages, finds them zero-filled, writes to each and adds them up.
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    MMAP, 222
        .equ    READ_WRITE, 1 | 2       # PROT_READ, PROT_WRITE
        .equ    PRIVATE_ANONYMOUS, 0x02 | 0x20
        .equ    PAGE, 4096
        .equ    PAGES, 16

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
        bltz    a0, failed
        mv      s0, a0
        li      t0, PAGES * PAGE
        add     s1, s0, t0              # the end of the mapping
        li      s2, PAGE

        mv      t0, s0
        li      t1, 0
1:      ld      t2, (t0)                # the first touch of each page: the kernel provides it, zeroed
        or      t1, t1, t2
        addi    t0, t0, 8
        bne     t0, s1, 1b
        bnez    t1, failed
        la      a0, zero_text
        call    print

        mv      t0, s0
        li      t1, 0
1:      sd      t1, (t0)                # page number n holds n
        addi    t1, t1, 1
        add     t0, t0, s2
        bne     t0, s1, 1b

        mv      t0, s0
        li      s3, 0
1:      ld      t1, (t0)
        add     s3, s3, t1
        add     t0, t0, s2
        bne     t0, s1, 1b
        la      a0, sum_text
        call    print
        mv      a0, s3                  # 0 + 1 + ... + 15
        call    print_number
        la      a0, newline
        call    print
        li      a0, 0
        li      a7, EXIT
        ecall
failed:
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
zero_text:
        .asciz  "16 pages read zero\n"
sum_text:
        .asciz  "sum of the page numbers: "
newline:
        .asciz  "\n"
