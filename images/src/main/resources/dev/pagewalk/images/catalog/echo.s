# echo: copies standard input to standard output until the input ends.
        .equ    READ, 63
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    BUFFER_SIZE, 4096

        .globl  _start
_start:
read_more:
        li      a0, 0                   # standard input
        la      a1, buffer
        li      a2, BUFFER_SIZE
        li      a7, READ
        ecall
        beqz    a0, done                # 0 bytes: the input has ended
        bltz    a0, failed
        mv      s0, a0                  # bytes left to write
        la      s1, buffer

write_more:                             # one write may take only a part
        li      a0, 1                   # standard output
        mv      a1, s1
        mv      a2, s0
        li      a7, WRITE
        ecall
        bltz    a0, failed
        add     s1, s1, a0
        sub     s0, s0, a0
        bnez    s0, write_more
        j       read_more

done:
        li      a0, 0
        li      a7, EXIT
        ecall
failed:                                 # a0 is a negative errno value
        neg     a0, a0
        li      a7, EXIT
        ecall

        .bss
buffer: .space  BUFFER_SIZE
