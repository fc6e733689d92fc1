# hole-punch: unmaps every second page of a mapping, finds the others unharmed, and closes the holes.
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    MUNMAP, 215
        .equ    MMAP, 222
        .equ    MPROTECT, 226
        .equ    READ_WRITE, 1 | 2       # PROT_READ, PROT_WRITE
        .equ    PRIVATE_ANONYMOUS, 0x02 | 0x20
        .equ    NO_REPLACE, 0x100000    # MAP_FIXED_NOREPLACE: exactly there, unless something is mapped there
        .equ    ENOMEM, 12              # for mprotect: not everything is mapped
        .equ    EFAULT, 14              # a bad address
        .equ    EEXIST, 17
        .equ    PAGE, 4096
        .equ    PAGES, 65
        .equ    HOLES, 32               # every second page: 1, 3 ... 63

        .globl  _start
_start:
        li      s4, PAGE
        la      s11, punched_claim
        li      a0, 0                   # anywhere
        li      a1, PAGES * PAGE
        li      a3, PRIVATE_ANONYMOUS
        call    map
        bltz    a0, wrong
        mv      s0, a0
        add     s1, s0, s4              # the first hole to be

        mv      t0, s0                  # page n holds n
        li      t1, 0
        li      t2, PAGES
1:      sd      t1, (t0)
        add     t0, t0, s4
        addi    t1, t1, 1
        bne     t1, t2, 1b

        mv      s2, s1
        li      s3, HOLES
1:      mv      a0, s2
        mv      a1, s4
        li      a7, MUNMAP              # each splits what is left of the mapping
        ecall
        bnez    a0, wrong
        add     s2, s2, s4
        add     s2, s2, s4
        addi    s3, s3, -1
        bnez    s3, 1b
        li      a0, 2 * HOLES * (HOLES + 1) / 2 # 0 + 2 + 4 + ... + 64
        li      a1, 2
        call    check_sum
        call    holds

        la      s11, fault_claim
        li      a0, 1                   # standard output
        mv      a1, s1                  # from the first hole
        li      a2, 8
        li      a7, WRITE
        ecall                           # an error, not a signal: the kernel was told the address
        li      t0, -EFAULT
        bne     a0, t0, wrong
        call    holds

        la      s11, twice_claim
        mv      a0, s1
        mv      a1, s4
        li      a7, MUNMAP
        ecall
        bnez    a0, wrong
        call    holds

        la      s11, protect_claim
        call    protect_all
        li      t0, -ENOMEM
        bne     a0, t0, wrong
        call    holds

        la      s11, exists_claim
        mv      a0, s1
        li      a1, 2 * PAGE            # the hole and the page behind it
        li      a3, PRIVATE_ANONYMOUS | NO_REPLACE
        call    map
        li      t0, -EEXIST
        bne     a0, t0, wrong
        li      a0, 2 * HOLES * (HOLES + 1) / 2
        li      a1, 2
        call    check_sum
        call    holds

        la      s11, filled_claim
        mv      s2, s1
        li      s3, HOLES
1:      mv      a0, s2
        mv      a1, s4
        li      a3, PRIVATE_ANONYMOUS | NO_REPLACE
        call    map
        bne     a0, s2, wrong
        add     s2, s2, s4
        add     s2, s2, s4
        addi    s3, s3, -1
        bnez    s3, 1b
        li      a0, 2 * HOLES * (HOLES + 1) / 2 # no page but the old ones adds anything
        li      a1, 1
        call    check_sum
        call    holds

        la      s11, whole_claim
        call    protect_all
        bnez    a0, wrong
        call    holds
        li      a0, 0
        li      a7, EXIT
        ecall

# Maps a1 bytes at a0 with the flags a3.
map:
        li      a2, READ_WRITE
        li      a4, -1                  # no file
        li      a5, 0
        li      a7, MMAP
        ecall
        ret

# Sets the protection of all pages to what it is.
protect_all:
        mv      a0, s0
        li      a1, PAGES * PAGE
        li      a2, READ_WRITE
        li      a7, MPROTECT
        ecall
        ret

# Adds up every page, or every second one where a1 is 2; the sum must be a0.
check_sum:
        mv      t0, s0
        mul     t1, a1, s4              # from one to the next
        li      t2, PAGES * PAGE
        add     t2, s0, t2              # the end
1:      ld      t3, (t0)
        sub     a0, a0, t3
        add     t0, t0, t1
        bltu    t0, t2, 1b
        bnez    a0, wrong
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
punched_claim:
        .asciz  "32 holes in 65 pages: the other 33 keep their contents\n"
fault_claim:
        .asciz  "writing from a hole is EFAULT\n"
twice_claim:
        .asciz  "unmapping a hole succeeds\n"
protect_claim:
        .asciz  "mprotect over the holes is ENOMEM\n"
exists_claim:
        .asciz  "MAP_FIXED_NOREPLACE over a neighbour is EEXIST and changes nothing\n"
filled_claim:
        .asciz  "MAP_FIXED_NOREPLACE fills the holes with pages that read zero\n"
whole_claim:
        .asciz  "mprotect over all pages succeeds\n"
wrong_text:
        .asciz  "not true: "
