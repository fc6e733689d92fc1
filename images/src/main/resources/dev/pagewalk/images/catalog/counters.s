# counters: reads the cycle, time and instruction counters around a loop of known length.
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    ROUNDS, 500

        .globl  _start
_start:
        rdtime  s4
        rdcycle s2
        rdinstret s0                    # counts itself only afterwards, so it is in the difference
        li      t0, ROUNDS
1:      addi    t0, t0, -1              # 2 instructions a round: 1000
        bnez    t0, 1b
        rdinstret s1
        rdcycle s3
        rdtime  s5

        la      a0, instructions
        call    print
        sub     a0, s1, s0              # rdinstret, li and the loop: 1002
        call    print_number

        la      a0, cycles
        call    print
        sub     t0, s3, s2
        sub     t1, s1, s0
        la      a0, yes
        bgeu    t0, t1, 1f
        la      a0, no
1:      call    print

        la      a0, time
        call    print
        la      a0, yes
        bgeu    s5, s4, 1f
        la      a0, no
1:      call    print

        li      a0, 0
        li      a7, EXIT
        ecall

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

# Writes a0 as an unsigned decimal number.
print_number:
        addi    sp, sp, -32
        addi    a1, sp, 32              # the digits grow downwards from here
        li      t0, 10
1:      remu    t1, a0, t0
        divu    a0, a0, t0
        addi    t1, t1, '0'
        addi    a1, a1, -1
        sb      t1, (a1)
        bnez    a0, 1b
        addi    a2, sp, 32
        sub     a2, a2, a1
        li      a0, 1                   # standard output
        li      a7, WRITE
        ecall
        addi    sp, sp, 32
        ret

        .section .rodata
instructions:
        .asciz  "instructions: "
cycles: .asciz  "\nat least one cycle each: "
time:   .asciz  "time did not go backwards: "
yes:    .asciz  "yes\n"
no:     .asciz  "no\n"
