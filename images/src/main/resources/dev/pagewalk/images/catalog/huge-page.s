# huge-page: fills four huge pages, then unmaps, protects and gives back single pages, and shares them with a child.
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    RT_SIGPROCMASK, 135
        .equ    MUNMAP, 215
        .equ    CLONE, 220
        .equ    MMAP, 222
        .equ    MPROTECT, 226
        .equ    MINCORE, 232
        .equ    MADVISE, 233
        .equ    WAIT4, 260
        .equ    SIGCHLD, 17             # clone with nothing but this is fork
        .equ    DONT_NEED, 4            # MADV_DONTNEED
        .equ    HUGE, 14                # MADV_HUGEPAGE
        .equ    PROT_READ, 1
        .equ    READ_WRITE, 1 | 2       # PROT_READ, PROT_WRITE
        .equ    PRIVATE_ANONYMOUS, 0x02 | 0x20
        .equ    ENOMEM, 12              # for mincore: nothing is mapped
        .equ    EFAULT, 14              # a bad address
        .equ    PAGE, 4096
        .equ    HUGE_PAGE, 2 << 20
        .equ    HUGE_PAGES, 4
        .equ    PAGES, HUGE_PAGES * HUGE_PAGE / PAGE
        .equ    MIDDLE, 100             # the number of the single page in a huge one

        .globl  _start
_start:
        li      s4, PAGE
        la      s11, filled_claim
        li      a1, (HUGE_PAGES + 1) * HUGE_PAGE
        call    map
        li      t0, HUGE_PAGE - 1
        add     a0, a0, t0
        not     t0, t0
        and     s0, a0, t0              # the first address that a huge page can begin at
        mv      a0, s0
        li      a1, HUGE_PAGES * HUGE_PAGE
        li      a2, HUGE
        li      a7, MADVISE
        ecall
        bnez    a0, wrong
        mv      t0, s0
        li      t1, 0
        li      t2, PAGES
1:      sd      t1, (t0)                # page n holds n; a fault for each huge page is enough
        add     t0, t0, s4
        addi    t1, t1, 1
        bne     t1, t2, 1b
        li      s5, PAGES * (PAGES - 1) / 2     # the sum of all pages
        call    check_sum
        call    holds

        la      s11, hole_claim
        li      s1, MIDDLE * PAGE
        add     s1, s0, s1              # a page in the first huge page
        mv      a0, s1
        mv      a1, s4
        li      a7, MUNMAP              # what is around it stays, in small pages
        ecall
        bnez    a0, wrong
        addi    sp, sp, -16
        mv      a0, s1
        mv      a1, s4
        mv      a2, sp
        li      a7, MINCORE
        ecall
        li      t0, -ENOMEM
        bne     a0, t0, wrong
        mv      a0, s1
        mv      a1, s4
        call    map_there
        addi    s5, s5, -MIDDLE
        call    check_sum
        call    holds

        la      s11, protected_claim
        li      s1, HUGE_PAGE + MIDDLE * PAGE
        add     s1, s0, s1              # a page in the second one
        mv      a0, s1
        mv      a1, s4
        li      a2, PROT_READ
        li      a7, MPROTECT
        ecall
        bnez    a0, wrong
        mv      a2, s1
        call    kernel_write            # it cannot be written
        li      t0, -EFAULT
        bne     a0, t0, wrong
        call    check_sum               # but read
        add     a2, s1, s4
        addi    a2, a2, 8
        call    kernel_write            # its neighbour can
        bnez    a0, wrong
        call    holds

        la      s11, forgotten_claim
        li      t0, 2 * HUGE_PAGE + MIDDLE * PAGE
        add     a0, s0, t0              # a page in the third one
        mv      a1, s4
        li      a2, DONT_NEED
        li      a7, MADVISE
        ecall
        bnez    a0, wrong
        li      t0, 2 * HUGE_PAGE / PAGE + MIDDLE
        sub     s5, s5, t0
        call    check_sum
        call    holds

        la      s11, child_claim
        li      a0, SIGCHLD
        li      a1, 0
        li      a2, 0
        li      a3, 0
        li      a4, 0
        li      a7, CLONE
        ecall
        bltz    a0, wrong
        mv      s2, a0
        li      t0, 3 * HUGE_PAGE
        add     s1, s0, t0              # the first page in the fourth one, which is still whole
        bnez    a0, parent
        call    check_sum               # the child has it all
        ld      t0, (s1)
        addi    t0, t0, 1000
        sd      t0, (s1)                # and one page for itself
        addi    s5, s5, 1000
        call    check_sum
        li      a0, 0
        li      a7, EXIT
        ecall
parent:
        mv      a1, sp
        li      a2, 0
        li      a3, 0
        li      a7, WAIT4
        ecall
        bne     a0, s2, wrong
        lw      t0, (sp)
        bnez    t0, wrong
        call    check_sum               # the parent's has not changed
        call    holds
        li      a0, 0
        li      a7, EXIT
        ecall

# Lets the kernel write the set of blocked signals to a2, to learn without a fault whether it can be written.
kernel_write:
        li      a0, 0
        li      a1, 0
        li      a3, 8                   # bytes
        li      a7, RT_SIGPROCMASK
        ecall
        ret

# Adds up all pages; the sum must be s5.
check_sum:
        mv      t0, s0
        li      t1, PAGES
        li      t2, 0
1:      ld      t3, (t0)
        add     t2, t2, t3
        add     t0, t0, s4
        addi    t1, t1, -1
        bnez    t1, 1b
        bne     t2, s5, wrong
        ret

# Maps a1 bytes of private memory, anywhere, or at a0 exactly.
map:
        li      a0, 0
        li      a3, PRIVATE_ANONYMOUS
        j       1f
map_there:
        li      a3, PRIVATE_ANONYMOUS | 0x10    # MAP_FIXED
1:      li      a2, READ_WRITE
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
filled_claim:
        .asciz  "2048 pages in 8 MiB hold their numbers\n"
hole_claim:
        .asciz  "one page unmapped: the others keep theirs\n"
protected_claim:
        .asciz  "one page protected: it can be read, its neighbours written\n"
forgotten_claim:
        .asciz  "one page given back: it reads zero, the others keep theirs\n"
child_claim:
        .asciz  "one page written by a child: the parent does not see it\n"
wrong_text:
        .asciz  "not true: "
