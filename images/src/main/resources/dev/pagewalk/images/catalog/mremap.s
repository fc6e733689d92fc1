# mremap: lets a mapping grow in place, move with its contents where there is no room, move to a wish, and shrink.
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    MUNMAP, 215
        .equ    MREMAP, 216
        .equ    MMAP, 222
        .equ    MINCORE, 232
        .equ    MAY_MOVE, 1             # MREMAP_MAYMOVE
        .equ    FIXED, 2                # MREMAP_FIXED: to the address given
        .equ    READ_WRITE, 1 | 2       # PROT_READ, PROT_WRITE
        .equ    PRIVATE_ANONYMOUS, 0x02 | 0x20
        .equ    ENOMEM, 12              # no room; for mincore: nothing is mapped
        .equ    PAGE, 4096

        .globl  _start
_start:
        la      s11, grown_claim
        li      a1, 8 * PAGE
        call    map
        mv      s0, a0
        li      t0, 3 * PAGE
        add     a0, s0, t0
        li      a1, 3 * PAGE
        li      a7, MUNMAP              # three pages, a gap of three, two pages
        ecall
        bnez    a0, wrong
        li      a1, 3
        call    fill
        mv      a0, s0
        li      a1, 3 * PAGE
        li      a2, 6 * PAGE            # fits exactly
        li      a3, 0
        call    remap
        bne     a0, s0, wrong
        li      a1, 3
        call    check
        li      t0, 3 * PAGE
        add     t0, s0, t0
        ld      t1, (t0)                # the new pages read zero
        bnez    t1, wrong
        call    holds

        la      s11, refused_claim
        li      a1, 6
        call    fill
        mv      a0, s0
        li      a1, 6 * PAGE
        li      a2, 7 * PAGE            # the two pages behind are in the way
        li      a3, 0
        call    remap
        li      t0, -ENOMEM
        bne     a0, t0, wrong
        li      a1, 6
        call    check
        call    holds

        la      s11, moved_claim
        mv      s1, s0                  # where it was
        mv      a0, s0
        li      a1, 6 * PAGE
        li      a2, 7 * PAGE
        li      a3, MAY_MOVE
        call    remap
        bltz    a0, wrong
        beq     a0, s1, wrong
        mv      s0, a0
        li      a1, 6
        call    check
        mv      a0, s1
        call    is_unmapped
        call    holds

        la      s11, fixed_claim
        li      a1, 16 * PAGE
        call    map
        li      t0, 4 * PAGE
        add     s2, a0, t0              # a place in the midst of another mapping
        mv      s1, s0
        mv      a0, s0
        li      a1, 7 * PAGE
        li      a2, 7 * PAGE
        li      a3, MAY_MOVE | FIXED
        mv      a4, s2
        call    remap
        bne     a0, s2, wrong
        mv      s0, a0
        li      a1, 6
        call    check
        mv      a0, s1
        call    is_unmapped
        call    holds

        la      s11, shrunk_claim
        mv      a0, s0
        li      a1, 7 * PAGE
        li      a2, PAGE
        li      a3, 0
        call    remap
        bne     a0, s0, wrong
        li      a1, 1
        call    check
        li      t0, PAGE
        add     a0, s0, t0
        call    is_unmapped
        call    holds
        li      a0, 0
        li      a7, EXIT
        ecall

# mremap(a0 = address, a1 = old size, a2 = new size, a3 = flags, a4 = new address)
remap:
        li      a7, MREMAP
        ecall
        ret

# Stores the numbers from 1 to a1 into the first a1 pages at s0.
fill:
        mv      t0, s0
        li      t1, 0
        li      t2, PAGE
1:      addi    t1, t1, 1
        sd      t1, (t0)
        add     t0, t0, t2
        bne     t1, a1, 1b
        ret

# Looks whether they are still there.
check:
        mv      t0, s0
        li      t1, 0
        li      t2, PAGE
1:      addi    t1, t1, 1
        ld      t3, (t0)
        bne     t3, t1, wrong
        add     t0, t0, t2
        bne     t1, a1, 1b
        ret

# Looks whether nothing is mapped at a0: mincore says so without touching it.
is_unmapped:
        addi    sp, sp, -16
        li      a1, PAGE
        mv      a2, sp
        li      a7, MINCORE
        ecall
        addi    sp, sp, 16
        li      t0, -ENOMEM
        bne     a0, t0, wrong
        ret

# Maps a1 bytes of private memory, anywhere.
map:
        li      a0, 0
        li      a2, READ_WRITE
        li      a3, PRIVATE_ANONYMOUS
        li      a4, -1                  # no file
        li      a5, 0
        li      a7, MMAP
        ecall
        bltz    a0, wrong
        ret

# Prints the claim at s11, which has been found true.
holds:
        mv      a0, s11
        j       print

# Ends the program: the claim at s11 is not true.
wrong:
        la      a0, wrong_text
        call    print
        call    holds
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
grown_claim:
        .asciz  "grows in place where there is room\n"
refused_claim:
        .asciz  "does not grow over its neighbour\n"
moved_claim:
        .asciz  "moves to grow, and keeps its contents\n"
fixed_claim:
        .asciz  "moves to where it is told, over what was there\n"
shrunk_claim:
        .asciz  "shrinks, and the rest is unmapped\n"
wrong_text:
        .asciz  "not true: "
