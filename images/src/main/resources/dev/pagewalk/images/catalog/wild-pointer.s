# wild-pointer: loads from an address where nothing is mapped and is killed.
        .equ    WRITE, 64
        .equ    EXIT, 93

        .section .rodata
text:   .ascii  "loading from 0xdeadbeef000\n"
        .equ    text_size, . - text

        .text
        .globl  _start
_start:
        li      a0, 1                   # standard output
        la      a1, text
        li      a2, text_size
        li      a7, WRITE
        ecall
        li      t0, 0xDEADBEEF000
        ld      t1, (t0)                # the kernel ends the program here: SIGSEGV
        li      a0, 1
        li      a7, EXIT
        ecall
