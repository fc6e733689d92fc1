# exec-chain: replaces itself by a fresh copy of itself five times, passing a count and a word in the environment.
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    EXECVE, 221
        .equ    DIGIT, 5                # where FROM=? has its digit

# At the start sp points to: argc, argv[0] .. argv[argc - 1], 0, envp[0] .., 0, and the auxiliary vector.
        .globl  _start
_start:
        ld      t0, marker              # each copy starts with the image's data, whatever the last one stored there
        la      s11, old_data
        bnez    t0, wrong
        la      t1, marker
        li      t0, 1
        sd      t0, (t1)

        li      s0, '5'                 # the count, unless argv[1] gives it
        ld      t0, 0(sp)               # argc
        li      t1, 2
        bltu    t0, t1, first
        la      s11, bad_arguments
        bne     t0, t1, wrong
        ld      t0, 16(sp)              # argv[1]
        lbu     s0, (t0)
        ld      s1, 32(sp)              # envp[0]
        la      s11, bad_environment
        beqz    s1, wrong
        ld      t0, 40(sp)              # there is no second one
        bnez    t0, wrong
        lbu     t0, DIGIT(s1)
        addi    t1, s0, 1               # it tells the count before
        bne     t0, t1, wrong
        call    print_count
        la      a0, separator
        call    print
        mv      a0, s1
        call    print
        la      a0, newline
        call    print
        j       next
first:
        call    print_count
        la      a0, newline
        call    print

next:
        li      t0, '0'
        beq     s0, t0, done
        la      t0, from
        sb      s0, DIGIT(t0)
        addi    s0, s0, -1
        la      t0, argument
        sb      s0, (t0)
        la      a0, path
        la      a1, argv
        la      a2, envp
        li      a7, EXECVE
        ecall                           # comes back only where it has failed
        la      s11, no_exec
        j       wrong
done:
        la      a0, done_text
        call    print
        li      a0, 0
        li      a7, EXIT
        ecall

# Prints the count.
print_count:
        la      a0, count
        sb      s0, (a0)
        j       print

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

        .section .rodata
path:   .asciz  "/proc/self/exe"        # this very image
separator:
        .asciz  ", "
newline:
        .asciz  "\n"
done_text:
        .asciz  "done\n"
old_data:
        .asciz  "wrong: the data of the last program are still there\n"
bad_arguments:
        .asciz  "wrong: the arguments\n"
bad_environment:
        .asciz  "wrong: the environment\n"
no_exec:
        .asciz  "wrong: execve failed\n"

        .data
        .balign 8
marker: .dword  0
argv:   .dword  name, argument, 0
envp:   .dword  from, 0
name:   .asciz  "exec-chain"
argument:
        .asciz  "?"
from:   .asciz  "FROM=?"
count:  .asciz  "? to go"
