# vm: interprets the bytecode of a stack machine, whose handlers jump to each other through a table.
        .equ    TIMES, 1000             # that a round goes through the program's loop

        # Opcodes. What stands in brackets follows in the next byte.
        .equ    HALT, 0
        .equ    PUSH, 1                 # [number]
        .equ    LOAD, 2                 # [variable]
        .equ    STORE, 3                # [variable]
        .equ    ADD, 4
        .equ    SUB, 5
        .equ    MUL, 6
        .equ    XOR, 7
        .equ    AND, 8
        .equ    SHIFT_RIGHT, 9
        .equ    DUPLICATE, 10
        .equ    JUMP, 11                # [distance, from the next opcode]
        .equ    JUMP_IF_ZERO, 12        # [distance, from the next opcode]
        .equ    JUMP_BACK_UNLESS_ZERO, 13   # [distance, backwards from the next opcode]

        # Variables.
        .equ    X, 0
        .equ    Y, 1
        .equ    Z, 2
        .equ    N, 3

# In a0 rounds, in a1 the work area: the variables, and the machine's stack from 4 KiB on. Gives what Z is in the end; X, Y and Z
# begin with 0.
        .text
        .globl  kernel
kernel:
        mv      a7, a0
        mv      a2, a1                  # the variables
        li      t0, 4096
        add     a3, a1, t0              # the stack: where the next value goes
        la      a4, handlers
        sd      zero, X * 8(a2)
        sd      zero, Y * 8(a2)
        sd      zero, Z * 8(a2)
next_round:
        beqz    a7, 1f
        addi    a7, a7, -1
        li      t0, TIMES
        sd      t0, N * 8(a2)
        la      a5, program             # the next opcode
        lbu     t0, (a5)
        slli    t0, t0, 3
        add     t0, t0, a4
        ld      t0, (t0)
        jr      t0
1:      ld      a0, Z * 8(a2)
        ret

push:
        lbu     t1, 1(a5)
        sd      t1, (a3)
        addi    a3, a3, 8
        lbu     t0, 2(a5)
        addi    a5, a5, 2
        slli    t0, t0, 3
        add     t0, t0, a4
        ld      t0, (t0)
        jr      t0
load:
        lbu     t1, 1(a5)
        slli    t1, t1, 3
        add     t1, t1, a2
        ld      t1, (t1)
        sd      t1, (a3)
        addi    a3, a3, 8
        lbu     t0, 2(a5)
        addi    a5, a5, 2
        slli    t0, t0, 3
        add     t0, t0, a4
        ld      t0, (t0)
        jr      t0
store:
        lbu     t1, 1(a5)
        slli    t1, t1, 3
        add     t1, t1, a2
        addi    a3, a3, -8
        ld      t2, (a3)
        sd      t2, (t1)
        lbu     t0, 2(a5)
        addi    a5, a5, 2
        slli    t0, t0, 3
        add     t0, t0, a4
        ld      t0, (t0)
        jr      t0
add:
        ld      t1, -16(a3)
        ld      t2, -8(a3)
        addi    a3, a3, -8
        add     t1, t1, t2
        sd      t1, -8(a3)
        lbu     t0, 1(a5)
        addi    a5, a5, 1
        slli    t0, t0, 3
        add     t0, t0, a4
        ld      t0, (t0)
        jr      t0
sub:
        ld      t1, -16(a3)
        ld      t2, -8(a3)
        addi    a3, a3, -8
        sub     t1, t1, t2
        sd      t1, -8(a3)
        lbu     t0, 1(a5)
        addi    a5, a5, 1
        slli    t0, t0, 3
        add     t0, t0, a4
        ld      t0, (t0)
        jr      t0
mul:
        ld      t1, -16(a3)
        ld      t2, -8(a3)
        addi    a3, a3, -8
        mul     t1, t1, t2
        sd      t1, -8(a3)
        lbu     t0, 1(a5)
        addi    a5, a5, 1
        slli    t0, t0, 3
        add     t0, t0, a4
        ld      t0, (t0)
        jr      t0
xor:
        ld      t1, -16(a3)
        ld      t2, -8(a3)
        addi    a3, a3, -8
        xor     t1, t1, t2
        sd      t1, -8(a3)
        lbu     t0, 1(a5)
        addi    a5, a5, 1
        slli    t0, t0, 3
        add     t0, t0, a4
        ld      t0, (t0)
        jr      t0
and:
        ld      t1, -16(a3)
        ld      t2, -8(a3)
        addi    a3, a3, -8
        and     t1, t1, t2
        sd      t1, -8(a3)
        lbu     t0, 1(a5)
        addi    a5, a5, 1
        slli    t0, t0, 3
        add     t0, t0, a4
        ld      t0, (t0)
        jr      t0
shift_right:
        ld      t1, -16(a3)
        ld      t2, -8(a3)
        addi    a3, a3, -8
        srl     t1, t1, t2
        sd      t1, -8(a3)
        lbu     t0, 1(a5)
        addi    a5, a5, 1
        slli    t0, t0, 3
        add     t0, t0, a4
        ld      t0, (t0)
        jr      t0
duplicate:
        ld      t1, -8(a3)
        sd      t1, (a3)
        addi    a3, a3, 8
        lbu     t0, 1(a5)
        addi    a5, a5, 1
        slli    t0, t0, 3
        add     t0, t0, a4
        ld      t0, (t0)
        jr      t0
jump:
        lbu     t1, 1(a5)
        add     a5, a5, t1
        lbu     t0, 2(a5)
        addi    a5, a5, 2
        slli    t0, t0, 3
        add     t0, t0, a4
        ld      t0, (t0)
        jr      t0
jump_if_zero:
        addi    a3, a3, -8
        ld      t2, (a3)
        addi    a5, a5, 2
        bnez    t2, 1f
        lbu     t1, -1(a5)
        add     a5, a5, t1
1:      lbu     t0, (a5)
        slli    t0, t0, 3
        add     t0, t0, a4
        ld      t0, (t0)
        jr      t0
jump_back_unless_zero:
        addi    a3, a3, -8
        ld      t2, (a3)
        addi    a5, a5, 2
        beqz    t2, 1f
        lbu     t1, -1(a5)
        sub     a5, a5, t1
1:      lbu     t0, (a5)
        slli    t0, t0, 3
        add     t0, t0, a4
        ld      t0, (t0)
        jr      t0

        .section .rodata
        .balign 8
handlers:
        .dword  next_round, push, load, store, add, sub, mul, xor, and, shift_right, duplicate, jump, jump_if_zero
        .dword  jump_back_unless_zero
program:
        # X = X * 25 + 7
        .byte   LOAD, X, PUSH, 25, MUL, PUSH, 7, ADD, STORE, X
        # Y = Y ^ X >> 37
        .byte   LOAD, Y, LOAD, X, PUSH, 37, SHIFT_RIGHT, XOR, STORE, Y
        # if (Y & 64) Z = Z + Y; else Z = Z - X
        .byte   LOAD, Y, PUSH, 64, AND, JUMP_IF_ZERO, otherwise - then
then:   .byte   LOAD, Z, LOAD, Y, ADD, STORE, Z, JUMP, after - otherwise
otherwise:
        .byte   LOAD, Z, LOAD, X, SUB, STORE, Z
        # N = N - 1; if (N) back to the beginning
after:  .byte   LOAD, N, PUSH, 1, SUB, DUPLICATE, STORE, N, JUMP_BACK_UNLESS_ZERO, end - program
end:    .byte   HALT
