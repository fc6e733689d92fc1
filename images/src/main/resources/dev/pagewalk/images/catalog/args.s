# args: prints the arguments and the environment that the kernel put on the stack.
        .equ    WRITE, 64
        .equ    EXIT, 93

# At the start sp points to: argc, argv[0] .. argv[argc - 1], 0, envp[0] .., 0, and the auxiliary vector.
        .globl  _start
_start:
        ld      s0, 0(sp)               # argc
        addi    s1, sp, 8               # the next entry of argv, later of envp
        la      a0, argc_text
        call    print
        mv      a0, s0
        call    print_number
        la      a0, newline
        call    print

        li      s2, 0                   # the index in argv
next_argument:
        ld      s3, (s1)
        addi    s1, s1, 8
        beqz    s3, next_variable       # the zero entry ends argv; envp follows it
        la      a0, argv_text
        call    print
        mv      a0, s2
        call    print_number
        la      a0, equals
        call    print
        mv      a0, s3
        call    print
        la      a0, newline
        call    print
        addi    s2, s2, 1
        j       next_argument

next_variable:
        ld      s3, (s1)
        addi    s1, s1, 8
        beqz    s3, done
        la      a0, env_text
        call    print
        mv      a0, s3
        call    print
        la      a0, newline
        call    print
        j       next_variable

done:
        li      a0, 0
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
argc_text:
        .asciz  "argc="
argv_text:
        .asciz  "argv "
equals: .asciz  "="
env_text:
        .asciz  "env "
newline:
        .asciz  "\n"
