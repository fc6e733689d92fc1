# fork-storm: wave after wave of children that fork themselves, every one of which is waited for.
#
# Arguments: waves, children of each. A child changes its copy of the pages, has a grandchild do the same, and ends with
# its own number, or by a signal if that is a multiple of four. Children end in any order; each status must be theirs.
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    SCHED_YIELD, 124
        .equ    KILL, 129
        .equ    GETPID, 172
        .equ    CLONE, 220
        .equ    WAIT4, 260
        .equ    SIGTERM, 15
        .equ    SIGCHLD, 17             # clone with nothing but this is fork
        .equ    ECHILD, 10
        .equ    PAGE, 4096
        .equ    PAGES, 3
        .equ    WAVES, 4
        .equ    MOST_WAVES, 100000
        .equ    CHILDREN, 8
        .equ    MOST_CHILDREN, 100
        .equ    GRANDCHILD, 100         # more than a child's status: what its own child ends with

        .globl  _start
_start:
        mv      s0, sp
        li      a0, 1
        li      a1, WAVES
        li      a2, MOST_WAVES
        call    argument
        mv      s1, a0                  # waves
        li      a0, 2
        li      a1, CHILDREN
        li      a2, MOST_CHILDREN
        call    argument
        mv      s2, a0                  # children of each
        addi    sp, sp, -16             # at sp: a status

        li      s3, 0                   # the wave
        li      s7, 0                   # children that ended by themselves
        li      s8, 0                   # children that a signal ended
next_wave:
        li      t0, 1000
        mul     s4, s3, t0              # what the pages hold in this wave
        mv      a0, s4
        call    write_pages
        li      s5, 0
        la      s6, children
1:      call    fork
        beqz    a0, child
        sw      a0, (s6)                # its id; its number is that of the place
        addi    s6, s6, 4
        addi    s5, s5, 1
        bne     s5, s2, 1b

2:      li      a0, -1                  # whichever has ended
        call    wait
        la      s11, unknown_child
        bltz    a0, wrong
        la      t0, children
        li      t1, 0                   # the child's number
3:      beq     t1, s2, wrong           # no child of this wave
        lw      t2, (t0)
        beq     t2, a0, 4f
        addi    t0, t0, 4
        addi    t1, t1, 1
        j       3b
4:      sw      zero, (t0)              # it ends only once
        la      s11, bad_status
        lw      t0, (sp)
        andi    t2, t1, 3
        beqz    t2, 5f
        slli    t1, t1, 8               # an exit status stands in the second byte
        bne     t0, t1, wrong
        addi    s7, s7, 1
        j       6f
5:      li      t1, SIGTERM             # a signal in the first
        bne     t0, t1, wrong
        addi    s8, s8, 1
6:      addi    s5, s5, -1
        bnez    s5, 2b

        li      a0, -1                  # and no more
        call    wait
        li      t0, -ECHILD
        bne     a0, t0, wrong
        mv      a0, s4                  # what the children stored is theirs
        call    check_pages
        addi    s3, s3, 1
        bne     s3, s1, next_wave

        mv      a0, s1
        call    print_number
        la      a0, waves_text
        call    print
        mv      a0, s2
        call    print_number
        la      a0, children_text
        call    print
        mv      a0, s7
        call    print_number
        la      a0, ended_text
        call    print
        mv      a0, s8
        call    print_number
        la      a0, killed_text
        call    print
        li      a0, 0
        li      a7, EXIT
        ecall

# The child with the number s5.
child:
        mv      a0, s4
        call    check_pages             # as the parent had them
        addi    s6, s4, 1
        add     s6, s6, s5
        mv      a0, s6
        call    write_pages
        call    fork
        beqz    a0, grandchild
        mv      s9, a0
        li      a7, SCHED_YIELD
        ecall
        mv      a0, s6
        call    check_pages
        mv      a0, s9
        call    wait
        la      s11, bad_grandchild
        bne     a0, s9, wrong
        lw      t0, (sp)
        addi    t1, s5, GRANDCHILD
        slli    t1, t1, 8
        bne     t0, t1, wrong
        mv      a0, s6                  # what the grandchild stored is its own
        call    check_pages
        andi    t0, s5, 3
        bnez    t0, 1f
        li      a7, GETPID
        ecall
        li      a1, SIGTERM
        li      a7, KILL
        ecall                           # does not come back
1:      mv      a0, s5
        li      a7, EXIT
        ecall

grandchild:
        mv      a0, s6
        call    check_pages
        addi    s6, s6, 500
        mv      a0, s6
        call    write_pages
        li      a7, SCHED_YIELD
        ecall
        mv      a0, s6
        call    check_pages
        addi    a0, s5, GRANDCHILD
        li      a7, EXIT
        ecall

# Stores a0 into each page.
write_pages:
        la      t0, pages
        li      t1, PAGES
        li      t2, PAGE
1:      sd      a0, (t0)
        add     t0, t0, t2
        addi    t1, t1, -1
        bnez    t1, 1b
        ret

# Each page must hold a0.
check_pages:
        la      s11, bad_pages
        la      t0, pages
        li      t1, PAGES
        li      t2, PAGE
1:      ld      t3, (t0)
        bne     t3, a0, wrong
        add     t0, t0, t2
        addi    t1, t1, -1
        bnez    t1, 1b
        ret

# Waits for the child with the id a0; its status is at sp afterwards.
wait:
        mv      a1, sp
        li      a2, 0
        li      a3, 0
        li      a7, WAIT4
        ecall
        ret

# Forks: a0 = 0 in the child, its process id in the parent.
fork:
        li      a0, SIGCHLD
        li      a1, 0                   # the child goes on with a copy of this stack
        li      a2, 0
        li      a3, 0
        li      a4, 0
        li      a7, CLONE
        ecall                           # returns twice
        la      s11, no_child
        bltz    a0, wrong
        ret

# The number that argument a0 gives, or a1 where there is no such argument. It must be between 1 and a2.
argument:
        ld      t0, (s0)                # argc
        bge     a0, t0, 3f
        slli    a0, a0, 3
        add     a0, a0, s0
        ld      t0, 8(a0)               # its text
        li      a1, 0
        li      t1, 10
1:      lbu     t2, (t0)
        beqz    t2, 2f
        addi    t2, t2, -'0'
        bgeu    t2, t1, usage           # not a digit
        mul     a1, a1, t1
        add     a1, a1, t2
        bgtu    a1, a2, usage
        addi    t0, t0, 1
        j       1b
2:      beqz    a1, usage
3:      mv      a0, a1
        ret

usage:  la      a0, usage_text
        call    print
        li      a0, 2
        li      a7, EXIT
        ecall

# Ends the process with the reason at s11.
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
waves_text:
        .asciz  " waves of "
children_text:
        .asciz  " children: "
ended_text:
        .asciz  " ended by themselves, "
killed_text:
        .asciz  " by a signal\n"
usage_text:
        .asciz  "usage: fork-storm [WAVES up to 100000 [CHILDREN up to 100]]\n"
no_child:
        .asciz  "wrong: no child\n"
unknown_child:
        .asciz  "wrong: wait4 reports a child that there is not\n"
bad_status:
        .asciz  "wrong: a child's status\n"
bad_grandchild:
        .asciz  "wrong: a grandchild's status\n"
bad_pages:
        .asciz  "wrong: a process sees what another one has stored\n"

        .bss
        .balign PAGE
pages:  .space  PAGES * PAGE
children:
        .space  4 * MOST_CHILDREN       # their process ids
