# munmap-hole: unmaps the middle one of three pages; its neighbours live on, and touching the hole kills.
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    MUNMAP, 215
        .equ    MMAP, 222
        .equ    READ_WRITE, 1 | 2       # PROT_READ, PROT_WRITE
        .equ    PRIVATE_ANONYMOUS, 0x02 | 0x20
        .equ    PAGE, 4096

        .globl  _start
_start:
        li      a0, 0                   # anywhere
        li      a1, 3 * PAGE
        li      a2, READ_WRITE
        li      a3, PRIVATE_ANONYMOUS
        li      a4, -1                  # no file
        li      a5, 0
        li      a7, MMAP
        ecall
        bltz    a0, failed
        mv      s0, a0                  # the first page
        li      t0, PAGE
        add     s1, s0, t0              # the middle one
        add     s2, s1, t0              # the last one
        li      t0, 11
        sd      t0, (s0)
        li      t0, 22
        sd      t0, (s1)
        li      t0, 33
        sd      t0, (s2)

        mv      a0, s1
        li      a1, PAGE
        li      a7, MUNMAP
        ecall
        bnez    a0, failed

        la      a0, neighbours
        call    print
        ld      a0, (s0)
        call    print_number
        la      a0, and
        call    print
        ld      a0, (s2)
        call    print_number
        la      a0, touching
        call    print
        ld      a0, (s1)                # the kernel ends the program here: SIGSEGV
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
neighbours:
        .asciz  "the neighbours still hold "
and:    .asciz  " and "
touching:
        .asciz  "\ntouching the hole\n"
survived:
        .asciz  "nothing happened\n"
