# answer: ends with the status that its variable has.
        .globl  _start
_start: la      t0, answer
        lw      a0, (t0)
        li      a7, 93
        ecall
        .data
        .globl  answer
answer: .word   42
