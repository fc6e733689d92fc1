# illegal: executes a word that encodes no instruction and is killed.
        .equ    WRITE, 64
        .equ    EXIT, 93

        .section .rodata
text:   .ascii  "executing 0xffffffff\n"
        .equ    text_size, . - text

        .text
        .globl  _start
_start:
        li      a0, 1                   # standard output
        la      a1, text
        li      a2, text_size
        li      a7, WRITE
        ecall
        j       no_instruction

        .balign 256                     # at 0x10100
no_instruction:
        .4byte  0xffffffff              # reserved by the manual: SIGILL
        li      a0, 1
        li      a7, EXIT
        ecall
