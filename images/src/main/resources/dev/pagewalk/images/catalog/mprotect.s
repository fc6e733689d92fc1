# mprotect: makes a page read-only; it can still be read, and writing to it kills.
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    MMAP, 222
        .equ    MPROTECT, 226
        .equ    PROT_READ, 1
        .equ    PROT_WRITE, 2
        .equ    PRIVATE_ANONYMOUS, 0x02 | 0x20
        .equ    PAGE, 4096

        .globl  _start
_start:
        li      a0, 0                   # anywhere
        li      a1, PAGE
        li      a2, PROT_READ | PROT_WRITE
        li      a3, PRIVATE_ANONYMOUS
        li      a4, -1                  # no file
        li      a5, 0
        li      a7, MMAP
        ecall
        bltz    a0, failed
        mv      s0, a0
        li      t0, 7
        sd      t0, (s0)                # writable so far

        mv      a0, s0
        li      a1, PAGE
        li      a2, PROT_READ
        li      a7, MPROTECT
        ecall
        bnez    a0, failed

        la      a0, holds
        call    print
        ld      a0, (s0)                # reading stays allowed
        call    print_number
        la      a0, writing
        call    print
        sd      zero, (s0)              # the kernel ends the program here: SIGSEGV
        la      a0, survived
        call    print
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
holds:  .asciz  "the read-only page holds "
writing:
        .asciz  "\nwriting to it\n"
survived:
        .asciz  "nothing happened\n"
