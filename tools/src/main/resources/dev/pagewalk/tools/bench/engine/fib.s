# fib: the twentieth Fibonacci number, by calls that call themselves twice.
        .equ    ARGUMENT, 20

# In a0 rounds, in a1 the work area, which is not used. Gives the checksum: for each round, 31 times what it was, plus the number.
        .text
        .globl  kernel
kernel:
        addi    sp, sp, -32
        sd      ra, 24(sp)
        sd      s0, 16(sp)
        sd      s1, 8(sp)
        mv      s0, a0
        li      s1, 0
        beqz    s0, 2f
1:      li      a0, ARGUMENT
        jal     fib
        slli    t0, s1, 5
        sub     s1, t0, s1
        add     s1, s1, a0
        addi    s0, s0, -1
        bnez    s0, 1b
2:      mv      a0, s1
        ld      ra, 24(sp)
        ld      s0, 16(sp)
        ld      s1, 8(sp)
        addi    sp, sp, 32
        ret

fib:
        li      t0, 2
        bltu    a0, t0, 1f
        addi    sp, sp, -32
        sd      ra, 24(sp)
        sd      s0, 16(sp)
        sd      s1, 8(sp)
        mv      s0, a0
        addi    a0, a0, -1
        jal     fib
        mv      s1, a0
        addi    a0, s0, -2
        jal     fib
        add     a0, a0, s1
        ld      ra, 24(sp)
        ld      s0, 16(sp)
        ld      s1, 8(sp)
        addi    sp, sp, 32
1:      ret
