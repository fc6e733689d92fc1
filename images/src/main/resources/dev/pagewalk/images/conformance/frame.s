        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    SIGALTSTACK, 132
        .equ    RT_SIGACTION, 134
        .equ    SIGILL, 4
        .equ    SIGTRAP, 5
        .equ    SIGBUS, 7
        .equ    SIGSEGV, 11
        .equ    SA_SIGINFO, 0x4
        .equ    SA_NODEFER, 0x40000000
        .equ    SA_ONSTACK, 0x08000000  # the cases have other uses for sp
        .equ    SI_ADDR, 16             # where siginfo has the address
        .equ    UC_PC, 176              # where ucontext has the pc
        .equ    STACK_BYTES, 16384

        .globl  _start
_start:
        la      a0, signal_stack
        li      a1, 0
        li      a7, SIGALTSTACK
        ecall
        li      a0, SIGILL
        call    handle
        li      a0, SIGTRAP
        call    handle
        li      a0, SIGBUS
        call    handle
        li      a0, SIGSEGV
        call    handle
        tail    cases

# Has on_signal called for the signal a0.
handle:
        la      a1, action
        li      a2, 0                   # the old action does not matter
        li      a3, 8                   # bytes in a set of signals
        li      a7, RT_SIGACTION
        ecall
        ret

# The handler: a0 = the signal, a1 = siginfo, a2 = the saved registers. Keeps what it is told and goes on where the case
# wants, once.
on_signal:
        ld      t0, UC_PC(a2)
        ld      t1, resume
        beqz    t1, unwanted
        sd      zero, resume, t2
        sd      a0, trap_signal, t2
        sd      t0, trap_pc, t2
        ld      t0, SI_ADDR(a1)
        sd      t0, trap_address, t2
        sd      t1, UC_PC(a2)
        ret                             # to rt_sigreturn

# No case wants a signal: a0 = the signal, t0 = the pc.
unwanted:
        mv      s0, a0
        mv      s1, t0
        la      t1, index
        la      a0, outside
1:      ld      t2, (t1)                # the case that begins last before the pc
        bltu    s1, t2, 2f
        ld      a0, 8(t1)
        addi    t1, t1, 16
        j       1b
2:      call    print_case
        la      a0, signal_text
        call    print
        mv      a0, s0
        call    print_number
        la      a0, pc_text
        call    print
        mv      a0, s1
        call    print_number
        j       end_wrong

# A check has failed: a0 = what was found, a1 = what must be, a2 = the case's text, a3 = what was looked at.
failed:
        mv      s0, a0
        mv      s1, a1
        mv      s2, a3
        mv      a0, a2
        call    print_case
        mv      a0, s2
        call    print
        la      a0, is_text
        call    print
        mv      a0, s0
        call    print_number
        la      a0, not_text
        call    print
        mv      a0, s1
        call    print_number
end_wrong:
        la      a0, newline
        call    print
        li      a0, 1
        li      a7, EXIT
        ecall

passed:
        la      a0, passed_text
        call    print
        li      a0, 0
        li      a7, EXIT
        ecall

# Writes the case's text at a0 as a line of its own.
print_case:
        mv      s10, ra
        mv      s11, a0
        la      a0, case_text
        call    print
        mv      a0, s11
        call    print
        la      a0, newline
        call    print
        jr      s10

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

# Writes a0 as 16 hexadecimal digits.
print_number:
        la      a1, digits
        addi    t0, a1, 16
1:      addi    t0, t0, -1
        andi    t1, a0, 15
        srli    a0, a0, 4
        addi    t1, t1, '0'
        li      t2, '9'
        bleu    t1, t2, 2f
        addi    t1, t1, 'a' - '9' - 1
2:      sb      t1, (t0)
        bgtu    t0, a1, 1b
        li      a2, 16
        li      a0, 1                   # standard output
        li      a7, WRITE
        ecall
        ret

        .section .rodata
        .balign 8
action: .dword  on_signal, SA_SIGINFO | SA_NODEFER | SA_ONSTACK, 0
signal_stack:
        .dword  stack, 0, STACK_BYTES
read_only:
        .dword  0
case_text:
        .asciz  "wrong: case "
outside:
        .asciz  "none"
signal_text:
        .asciz  "signal 0x"
pc_text:
        .asciz  " at pc 0x"
is_text:
        .asciz  " is 0x"
not_text:
        .asciz  ", not 0x"
newline:
        .asciz  "\n"

        .data
        .address 0x2000000
        .equ    boundary_offset, 0x2000
data:
resume: .dword  0                       # where to go on behind a trap; 0: none is wanted
trap_signal:
        .dword  0
trap_pc:
        .dword  0
trap_address:
        .dword  0
digits: .zero   16



        .bss
        .balign 16
stack:  .zero   STACK_BYTES

        .section .code, "awx"           # code that replaces itself
        .balign 4
code:   li      x15, 123
        ret
