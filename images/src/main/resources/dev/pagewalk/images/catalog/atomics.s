# atomics: checks load-reserved, store-conditional and every atomic memory operation against known results.
        .equ    WRITE, 64
        .equ    EXIT, 93

        .globl  _start
_start:
        la      s0, cell

        li      t0, 41                  # load-reserved and store-conditional: an increment
        sd      t0, (s0)
1:      lr.d    t0, (s0)
        addi    t0, t0, 1
        sc.d    t1, t0, (s0)            # 0 where nothing came between
        bnez    t1, 1b
        ld      t0, (s0)
        li      t1, 42
        bne     t0, t1, wrong

        sc.d    t1, zero, (s0)          # the reservation is gone: this one must fail
        beqz    t1, wrong
        ld      t0, (s0)                # and store nothing
        li      t1, 42
        bne     t0, t1, wrong

        li      t0, -7                  # a word is sign-extended in the register
        sd      t0, (s0)
1:      lr.w    t2, (s0)
        sc.w    t1, zero, (s0)
        bnez    t1, 1b
        bne     t2, t0, wrong
        lw      t0, 4(s0)               # and its neighbour is left alone
        li      t1, -1
        bne     t0, t1, wrong
        la      a0, reserved_text
        call    print

        la      s1, cases
        la      s2, cases_end
next_case:
        ld      s3, 0(s1)               # the operation
        ld      s4, 8(s1)               # the cell's value before
        ld      a1, 16(s1)              # the operand
        ld      s5, 24(s1)              # the cell's value afterwards
        addi    s1, s1, 32
        sd      s4, (s0)
        mv      a2, s0
        jalr    s3
        bne     a0, s4, wrong           # the register gets the value before
        lw      t0, (s0)
        sext.w  t1, s5
        bne     t0, t1, wrong
        bltu    s1, s2, next_case
        la      a0, operations_text
        call    print
        li      a0, 0
        li      a7, EXIT
        ecall

wrong:
        la      a0, wrong_text
        call    print
        li      a0, 1
        li      a7, EXIT
        ecall

# The operations: a0 = old value of the cell at a2, whose new value comes from it and a1.
swap_w:         amoswap.w a0, a1, (a2)
        ret
add_w:          amoadd.w a0, a1, (a2)
        ret
and_w:          amoand.w a0, a1, (a2)
        ret
or_w:           amoor.w a0, a1, (a2)
        ret
xor_w:          amoxor.w a0, a1, (a2)
        ret
min_w:          amomin.w a0, a1, (a2)
        ret
max_w:          amomax.w a0, a1, (a2)
        ret
minu_w:         amominu.w a0, a1, (a2)
        ret
maxu_w:         amomaxu.w a0, a1, (a2)
        ret
swap_d:         amoswap.d a0, a1, (a2)
        ret
add_d:          amoadd.d a0, a1, (a2)
        ret
and_d:          amoand.d a0, a1, (a2)
        ret
or_d:           amoor.d a0, a1, (a2)
        ret
xor_d:          amoxor.d a0, a1, (a2)
        ret
min_d:          amomin.d a0, a1, (a2)
        ret
max_d:          amomax.d a0, a1, (a2)
        ret
minu_d:         amominu.d a0, a1, (a2)
        ret
maxu_d:         amomaxu.d a0, a1, (a2)
        ret

# Writes the text at a0, up to its zero byte.
print:
        mv      a2, a0
1:      lbu     t0, (a2)
        addi    a2, a2, 1
        bnez    t0, 1b
        sub     a2, a2, a0
        addi    a2, a2, -1              # the zero byte itself stays out
        mv      a1, a0
        li      a0, 1                   # standard output
        li      a7, WRITE
        ecall
        ret

        .section .rodata
reserved_text:
        .asciz  "load-reserved and store-conditional: right\n"
operations_text:
        .asciz  "atomic memory operations: right\n"
wrong_text:
        .asciz  "wrong\n"

        .balign 8
cases:                                  # operation, value before, operand, value afterwards
        .dword  swap_w, 12, -3, -3
        .dword  add_w, -1, 5, 4
        .dword  and_w, 12, 10, 8
        .dword  or_w, 12, 10, 14
        .dword  xor_w, 12, 10, 6
        .dword  min_w, -5, 3, -5
        .dword  max_w, -5, 3, 3
        .dword  minu_w, -5, 3, 3
        .dword  maxu_w, -5, 3, -5
        .dword  swap_d, 12, -3, -3
        .dword  add_d, -1, 5, 4
        .dword  and_d, 12, 10, 8
        .dword  or_d, 12, 10, 14
        .dword  xor_d, 12, 10, 6
        .dword  min_d, -5, 3, -5
        .dword  max_d, -5, 3, 3
        .dword  minu_d, -5, 3, 3
        .dword  maxu_d, -5, 3, -5
cases_end:

        .data
        .balign 8
cell:   .dword  0
