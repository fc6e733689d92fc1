# user-paging: provides pages from a signal handler, which fills the page and has the load repeated.
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    RT_SIGACTION, 134
        .equ    MMAP, 222
        .equ    MPROTECT, 226
        .equ    PROT_NONE, 0
        .equ    READ_WRITE, 1 | 2       # PROT_READ, PROT_WRITE
        .equ    PRIVATE_ANONYMOUS, 0x02 | 0x20
        .equ    SIGSEGV, 11
        .equ    SA_SIGINFO, 4
        .equ    SI_CODE, 8              # where siginfo has the reason
        .equ    SI_ADDR, 16             # and the address
        .equ    SEGV_ACCERR, 2          # the address is mapped, but not for this access
        .equ    PAGE, 4096
        .equ    PAGES, 16

        .globl  _start
_start:
        li      a0, SIGSEGV
        la      a1, action
        li      a2, 0                   # the old action does not matter
        li      a3, 8                   # bytes in a set of signals
        li      a7, RT_SIGACTION
        ecall
        la      s11, no_handler
        bnez    a0, wrong

        li      a0, 0                   # anywhere
        li      a1, PAGES * PAGE
        li      a2, PROT_NONE           # so the first touch of each page is a fault
        li      a3, PRIVATE_ANONYMOUS
        li      a4, -1                  # no file
        li      a5, 0
        li      a7, MMAP
        ecall
        la      s11, no_mapping
        bltz    a0, wrong
        mv      s0, a0

        la      a0, first_text
        call    print
        call    sweep                   # every page faults once
        la      a0, second_text
        call    print
        call    sweep                   # and never again
        li      a0, 0
        li      a7, EXIT
        ecall

# Loads from each page, adds up and prints the sum and the number of faults since the start.
sweep:
        mv      s10, ra
        mv      s1, s0                  # the address to load from
        li      s2, 0                   # the sum
        li      s3, PAGES
1:      ld      t0, (s1)                # faults: the handler runs, then this load once more
        add     s2, s2, t0
        li      t0, PAGE + 8            # another place in each page
        add     s1, s1, t0
        addi    s3, s3, -1
        bnez    s3, 1b

        la      a0, sum_text
        call    print
        mv      a0, s2
        call    print_number
        la      a0, faults_text
        call    print
        ld      a0, faults
        call    print_number
        la      a0, newline
        call    print
        la      s11, bad_sum
        li      t0, PAGES * (PAGES + 1) / 2
        bne     s2, t0, wrong
        la      s11, bad_count
        ld      t0, faults
        li      t1, PAGES
        bne     t0, t1, wrong
        jr      s10

# The handler of SIGSEGV: a0 = the signal, a1 = siginfo, a2 = the saved registers. It may use every register but ra and
# sp, because its return restores them all; until it changes them they hold what the interrupted program had there.
on_fault:
        la      s11, bad_reason
        lw      t0, SI_CODE(a1)
        li      t1, SEGV_ACCERR
        bne     t0, t1, wrong
        la      s11, bad_address
        ld      t0, SI_ADDR(a1)
        bne     t0, s1, wrong           # the kernel names the very address that the load is at

        li      t1, -PAGE
        and     s4, t0, t1              # its page
        mv      a0, s4
        li      a1, PAGE
        li      a2, READ_WRITE
        li      a7, MPROTECT
        ecall
        la      s11, no_access
        bnez    a0, wrong

        sub     t0, s4, s0              # fill it with its number, counted from one
        srli    t0, t0, 12
        addi    t0, t0, 1
        li      t1, PAGE / 8
1:      sd      t0, (s4)
        addi    s4, s4, 8
        addi    t1, t1, -1
        bnez    t1, 1b

        la      t0, faults
        ld      t1, (t0)
        addi    t1, t1, 1
        sd      t1, (t0)
        ret                             # to rt_sigreturn, which goes back to the load

# Ends the program with the reason at s11.
wrong:
        mv      a0, s11
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
        .balign 8
action: .dword  on_fault, SA_SIGINFO, 0 # handler, flags, signals blocked meanwhile
first_text:
        .asciz  "first sweep: "
second_text:
        .asciz  "second sweep: "
sum_text:
        .asciz  "sum "
faults_text:
        .asciz  ", faults so far "
newline:
        .asciz  "\n"
no_handler:
        .asciz  "wrong: no handler\n"
no_mapping:
        .asciz  "wrong: no mapping\n"
no_access:
        .asciz  "wrong: the page stays inaccessible\n"
bad_reason:
        .asciz  "wrong: the reason of the fault\n"
bad_address:
        .asciz  "wrong: the address of the fault\n"
bad_sum:
        .asciz  "wrong: the sum\n"
bad_count:
        .asciz  "wrong: the number of faults\n"

        .bss
faults: .space  8
