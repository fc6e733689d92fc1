# matmul: multiplies two matrices of 128 by 128 integers of 32 bits.
        .equ    SIDE, 128
        .equ    ROW_BYTES, SIDE * 4
        .equ    MATRIX_BYTES, SIDE * ROW_BYTES
        .equ    SEED, 1
        .equ    MULTIPLIER, 6364136223846793005
        .equ    INCREMENT, 1442695040888963407

# In a0 rounds, in a1 the work area: two factors, then the product. The factors are the upper halves of a linear congruential
# generator's values. Gives the checksum: for each element of the product, 31 times what it was, plus the element. After each
# round the checksum is added to the first element of the first factor.
        .text
        .globl  kernel
kernel:
        mv      a7, a0
        li      a0, 0
        li      t0, MATRIX_BYTES
        add     a2, a1, t0              # the second factor
        add     a3, a2, t0              # the product

        mv      t1, a1
        li      t2, SEED
        li      t3, MULTIPLIER
        li      t4, INCREMENT
1:      mul     t2, t2, t3
        add     t2, t2, t4
        srli    t5, t2, 32
        sw      t5, (t1)
        addi    t1, t1, 4
        bne     t1, a3, 1b
        beqz    a7, 6f

multiply:
        mv      a4, a1                  # a row of the first factor
        mv      t6, a3                  # an element of the product
next_row:
        mv      a5, a2                  # a column of the second factor
        addi    a6, a4, ROW_BYTES
        addi    t5, a2, ROW_BYTES
next_column:
        mv      t0, a4
        mv      t1, a5
        li      t4, 0
3:      lw      t2, (t0)
        lw      t3, (t1)
        mulw    t2, t2, t3
        addw    t4, t4, t2
        addi    t0, t0, 4
        addi    t1, t1, ROW_BYTES
        bne     t0, a6, 3b
        sw      t4, (t6)
        addi    t6, t6, 4
        addi    a5, a5, 4
        bne     a5, t5, next_column
        mv      a4, a6
        bne     a4, a2, next_row

        mv      t0, a3
        li      t1, 31
4:      lw      t2, (t0)
        mul     a0, a0, t1
        add     a0, a0, t2
        addi    t0, t0, 4
        bne     t0, t6, 4b
        lw      t2, (a1)
        addw    t2, t2, a0
        sw      t2, (a1)
        addi    a7, a7, -1
        bnez    a7, multiply
6:      ret
