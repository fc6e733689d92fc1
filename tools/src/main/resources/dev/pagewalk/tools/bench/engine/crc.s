# crc: CRC-32 of 64 KiB, a byte at a time, by a table of 256 words.
        .equ    DATA_BYTES, 1 << 16
        .equ    POLYNOMIAL, 0xedb88320
        .equ    SEED, 1
        .equ    MULTIPLIER, 6364136223846793005
        .equ    INCREMENT, 1442695040888963407

# In a0 rounds, in a1 the work area: the table, then the data, which are the highest bytes of a linear congruential generator's
# values. Gives the CRC of the data repeated as often as there are rounds.
        .text
        .globl  kernel
kernel:
        addi    a2, a1, 1024            # the data
        mv      t0, a1
        li      t1, 0
        li      t2, POLYNOMIAL
        li      t6, 256
1:      mv      t3, t1
        li      t4, 8
2:      andi    t5, t3, 1
        srli    t3, t3, 1
        beqz    t5, 3f
        xor     t3, t3, t2
3:      addi    t4, t4, -1
        bnez    t4, 2b
        sw      t3, (t0)
        addi    t0, t0, 4
        addi    t1, t1, 1
        bne     t1, t6, 1b

        li      t1, DATA_BYTES
        add     a3, a2, t1
        mv      t1, a2
        li      t2, SEED
        li      t3, MULTIPLIER
        li      t4, INCREMENT
4:      mul     t2, t2, t3
        add     t2, t2, t4
        srli    t5, t2, 56
        sb      t5, (t1)
        addi    t1, t1, 1
        bne     t1, a3, 4b

        li      t6, 0xffffffff
        mv      a4, t6
        beqz    a0, 7f
5:      mv      t0, a2
6:      lbu     t1, (t0)
        xor     t1, t1, a4
        andi    t1, t1, 255
        slli    t1, t1, 2
        add     t1, t1, a1
        lwu     t1, (t1)
        srli    a4, a4, 8
        xor     a4, a4, t1
        addi    t0, t0, 1
        bne     t0, a3, 6b
        addi    a0, a0, -1
        bnez    a0, 5b
7:      xor     a0, a4, t6
        ret
