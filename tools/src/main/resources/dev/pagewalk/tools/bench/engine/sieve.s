# sieve: strikes out multiples among a million bytes, one for each number, and counts the primes.
        .equ    LIMIT, 1000000          # a multiple of 8

# In a0 rounds, in a1 the work area. Gives the checksum: for each round, 31 times what it was, plus the number of primes.
        .text
        .globl  kernel
kernel:
        mv      t6, a0
        li      a0, 0
        li      a2, LIMIT
        add     a3, a1, a2              # the end of the flags
        li      a4, 1
        li      a5, 31
        beqz    t6, 5f
sieve:
        mv      t0, a1
1:      sd      zero, (t0)
        addi    t0, t0, 8
        bne     t0, a3, 1b

        li      t1, 2                   # the candidate
next_candidate:
        mul     t2, t1, t1              # smaller multiples have a smaller divisor
        bgeu    t2, a2, count
        add     t3, a1, t1
        lbu     t3, (t3)
        bnez    t3, 3f
        add     t2, a1, t2
2:      sb      a4, (t2)
        add     t2, t2, t1
        bltu    t2, a3, 2b
3:      addi    t1, t1, 1
        j       next_candidate

count:
        mul     a0, a0, a5
        addi    t0, a1, 2               # 0 and 1 are no primes
4:      lbu     t1, (t0)
        xori    t1, t1, 1
        add     a0, a0, t1
        addi    t0, t0, 1
        bne     t0, a3, 4b
        addi    t6, t6, -1
        bnez    t6, sieve
5:      ret
