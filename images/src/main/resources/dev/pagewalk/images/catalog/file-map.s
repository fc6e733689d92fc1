# file-map: maps a file shared and privately: who sees whose writes, and what lies at its end and behind it.
        .equ    UNLINKAT, 35
        .equ    FTRUNCATE, 46
        .equ    OPENAT, 56
        .equ    CLOSE, 57
        .equ    WRITE, 64
        .equ    PREAD64, 67
        .equ    EXIT, 93
        .equ    RT_SIGACTION, 134
        .equ    MMAP, 222
        .equ    AT_FDCWD, -100
        .equ    O_RDWR, 2
        .equ    O_CREAT, 0x40
        .equ    O_TRUNC, 0x200
        .equ    READ_WRITE, 1 | 2       # PROT_READ, PROT_WRITE
        .equ    MAP_SHARED, 1
        .equ    MAP_PRIVATE, 2
        .equ    SIGBUS, 7
        .equ    SA_SIGINFO, 4
        .equ    SI_CODE, 8              # where siginfo has the reason
        .equ    SI_ADDR, 16             # and the address
        .equ    BUS_ADRERR, 2           # the mapping has nothing behind it there
        .equ    ENOENT, 2               # no such file
        .equ    PAGE, 4096
        .equ    PAGES, 4                # that are mapped
        .equ    SIZE, 10000             # of the file: two pages, and 1808 bytes of the third

        .globl  _start
_start:
        la      s11, file_claim
        li      a0, AT_FDCWD
        la      a1, path
        li      a2, O_RDWR | O_CREAT | O_TRUNC
        li      a3, 0600                # for its owner
        li      a7, OPENAT
        ecall
        bltz    a0, wrong
        mv      s0, a0                  # the file
        li      a1, SIZE
        li      a7, FTRUNCATE
        ecall
        bnez    a0, wrong
        mv      a0, s0
        la      a1, words
        li      a2, 8
        li      a7, WRITE               # at the start of the file
        ecall
        li      t0, 8
        bne     a0, t0, wrong
        li      a3, MAP_SHARED
        call    map
        mv      s1, a0                  # the shared mapping
        li      a3, MAP_PRIVATE
        call    map
        mv      s2, a0                  # the private one
        ld      s3, words
        ld      t0, (s1)
        bne     t0, s3, wrong
        ld      t0, (s2)
        bne     t0, s3, wrong
        call    holds

        la      s11, shared_claim
        li      s4, PAGE
        add     s5, s1, s4              # the second page of both
        add     s6, s2, s4
        li      t0, 1111
        sd      t0, (s5)
        call    read_second_page
        li      t0, 1111
        bne     a0, t0, wrong           # the file has it
        ld      t1, (s6)
        bne     t1, t0, wrong           # and so has the private mapping, which has no copy of that page yet
        call    holds

        la      s11, private_claim
        li      t0, 2222
        sd      t0, (s6)                # now it has
        call    read_second_page
        li      t0, 1111
        bne     a0, t0, wrong
        ld      t1, (s5)
        bne     t1, t0, wrong
        li      t0, 3333
        sd      t0, 8(s5)
        ld      t1, 8(s6)               # what is shared later no longer shows in the copy
        bnez    t1, wrong
        call    holds

        la      s11, tail_claim
        li      t0, SIZE
        add     t0, s1, t0
        li      t1, 3 * PAGE
        add     t1, s1, t1
1:      lbu     t2, (t0)
        bnez    t2, wrong
        addi    t0, t0, 1
        bne     t0, t1, 1b
        call    holds

        la      s11, name_claim
        li      a0, AT_FDCWD
        la      a1, path
        li      a2, 0
        li      a7, UNLINKAT
        ecall
        bnez    a0, wrong
        li      a0, AT_FDCWD
        la      a1, path
        li      a2, O_RDWR
        li      a7, OPENAT
        ecall
        li      t0, -ENOENT
        bne     a0, t0, wrong
        ld      t0, (s1)
        bne     t0, s3, wrong
        call    holds

        la      s11, end_claim
        li      a0, SIGBUS
        la      a1, action
        li      a2, 0
        li      a3, 8                   # bytes in a set of signals
        li      a7, RT_SIGACTION
        ecall
        bnez    a0, wrong
        li      t0, 3 * PAGE
        add     s7, s1, t0              # the fourth page: the file ends before it
        ld      t0, (s7)                # the handler lets the file grow, and the load is made again
        bnez    t0, wrong
        ld      t0, signals
        li      t1, 1
        bne     t0, t1, wrong
        call    holds

        mv      a0, s0
        li      a7, CLOSE
        ecall
        li      a0, 0
        li      a7, EXIT
        ecall

# The handler of SIGBUS: a0 = the signal, a1 = siginfo. The other registers are still those of the interrupted program,
# which gets all of them back in the end.
on_bus_error:
        lw      t0, SI_CODE(a1)
        li      t1, BUS_ADRERR
        bne     t0, t1, wrong
        ld      t0, SI_ADDR(a1)
        bne     t0, s7, wrong
        la      t0, signals
        ld      t1, (t0)
        addi    t1, t1, 1
        sd      t1, (t0)
        mv      a0, s0
        li      a1, PAGES * PAGE
        li      a7, FTRUNCATE
        ecall
        bnez    a0, wrong
        ret

# Maps PAGES pages of the file s0 with the flags a3.
map:
        li      a0, 0                   # anywhere
        li      a1, PAGES * PAGE
        li      a2, READ_WRITE
        mv      a4, s0
        li      a5, 0                   # from its start
        li      a7, MMAP
        ecall
        bltz    a0, wrong
        ret

# Gives the first 8 bytes of the file's second page, as the file has them.
read_second_page:
        addi    sp, sp, -16
        mv      a0, s0
        mv      a1, sp
        li      a2, 8
        mv      a3, s4
        li      a7, PREAD64
        ecall
        li      t0, 8
        bne     a0, t0, wrong
        ld      a0, (sp)
        addi    sp, sp, 16
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
        .balign 8
action: .dword  on_bus_error, SA_SIGINFO, 0     # handler, flags, signals blocked meanwhile
words:  .ascii  "pagewalk"
path:   .asciz  "/tmp/pagewalk-file-map"
file_claim:
        .asciz  "both mappings show what was written to the file\n"
shared_claim:
        .asciz  "a store through the shared mapping changes the file\n"
private_claim:
        .asciz  "a store through the private mapping changes nothing but a copy\n"
tail_claim:
        .asciz  "behind the end of the file its last page reads zero\n"
name_claim:
        .asciz  "the mappings outlive the name of the file\n"
end_claim:
        .asciz  "the page after that is SIGBUS until the file grows\n"
wrong_text:
        .asciz  "not true: "

        .bss
signals:
        .space  8
