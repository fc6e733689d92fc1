# A kernel on QEMU's machine virt, without firmware: builds page tables of Sv48 with pages of 4 KiB only, goes to user mode,
# runs the kernel there and prints its checksum. How many rounds is a doubleword at ROUNDS, which QEMU's loader puts there.
        .equ    FINISHER, 0x00100000
        .equ    FINISHER_PASS, 0x5555
        .equ    FINISHER_FAIL, 0x3333
        .equ    UART, 0x10000000
        .equ    RAM, 0x80000000
        .equ    ROUNDS, 0x80800000
        .equ    STACK_END, 0x80a00000
        .equ    TABLES, 0x80c00000
        .equ    LEAF_TABLES, 0x80c03000  # after one table each of the levels 3, 2 and 1
        .equ    AREA, 0x81000000
        .equ    END, 0x85000000         # 64 MiB on
        .equ    POINTER, 0x01           # PTE: V
        .equ    LEAF, 0xdf              # PTE: D A U X W R V
        .equ    USER_CALL, 8            # mcause of ecall in user mode

        .text
        .globl  _start
_start:
        la      t0, trapped
        csrw    mtvec, t0
        li      t0, -1                  # all of memory for all modes
        csrw    pmpaddr0, t0
        li      t0, 0x1f
        csrw    pmpcfg0, t0

        # Virtual addresses are the physical ones: 512 GiB at index 0, 1 GiB at index 2, 2 MiB each from index 0 on.
        li      t0, TABLES
        li      t1, LEAF_TABLES
        li      t2, (TABLES + 0x1000) >> 2 | POINTER
        sd      t2, (t0)
        li      t2, (TABLES + 0x2000) >> 2 | POINTER
        li      t3, TABLES + 0x1000
        sd      t2, 16(t3)
        li      t3, TABLES + 0x2000
        li      t4, RAM
        li      t5, END
        li      a2, 0x1000
        li      a3, 0x200000
next_table:
        srli    t2, t1, 2
        ori     t2, t2, POINTER
        sd      t2, (t3)
        addi    t3, t3, 8
        add     t6, t4, a3
next_page:
        srli    t2, t4, 2
        ori     t2, t2, LEAF
        sd      t2, (t1)
        addi    t1, t1, 8
        add     t4, t4, a2
        bne     t4, t6, next_page
        bltu    t4, t5, next_table

        srli    t0, t0, 12
        li      t1, 9                   # Sv48
        slli    t1, t1, 60
        or      t0, t0, t1
        csrw    satp, t0
        sfence.vma
        la      t0, user
        csrw    mepc, t0
        csrw    mstatus, zero           # mret leads to user mode
        li      t0, ROUNDS
        ld      a0, (t0)
        li      a1, AREA
        li      sp, STACK_END
        mret

user:
        jal     kernel
        ecall

        .p2align 2
trapped:
        csrr    t0, mcause
        li      t1, USER_CALL
        li      s0, FINISHER_PASS
        beq     t0, t1, print
        li      s0, 1 << 16 | FINISHER_FAIL
        csrr    a0, mepc
print:
        li      t2, UART
        li      t3, 64
        li      t4, 10
next_digit:
        addi    t3, t3, -4
        srl     t0, a0, t3
        andi    t0, t0, 15
        addi    t1, t0, '0'
        blt     t0, t4, put_digit
        addi    t1, t0, 'a' - 10
put_digit:
        sb      t1, (t2)
        bnez    t3, next_digit
        li      t1, '\n'
        sb      t1, (t2)
        li      t0, FINISHER
        sw      s0, (t0)
1:      j       1b

        .p2align 12             # QEMU finds where indirect jumps lead by a hash of addresses: all kernels begin alike
