# brk: grows the heap, shrinks it and grows it again: pages that come back read zero.
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    BRK, 214
        .equ    PAGE, 4096

        .globl  _start
_start:
        li      a0, 0                   # an impossible break: the kernel answers with the present one
        li      a7, BRK
        ecall
        li      t0, PAGE - 1
        add     s0, a0, t0
        li      t0, -PAGE
        and     s0, s0, t0              # the first whole page of the heap
        li      t0, 3 * PAGE
        add     s1, s0, t0              # the end after three pages
        li      t0, PAGE
        add     s2, s0, t0              # the end after one page

        mv      a0, s1                  # grow to three pages
        call    set_break
        la      a0, grown
        call    print
        li      t0, 0x55
        mv      t1, s0
1:      sd      t0, (t1)                # fill all three
        addi    t1, t1, 8
        bne     t1, s1, 1b

        mv      a0, s2                  # shrink to one page: the other two go back to the kernel
        call    set_break
        la      a0, shrunk
        call    print
        ld      t0, (s0)                # what is left keeps its contents
        li      t1, 0x55
        bne     t0, t1, wrong

        mv      a0, s1                  # grow again
        call    set_break
        mv      t1, s2
1:      ld      t0, (t1)                # nothing of the old contents may show
        bnez    t0, wrong
        addi    t1, t1, 8
        bne     t1, s1, 1b
        la      a0, grown_again
        call    print
        li      a0, 0
        li      a7, EXIT
        ecall

# Sets the break to a0; ends the program where the kernel refuses.
set_break:
        mv      t0, a0
        li      a7, BRK
        ecall                           # gives the break as it is now
        bne     a0, t0, wrong
        ret

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
grown:  .asciz  "grown by three pages\n"
shrunk: .asciz  "shrunk to one page, which keeps its contents\n"
grown_again:
        .asciz  "grown again: the new pages read zero\n"
wrong_text:
        .asciz  "wrong\n"
