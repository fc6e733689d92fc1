# chase: follows pointers through 64 MiB, in one random cycle through a million nodes, each a cache line of its own.
        .equ    NODES, 1 << 20
        .equ    NODE_SHIFT, 6
        .equ    STEPS, 100000           # in a round
        .equ    SEED, 1
        .equ    MULTIPLIER, 6364136223846793005
        .equ    INCREMENT, 1442695040888963407

# In a0 rounds, in a1 the work area: the nodes, each with a pointer at its beginning. Sattolo's algorithm makes the cycle, with the
# upper halves of a linear congruential generator's values. Gives the checksum: the sum of the offsets in the area of all nodes
# where a step has led.
        .text
        .globl  kernel
kernel:
        li      t0, NODES
        slli    t1, t0, NODE_SHIFT
        add     t1, a1, t1              # the end
        mv      t2, a1
1:      sd      t2, (t2)
        addi    t2, t2, 1 << NODE_SHIFT
        bne     t2, t1, 1b

        addi    t0, t0, -1              # the node whose pointer is exchanged with that of a node before it
        li      t2, SEED
        li      t3, MULTIPLIER
        li      t4, INCREMENT
2:      mul     t2, t2, t3
        add     t2, t2, t4
        srli    t5, t2, 32
        mul     t5, t5, t0
        srli    t5, t5, 32              # 0 to t0 - 1
        slli    t5, t5, NODE_SHIFT
        add     t5, a1, t5
        slli    t6, t0, NODE_SHIFT
        add     t6, a1, t6
        ld      a2, (t5)
        ld      a3, (t6)
        sd      a3, (t5)
        sd      a2, (t6)
        addi    t0, t0, -1
        bnez    t0, 2b

        li      t0, STEPS
        mul     t0, t0, a0              # steps in all
        mv      t1, t0
        li      a0, 0
        beqz    t0, 4f
        mv      t2, a1
3:      ld      t2, (t2)
        addi    t1, t1, -1
        add     a0, a0, t2
        bnez    t1, 3b
        mul     t0, t0, a1
        sub     a0, a0, t0
4:      ret
