# qsort: sorts 65536 integers of 32 bits by Hoare's partition, recursively.
        .equ    NUMBERS_BYTES, 65536 * 4
        .equ    SEED, 1
        .equ    MULTIPLIER, 6364136223846793005
        .equ    INCREMENT, 1442695040888963407

# In a0 rounds, in a1 the work area. Each round sorts other numbers, the upper halves of a linear congruential generator's
# values. Gives the checksum: for each number of a sorted array, 31 times what it was, plus the number.
        .text
        .globl  kernel
kernel:
        addi    sp, sp, -64
        sd      ra, 56(sp)
        sd      s0, 48(sp)
        sd      s1, 40(sp)
        sd      s2, 32(sp)
        sd      s3, 24(sp)
        sd      s4, 16(sp)
        mv      s0, a0
        mv      s1, a1
        li      t0, NUMBERS_BYTES
        add     s2, a1, t0
        li      s3, SEED
        li      s4, 0
        beqz    s0, 5f

3:      mv      t0, s1
        li      t1, MULTIPLIER
        li      t2, INCREMENT
1:      mul     s3, s3, t1
        add     s3, s3, t2
        srli    t3, s3, 32
        sw      t3, (t0)
        addi    t0, t0, 4
        bne     t0, s2, 1b

        mv      a0, s1
        addi    a1, s2, -4
        jal     sort

        mv      t0, s1
        li      t1, 31
2:      lw      t2, (t0)
        mul     s4, s4, t1
        add     s4, s4, t2
        addi    t0, t0, 4
        bne     t0, s2, 2b
        addi    s0, s0, -1
        bnez    s0, 3b

5:      mv      a0, s4
        ld      ra, 56(sp)
        ld      s0, 48(sp)
        ld      s1, 40(sp)
        ld      s2, 32(sp)
        ld      s3, 24(sp)
        ld      s4, 16(sp)
        addi    sp, sp, 64
        ret

# Sorts from the number at a0 to the one at a1.
sort:
        bgeu    a0, a1, 4f
        addi    sp, sp, -32
        sd      ra, 24(sp)
        sd      s0, 16(sp)
        sd      s1, 8(sp)
        sub     t0, a1, a0
        srli    t0, t0, 3
        slli    t0, t0, 2
        add     t0, t0, a0
        lw      t0, (t0)                # the pivot, from the middle
        addi    t1, a0, -4
        addi    t2, a1, 4
1:      addi    t1, t1, 4
        lw      t3, (t1)
        blt     t3, t0, 1b
2:      addi    t2, t2, -4
        lw      t4, (t2)
        blt     t0, t4, 2b
        bgeu    t1, t2, 3f
        sw      t4, (t1)
        sw      t3, (t2)
        j       1b
3:      mv      s0, t2
        mv      s1, a1
        mv      a1, t2
        jal     sort
        addi    a0, s0, 4
        mv      a1, s1
        jal     sort
        ld      ra, 24(sp)
        ld      s0, 16(sp)
        ld      s1, 8(sp)
        addi    sp, sp, 32
4:      ret
