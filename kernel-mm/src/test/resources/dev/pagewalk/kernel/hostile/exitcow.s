# thread exit whose clear_child_tid word is on a copy-on-write page
        .globl _start
_start: la t0, word
        sd t0, (t0)
        li s2, 2
1:      la a1, stack_end
        li a0, 0x250f00
        li a2, 0
        li a3, 0
        la a4, word
        li a7, 220
        ecall
        beqz a0, thr
        addi s2, s2, -1
        la a1, stack2_end
        bnez s2, 1b
        li a0, 17
        li a1, 0
        li a7, 220
        ecall
        la t1, go
        li t2, 1
        sw t2, (t1)
2:      lw t0, word
        j 2b
thr:    la t0, go
        lw t1, (t0)
        lw t2, word
        beqz t1, thr
        li t3, 1
        addi t0, t0, 4
        amoadd.w t3, t3, (t0)
        bnez t3, stay
        li a0, 0
        li a7, 93
        ecall
stay:   lw t2, word
        j stay
        .bss
        .balign 4096
word:   .space 4096
go:     .space 4096
        .space 4096
stack_end: .space 4096
stack2_end: .space 64
