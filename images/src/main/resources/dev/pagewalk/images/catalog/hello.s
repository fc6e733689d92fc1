# hello: writes a greeting with one system call and ends.
        .equ    WRITE, 64
        .equ    EXIT, 93

        .section .rodata
greeting:
        .ascii  "hello, world\n"
        .equ    greeting_size, . - greeting

        .text
        .globl  _start
_start:
        li      a0, 1                   # standard output
        la      a1, greeting
        li      a2, greeting_size
        li      a7, WRITE
        ecall

        li      a0, 0                   # success
        li      a7, EXIT
        ecall
