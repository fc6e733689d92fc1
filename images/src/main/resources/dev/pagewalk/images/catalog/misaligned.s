# misaligned: loads and stores work at any address, even across pages, but a misaligned atomic kills.
        .equ    WRITE, 64
        .equ    EXIT, 93

        .globl  _start
_start:
        la      s0, page_end
        li      t0, 0x1122334455667788
        sd      t0, -3(s0)              # three bytes on one page, five on the next
        ld      t1, -3(s0)
        bne     t0, t1, wrong
        lbu     t1, -3(s0)              # the lowest byte is the first one
        li      t2, 0x88
        bne     t1, t2, wrong
        lbu     t1, 4(s0)               # the highest byte is the last one
        li      t2, 0x11
        bne     t1, t2, wrong
        lw      t1, -1(s0)              # a word across the pages: bytes 2 to 5
        li      t2, 0x33445566
        bne     t1, t2, wrong
        lh      t1, -1(s0)              # a half-word: bytes 2 and 3
        li      t2, 0x5566
        bne     t1, t2, wrong
        la      a0, works
        call    print

        la      s1, page_start + 2
        li      t0, 1
        amoadd.w t1, t0, (s1)           # must be aligned to its size: SIGBUS
wrong:
        la      a0, wrong_text
        call    print
        li      a0, 1
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

        .section .rodata
works:  .asciz  "loads and stores across pages work\na misaligned atomic\n"
wrong_text:
        .asciz  "wrong\n"

        .data                           # the third page of the image: 0x12000
page_start:
        .zero   4096
page_end:
        .zero   8
