# fault-storm: maps 256 pages, stores to each, and unmaps them. Only under a Linux kernel, or ours.
        .equ    PAGE_BYTES, 4096
        .equ    STORM_BYTES, 256 * PAGE_BYTES
        .equ    MUNMAP, 215

# In a0 rounds, in a1 the work area, which is not used. Gives the checksum: the sum of what all pages hold in their first doubleword,
# the rounds that are left.
        .text
        .globl  kernel
kernel:
        mv      s0, a0
        li      s1, 0
        beqz    s0, 3f
next_round:
        li      a0, 0
        li      a1, STORM_BYTES
        li      a2, 3                   # PROT_READ | PROT_WRITE
        li      a3, 0x22                # MAP_PRIVATE | MAP_ANONYMOUS
        li      a4, -1
        li      a5, 0
        li      a7, MMAP
        ecall
        li      t0, STORM_BYTES
        add     t1, a0, t0
        mv      t2, a0
        li      t3, PAGE_BYTES
1:      sd      s0, (t2)
        add     t2, t2, t3
        bne     t2, t1, 1b
        mv      t2, a0
2:      ld      t4, (t2)
        add     s1, s1, t4
        add     t2, t2, t3
        bne     t2, t1, 2b
        li      a1, STORM_BYTES
        li      a7, MUNMAP
        ecall
        addi    s0, s0, -1
        bnez    s0, next_round
3:      mv      a0, s1
        ret
