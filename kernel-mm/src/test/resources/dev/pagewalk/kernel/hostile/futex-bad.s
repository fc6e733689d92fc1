# parks a range under latr, then nanosleep with a bad pointer: must be EFAULT (-14) at once
        .equ THREAD, 0x100 | 0x200 | 0x400 | 0x800 | 0x10000 | 0x40000
        .globl _start
_start: li a0, 0
        li a1, 4096*4
        li a2, 3
        li a3, 0x22
        li a4, -1
        li a5, 0
        li a7, 222
        ecall
        mv s0, a0
        sd a0, (s0)
        la a1, stack_end
        li a0, THREAD
        li a2, 0
        li a3, 0
        li a4, 0
        li a7, 220
        ecall
        beqz a0, spin
1:      lw t0, seen
        beqz t0, 1b
        mv a0, s0
        li a1, 4096*4
        li a7, 215
        ecall
        li a0, 8
        li a1, 0
        li a2, 0
        li a3, 0
        li a7, 98
        ecall
        li t0, -14
        li s1, 0
        beq a0, t0, 2f
        li s1, 1
2:      mv a0, s1
        li a7, 94
        ecall
spin:   ld t0, (s0)
        la t1, seen
        li t2, 1
        sw t2, (t1)
3:      j 3b
        .bss
        .balign 16
seen:   .space 64
        .space 4096
stack_end: .space 64
