# two threads, a SIGSEGV handler, and a thread that faults with a bad stack pointer: must end with 139
        .globl _start
_start: li a0, 11
        la a1, sa
        li a2, 0
        li a3, 8
        li a7, 134
        ecall
        la a1, stack_end
        li a0, 0x50f00
        li a2, 0
        li a3, 0
        li a4, 0
        li a7, 220
        ecall
        beqz a0, spin
        li t5, 20000
9:      addi t5, t5, -1
        bnez t5, 9b
        li sp, 64
        ld t0, (zero)
spin:   j spin
handler: ret
        .data
        .balign 8
sa:     .quad handler, 4, 0
        .bss
        .balign 16
        .space 4096
stack_end: .space 64
