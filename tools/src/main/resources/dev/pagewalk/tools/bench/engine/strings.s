# strings: strlen, strcpy, strcmp and memchr by bytes, and strlen by words, over a thousand texts of 8 to 55 letters.
        .equ    TEXTS, 1024
        .equ    SLOT_BYTES, 64          # a text begins at a multiple of that
        .equ    TEXTS_BYTES, TEXTS * SLOT_BYTES
        .equ    LEAST_LETTERS, 8
        .equ    LENGTHS, 48
        .equ    LETTERS, 26
        .equ    SEED, 1
        .equ    MULTIPLIER, 6364136223846793005
        .equ    INCREMENT, 1442695040888963407

# In a0 rounds, in a1 the work area: the texts, then a copy of one. A linear congruential generator gives each text's length, then its
# letters. Round n, from 0 on, looks for the letter 'a' + n % 26 in each text and in its copy. Gives the checksum: for each of these
# figures, 31 times what it was, plus the figure: the length, how the copy compares (0), how the text compares with the one before it
# (the last one is before the first), where in the copy the letter stands first (the length where it does not), the length again.
        .text
        .globl  kernel
kernel:
        addi    sp, sp, -80
        sd      ra, 72(sp)
        sd      s0, 64(sp)
        sd      s1, 56(sp)
        sd      s2, 48(sp)
        sd      s3, 40(sp)
        sd      s4, 32(sp)
        sd      s5, 24(sp)
        sd      s6, 16(sp)
        sd      s7, 8(sp)
        mv      s0, a0
        mv      s1, a1
        li      t0, TEXTS_BYTES
        add     s2, a1, t0              # the copy
        li      s3, 0                   # the checksum
        li      s4, 'a'
        mv      a0, s1
        mv      a1, s2
        jal     make_texts
        beqz    s0, end

next_round:
        mv      s5, s1                  # the text
        addi    s6, s2, -SLOT_BYTES     # the one before it
next_text:
        mv      a0, s5
        jal     strlen
        mv      s7, a0
        jal     add_to_checksum
        mv      a0, s2
        mv      a1, s5
        jal     strcpy
        mv      a0, s2
        mv      a1, s5
        jal     strcmp
        jal     add_to_checksum
        mv      a0, s5
        mv      a1, s6
        jal     strcmp
        jal     add_to_checksum
        mv      a0, s2
        mv      a1, s4
        mv      a2, s7
        jal     memchr
        sub     a0, a0, s2
        jal     add_to_checksum
        mv      a0, s2
        jal     strlen_by_words
        jal     add_to_checksum
        mv      s6, s5
        addi    s5, s5, SLOT_BYTES
        bne     s5, s2, next_text

        addi    s4, s4, 1
        li      t0, 'a' + LETTERS
        bne     s4, t0, 1f
        li      s4, 'a'
1:      addi    s0, s0, -1
        bnez    s0, next_round

end:    mv      a0, s3
        ld      ra, 72(sp)
        ld      s0, 64(sp)
        ld      s1, 56(sp)
        ld      s2, 48(sp)
        ld      s3, 40(sp)
        ld      s4, 32(sp)
        ld      s5, 24(sp)
        ld      s6, 16(sp)
        ld      s7, 8(sp)
        addi    sp, sp, 80
        ret

add_to_checksum:
        slli    t0, s3, 5
        sub     s3, t0, s3
        add     s3, s3, a0
        ret

# From a0 to a1.
make_texts:
        li      t2, SEED
        li      t3, MULTIPLIER
        li      t4, INCREMENT
1:      mul     t2, t2, t3
        add     t2, t2, t4
        srli    t5, t2, 32
        li      t6, LENGTHS
        remu    t5, t5, t6
        addi    t5, t5, LEAST_LETTERS
        mv      t0, a0
        add     t1, a0, t5              # the end
        li      t6, LETTERS
2:      mul     t2, t2, t3
        add     t2, t2, t4
        srli    t5, t2, 32
        remu    t5, t5, t6
        addi    t5, t5, 'a'
        sb      t5, (t0)
        addi    t0, t0, 1
        bne     t0, t1, 2b
        sb      zero, (t0)
        addi    a0, a0, SLOT_BYTES
        bne     a0, a1, 1b
        ret

strlen:
        mv      t0, a0
1:      lbu     t1, (t0)
        addi    t0, t0, 1
        bnez    t1, 1b
        sub     a0, t0, a0
        addi    a0, a0, -1
        ret

strcpy:
        mv      t0, a0
1:      lbu     t1, (a1)
        addi    a1, a1, 1
        sb      t1, (t0)
        addi    t0, t0, 1
        bnez    t1, 1b
        ret

strcmp:
1:      lbu     t0, (a0)
        lbu     t1, (a1)
        bne     t0, t1, 2f
        addi    a0, a0, 1
        addi    a1, a1, 1
        bnez    t0, 1b
2:      sub     a0, t0, t1
        ret

# Unlike C's, gives the end where the letter is not there.
memchr:
        add     a2, a0, a2
1:      beq     a0, a2, 2f
        lbu     t0, (a0)
        beq     t0, a1, 2f
        addi    a0, a0, 1
        j       1b
2:      ret

# Of a text that begins at a multiple of 8. A byte of (w - 0x01..01) & ~w & 0x80..80 is not zero first where one of w is zero.
strlen_by_words:
        li      t3, 0x0101010101010101
        slli    t4, t3, 7
        mv      t0, a0
1:      ld      t1, (t0)
        addi    t0, t0, 8
        sub     t2, t1, t3
        not     t1, t1
        and     t2, t2, t1
        and     t2, t2, t4
        beqz    t2, 1b
        addi    t0, t0, -8
2:      lbu     t1, (t0)
        beqz    t1, 3f
        addi    t0, t0, 1
        j       2b
3:      sub     a0, t0, a0
        ret
