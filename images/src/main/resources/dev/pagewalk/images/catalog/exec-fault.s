# exec-fault: jumps into a data page, which is readable but not executable, and is killed.
        .equ    WRITE, 64
        .equ    EXIT, 93

        .section .rodata
text:   .ascii  "jumping into a data page\n"
        .equ    text_size, . - text

        .text
        .globl  _start
_start:
        li      a0, 1                   # standard output
        la      a1, text
        li      a2, text_size
        li      a7, WRITE
        ecall
        la      t0, code_in_data
        jr      t0                      # the fetch there fails: SIGSEGV

        .data                           # the third page of the image: 0x12000
code_in_data:
        .4byte  0x00100513              # li a0, 1
        .4byte  0x05d00893              # li a7, EXIT
        .4byte  0x00000073              # ecall
