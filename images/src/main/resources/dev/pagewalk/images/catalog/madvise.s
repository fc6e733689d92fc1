# madvise: gives pages back with MADV_DONTNEED, after which they read zero again; mincore tells which are resident.
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    MMAP, 222
        .equ    MINCORE, 232
        .equ    MADVISE, 233
        .equ    WILL_NEED, 3            # MADV_WILLNEED
        .equ    DONT_NEED, 4            # MADV_DONTNEED
        .equ    READ_WRITE, 1 | 2       # PROT_READ, PROT_WRITE
        .equ    SHARED_ANONYMOUS, 0x01 | 0x20
        .equ    PRIVATE_ANONYMOUS, 0x02 | 0x20
        .equ    PAGE, 4096
        .equ    PAGES, 8

        .globl  _start
_start:
        la      s11, mapped_text
        li      a3, PRIVATE_ANONYMOUS
        call    map
        mv      s0, a0
        la      a0, mapped_text
        li      s1, 0x00                # one bit for each page that must be resident
        call    print_residency

        li      a0, 1                   # touch the first five
        li      a1, 5
        call    write_pages
        la      a0, touched_text
        li      s1, 0x1F
        call    print_residency

        li      t0, PAGE
        add     a0, s0, t0
        li      a1, 3 * PAGE            # three of these five
        li      a2, DONT_NEED
        call    advise
        la      a0, given_text
        li      s1, 0x11
        call    print_residency

        la      s11, zero_claim
        ld      t0, (s0)                # the first has kept its contents
        li      t1, 1
        bne     t0, t1, wrong
        li      t2, PAGE
        add     t0, s0, t2
        ld      t1, (t0)                # the second reads zero
        bnez    t1, wrong
        add     t0, t0, t2
        sd      t2, (t0)                # and the third can be written again
        call    holds
        la      a0, again_text
        li      s1, 0x17
        call    print_residency

        la      s11, will_claim
        mv      a0, s0
        li      a1, PAGES * PAGE
        li      a2, WILL_NEED           # a hint only
        call    advise
        ld      t0, (s0)
        li      t1, 1
        bne     t0, t1, wrong
        call    holds

        la      s11, shared_claim
        li      a3, SHARED_ANONYMOUS
        call    map
        mv      s0, a0
        li      a0, 7
        li      a1, 1
        call    write_pages
        mv      a0, s0
        li      a1, PAGE
        li      a2, DONT_NEED           # takes the page out of this mapping, not out of the memory that is mapped
        call    advise
        ld      t0, (s0)
        li      t1, 7
        bne     t0, t1, wrong
        call    holds
        li      a0, 0
        li      a7, EXIT
        ecall

# madvise(a0 = address, a1 = size, a2 = advice) must succeed.
advise:
        li      a7, MADVISE
        ecall
        bnez    a0, wrong
        ret

# Stores a0, a0 + 1 ... into the first a1 pages at s0.
write_pages:
        mv      t0, s0
        li      t2, PAGE
1:      sd      a0, (t0)
        addi    a0, a0, 1
        add     t0, t0, t2
        addi    a1, a1, -1
        bnez    a1, 1b
        ret

# Prints the text at a0 and a # for each resident page of those at s0, a . for the others; they must be as s1 says.
print_residency:
        mv      s10, ra
        mv      s11, a0
        call    print
        addi    sp, sp, -16
        mv      a0, s0
        li      a1, PAGES * PAGE
        mv      a2, sp
        li      a7, MINCORE
        ecall
        bnez    a0, wrong
        li      t0, 0
        li      t4, PAGES
1:      add     t1, sp, t0
        lbu     t2, (t1)
        andi    t2, t2, 1               # the other bits are reserved
        srl     t3, s1, t0
        andi    t3, t3, 1
        bne     t2, t3, wrong
        li      t3, '.'
        beqz    t2, 2f
        li      t3, '#'
2:      sb      t3, (t1)
        addi    t0, t0, 1
        bne     t0, t4, 1b
        li      t0, '\n'
        sb      t0, PAGES(sp)
        sb      zero, PAGES + 1(sp)
        mv      a0, sp
        call    print
        addi    sp, sp, 16
        jr      s10

# Maps PAGES pages with the flags a3, anywhere.
map:
        li      a0, 0
        li      a1, PAGES * PAGE
        li      a2, READ_WRITE
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
mapped_text:
        .asciz  "mapped         "
touched_text:
        .asciz  "five written   "
given_text:
        .asciz  "three given up "
again_text:
        .asciz  "two used again "
zero_claim:
        .asciz  "what was given up reads zero\n"
will_claim:
        .asciz  "MADV_WILLNEED changes no contents\n"
shared_claim:
        .asciz  "shared memory outlives MADV_DONTNEED\n"
wrong_text:
        .asciz  "not true: "
