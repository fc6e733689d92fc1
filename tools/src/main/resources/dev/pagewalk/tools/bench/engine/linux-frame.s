# A kernel as a Linux program: Pagewalk and qemu-riscv64 run it. The first argument says how many rounds.
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    MMAP, 222
        .equ    AREA_BYTES, 64 << 20

        .text
        .globl  _start
_start:
        li      s0, 1                   # rounds, unless argv[1] gives them
        ld      t0, 0(sp)               # argc
        li      t1, 2
        bltu    t0, t1, map_area
        ld      t0, 16(sp)              # argv[1]
        li      s0, 0
        li      t3, 10
next_digit:
        lbu     t1, (t0)
        addi    t1, t1, -'0'
        bgeu    t1, t3, map_area        # no digit: the number has ended
        mul     s0, s0, t3
        add     s0, s0, t1
        addi    t0, t0, 1
        j       next_digit

map_area:
        li      a0, 0
        li      a1, AREA_BYTES
        li      a2, 3                   # PROT_READ | PROT_WRITE
        li      a3, 0x22                # MAP_PRIVATE | MAP_ANONYMOUS
        li      a4, -1
        li      a5, 0
        li      a7, MMAP
        ecall
        bltz    a0, out_of_memory
        mv      a1, a0
        mv      a0, s0
        jal     kernel

        addi    sp, sp, -32
        li      t0, '\n'
        sb      t0, 16(sp)
        addi    t2, sp, 16              # digits grow downwards from here
        li      t3, 10
hexadecimal_digit:
        andi    t0, a0, 15
        srli    a0, a0, 4
        addi    t1, t0, '0'
        blt     t0, t3, store_digit
        addi    t1, t0, 'a' - 10
store_digit:
        addi    t2, t2, -1
        sb      t1, (t2)
        bne     t2, sp, hexadecimal_digit
        li      a0, 1                   # standard output
        mv      a1, sp
        li      a2, 17
        li      a7, WRITE
        ecall
        li      a0, 0
        li      a7, EXIT
        ecall

out_of_memory:
        li      a0, 1
        li      a7, EXIT
        ecall

