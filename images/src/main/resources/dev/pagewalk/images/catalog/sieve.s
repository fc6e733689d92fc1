# sieve: counts the primes below a million with the sieve of Eratosthenes, as often as its argument says.
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    LIMIT, 1000000          # a multiple of 8

        .globl  _start
_start:
        li      s0, 1                   # repetitions, unless argv[1] gives them
        ld      t0, 0(sp)               # argc
        li      t1, 2
        bltu    t0, t1, repeat
        ld      a0, 16(sp)              # argv[1]
        call    parse_number
        mv      s0, a0

repeat:
        li      s1, 0                   # primes found
        beqz    s0, report
again:
        call    sieve
        mv      s1, a0
        addi    s0, s0, -1
        bnez    s0, again

report:
        mv      a0, s1
        call    print_number
        la      a0, text
        call    print
        li      a0, 0
        li      a7, EXIT
        ecall

# Gives the number of primes below LIMIT. flags[n] becomes 1 where n has a divisor.
sieve:
        la      t0, flags
        li      t1, LIMIT
        add     t2, t0, t1              # the end of the flags
1:      sd      zero, (t0)              # each repetition starts afresh
        addi    t0, t0, 8
        bne     t0, t2, 1b

        la      t0, flags
        li      t3, 2                   # the candidate
        li      t6, 1
next_candidate:
        mul     t4, t3, t3              # smaller multiples have a smaller divisor
        bgeu    t4, t1, count
        add     t5, t0, t3
        lbu     t5, (t5)
        bnez    t5, skip
        add     t4, t0, t4
2:      sb      t6, (t4)                # strike out the multiples
        add     t4, t4, t3
        bltu    t4, t2, 2b
skip:
        addi    t3, t3, 1
        j       next_candidate

count:
        li      a0, 0
        addi    t0, t0, 2               # 0 and 1 are no primes
3:      lbu     t3, (t0)
        xori    t3, t3, 1
        add     a0, a0, t3
        addi    t0, t0, 1
        bne     t0, t2, 3b
        ret

# Gives the decimal number in the text at a0.
parse_number:
        mv      t0, a0
        li      a0, 0
        li      t3, 10
1:      lbu     t1, (t0)
        addi    t1, t1, -'0'
        bgeu    t1, t3, 2f              # no digit: the number has ended
        mul     a0, a0, t3
        add     a0, a0, t1
        addi    t0, t0, 1
        j       1b
2:      ret

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
text:   .asciz  " primes below 1000000\n"

        .bss
flags:  .space  LIMIT
