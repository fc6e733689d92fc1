# stack-overflow: recurses without end until the stack's limit kills it.
        .equ    WRITE, 64
        .equ    FRAME, 1024

        .globl  _start
_start:
        la      a0, text
        call    print
        call    descend

# Calls itself with a new frame each time.
descend:
        addi    sp, sp, -FRAME
        sd      ra, FRAME - 8(sp)       # 8 MiB further down the kernel ends the program: SIGSEGV
        call    descend
        ld      ra, FRAME - 8(sp)
        addi    sp, sp, FRAME
        ret

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

        .section .rodata
text:   .asciz  "recursing without end\n"
