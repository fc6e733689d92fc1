# shared-memory: parent and child count in one shared page and take turns through it; their private pages are their own.
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    CLONE, 220
        .equ    MMAP, 222
        .equ    WAIT4, 260
        .equ    SIGCHLD, 17             # clone with nothing but this is fork
        .equ    READ_WRITE, 1 | 2       # PROT_READ, PROT_WRITE
        .equ    SHARED_ANONYMOUS, 0x01 | 0x20
        .equ    PRIVATE_ANONYMOUS, 0x02 | 0x20
        .equ    PAGE, 4096
        .equ    ROUNDS, 1000            # of counting, in each process
        .equ    TURNS, 6                # together

        .globl  _start
_start:
        li      a3, SHARED_ANONYMOUS
        call    map
        mv      s0, a0                  # at 0: the common count; at 8: whose turn it is
        li      a3, PRIVATE_ANONYMOUS
        call    map
        mv      s1, a0                  # at 0: one's own count
        sd      zero, (s1)              # present in both, until the first of them counts

        li      a0, SIGCHLD
        li      a1, 0
        li      a2, 0
        li      a3, 0
        li      a4, 0
        li      a7, CLONE
        ecall
        la      s11, no_child
        bltz    a0, wrong
        mv      s2, a0                  # 0 in the child, its process id in the parent
        seqz    s3, a0                  # the parent takes the even turns, the child the odd ones

        li      t0, ROUNDS
        li      t1, 1
1:      amoadd.d zero, t1, (s0)         # both do this; no addition is lost
        amoadd.d zero, t1, (s1)
        addi    t0, t0, -1
        bnez    t0, 1b

        addi    t0, s0, 8
        li      t3, TURNS
next_turn:
        ld      t1, (t0)                # wait until the number of turns is even for us, or odd
        bgeu    t1, t3, turns_done
        andi    t2, t1, 1
        bne     t2, s3, next_turn       # the timer gives the hart to the other process
        addi    t1, t1, 1
        fence   rw, rw
        sd      t1, (t0)
        j       next_turn
turns_done:
        bnez    s2, parent
        la      s11, bad_private
        ld      t0, (s1)
        li      t1, ROUNDS
        bne     t0, t1, wrong           # the parent's counting does not show in the child
        li      a0, 0
        li      a7, EXIT
        ecall

parent:
        mv      a0, s2
        addi    sp, sp, -16             # room for the child's status
        mv      a1, sp
        li      a2, 0
        li      a3, 0
        li      a7, WAIT4
        ecall
        la      s11, bad_child
        bne     a0, s2, wrong
        lw      t0, (sp)
        bnez    t0, wrong

        la      a0, shared_text
        call    print
        ld      a0, (s0)
        call    print_number
        la      a0, private_text
        call    print
        ld      a0, (s1)
        call    print_number
        la      a0, turns_text
        call    print
        ld      a0, 8(s0)
        call    print_number
        la      a0, newline
        call    print
        la      s11, bad_shared
        ld      t0, (s0)
        li      t1, 2 * ROUNDS
        bne     t0, t1, wrong
        la      s11, bad_private
        ld      t0, (s1)
        li      t1, ROUNDS
        bne     t0, t1, wrong
        li      a0, 0
        li      a7, EXIT
        ecall

# Maps a page with the flags a3.
map:
        li      a0, 0                   # anywhere
        li      a1, PAGE
        li      a2, READ_WRITE
        li      a4, -1                  # no file
        li      a5, 0
        li      a7, MMAP
        ecall
        la      s11, no_mapping
        bltz    a0, wrong
        ret

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
shared_text:
        .asciz  "both counted in the shared page: "
private_text:
        .asciz  "\nthe parent alone in its private page: "
turns_text:
        .asciz  "\nturns taken through the shared page: "
newline:
        .asciz  "\n"
no_mapping:
        .asciz  "wrong: no mapping\n"
no_child:
        .asciz  "wrong: no child\n"
bad_child:
        .asciz  "wrong: the child's status\n"
bad_shared:
        .asciz  "wrong: the common count\n"
bad_private:
        .asciz  "wrong: the private count\n"
