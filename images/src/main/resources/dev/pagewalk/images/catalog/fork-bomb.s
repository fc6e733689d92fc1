# fork-bomb: starts children for as long as memory lasts and a bit longer, survives the shortage and reaps them all.
#
# A gate, which is a pipe that nobody writes to, keeps the children alive until the parent closes its end of it. A
# store to a private page may need a frame, for a first touch or a copy, and where there is none the process is killed.
# That happens to some of the children. The parent keeps to registers and one shared page while memory is short.
        .equ    CLOSE, 57
        .equ    PIPE2, 59
        .equ    READ, 63
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    CLONE, 220
        .equ    MMAP, 222
        .equ    WAIT4, 260
        .equ    SIGCHLD, 17             # clone with nothing but this is fork
        .equ    SIGKILL, 9
        .equ    ECHILD, 10
        .equ    EAGAIN, 11
        .equ    ENOMEM, 12
        .equ    READ_WRITE, 1 | 2       # PROT_READ, PROT_WRITE
        .equ    SHARED_ANONYMOUS, 0x01 | 0x20
        .equ    PRIVATE_ANONYMOUS, 0x02 | 0x20
        .equ    PAGE, 4096
        .equ    PAGES, 16               # that each child touches
        .equ    CHILDREN, 64            # that are asked for

        .globl  _start
_start:
        la      s11, no_memory
        li      a1, PAGE
        li      a3, SHARED_ANONYMOUS
        call    map
        mv      s0, a0                  # what the kernel writes for the parent goes here
        sd      zero, (s0)
        li      a1, PAGES * PAGE
        li      a3, PRIVATE_ANONYMOUS
        call    map
        mv      s1, a0                  # what the children touch
        la      s11, no_gate
        mv      a0, s0
        li      a1, 0
        li      a7, PIPE2
        ecall
        bnez    a0, wrong
        lw      s2, 0(s0)               # the gate's end to read from
        lw      s3, 4(s0)               # and the one to write to
        la      a0, asking
        call    print

        li      s4, 0                   # children started
        li      s5, 0                   # children refused
        li      s6, CHILDREN
next_child:
        li      a0, SIGCHLD
        li      a1, 0
        li      a2, 0
        li      a3, 0
        li      a4, 0
        li      a7, CLONE
        ecall
        beqz    a0, child
        bltz    a0, refused
        addi    s4, s4, 1
        j       asked
refused:
        la      s11, bad_refusal
        li      t0, -ENOMEM
        beq     a0, t0, 1f
        li      t0, -EAGAIN
        bne     a0, t0, wrong
1:      addi    s5, s5, 1
asked:
        addi    s6, s6, -1
        bnez    s6, next_child

        mv      a0, s3                  # open the gate
        li      a7, CLOSE
        ecall
        li      s6, 0                   # children that ended by themselves
        li      s7, 0                   # children that were killed
next_end:
        li      a0, -1                  # whichever it is
        mv      a1, s0
        li      a2, 0
        li      a3, 0
        li      a7, WAIT4
        ecall
        bltz    a0, all_reaped
        la      s11, bad_end
        lw      t0, (s0)
        beqz    t0, 1f
        li      t1, SIGKILL
        bne     t0, t1, wrong
        addi    s7, s7, 1
        j       next_end
1:      addi    s6, s6, 1
        j       next_end

all_reaped:
        la      s11, bad_wait
        li      t0, -ECHILD
        bne     a0, t0, wrong
        mv      a0, s4
        call    print_number
        la      a0, started_text
        call    print
        mv      a0, s5
        call    print_number
        la      a0, refused_text
        call    print
        mv      a0, s6
        call    print_number
        la      a0, ended_text
        call    print
        mv      a0, s7
        call    print_number
        la      a0, killed_text
        call    print
        la      s11, bad_number
        add     t0, s6, s7
        bne     t0, s4, wrong
        la      a0, reaped_text
        call    print
        li      a0, 0
        li      a7, EXIT
        ecall

child:
        mv      a0, s3                  # or it would keep the gate shut itself
        li      a7, CLOSE
        ecall
        mv      t0, s1
        li      t1, PAGES
        li      t2, PAGE
1:      sd      t1, (t0)                # each needs a frame; the child is killed where there is none
        add     t0, t0, t2
        addi    t1, t1, -1
        bnez    t1, 1b
        mv      a0, s2
        mv      a1, s1
        li      a2, 1
        li      a7, READ
        ecall                           # 0, the end of the file, once no process has the other end
        li      a7, EXIT
        ecall

# Maps a1 bytes with the flags a3.
map:
        li      a0, 0                   # anywhere
        li      a2, READ_WRITE
        li      a4, -1                  # no file
        li      a5, 0
        li      a7, MMAP
        ecall
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
asking: .asciz  "asking for 64 children\n"
started_text:
        .asciz  " started, "
refused_text:
        .asciz  " refused\n"
ended_text:
        .asciz  " ended by themselves, "
killed_text:
        .asciz  " were killed for want of memory\n"
reaped_text:
        .asciz  "all of them are reaped\n"
no_memory:
        .asciz  "wrong: no mapping\n"
no_gate:
        .asciz  "wrong: no pipe\n"
bad_refusal:
        .asciz  "wrong: neither EAGAIN nor ENOMEM\n"
bad_end:
        .asciz  "wrong: a child's status\n"
bad_wait:
        .asciz  "wrong: wait4\n"
bad_number:
        .asciz  "wrong: not as many reaped as started\n"
