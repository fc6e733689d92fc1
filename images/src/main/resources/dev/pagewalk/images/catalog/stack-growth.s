# stack-growth: recurses through six MiB of stack, which the kernel provides page by page.
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    FRAME, 1024
        .equ    DEPTH, 6 * 1024         # 6 MiB of frames; the limit is 8 MiB

        .globl  _start
_start:
        li      a0, DEPTH
        call    descend
        mv      s0, a0
        la      a0, text
        call    print
        mv      a0, s0
        call    print_number
        la      a0, newline
        call    print
        li      a0, 0
        li      a7, EXIT
        ecall

# descend(n) = n == 0 ? 0 : descend(n - 1) + 1, with a frame of 1 KiB that is written at both ends.
descend:
        bnez    a0, 1f
        ret
1:      addi    sp, sp, -FRAME
        sd      ra, FRAME - 8(sp)
        sd      a0, 0(sp)
        addi    a0, a0, -1
        call    descend
        addi    a0, a0, 1
        ld      t0, 0(sp)               # the frame must have kept its number
        bne     t0, a0, broken
        ld      ra, FRAME - 8(sp)
        addi    sp, sp, FRAME
        ret
broken:
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
text:   .asciz  "frames of 1 KiB on the stack: "
newline:
        .asciz  "\n"
