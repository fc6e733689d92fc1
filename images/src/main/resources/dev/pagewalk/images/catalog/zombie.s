# zombie: a child that has ended stays until wait4 asks for its status, and an orphan is given another parent.
        .equ    PIPE2, 59
        .equ    READ, 63
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    KILL, 129
        .equ    RT_SIGSUSPEND, 133
        .equ    RT_SIGACTION, 134
        .equ    RT_SIGPROCMASK, 135
        .equ    GETPID, 172
        .equ    GETPPID, 173
        .equ    CLONE, 220
        .equ    WAIT4, 260
        .equ    WNOHANG, 1
        .equ    SIG_BLOCK, 0
        .equ    SIGTERM, 15
        .equ    SIGCHLD, 17
        .equ    ESRCH, 3                # no such process
        .equ    EINTR, 4
        .equ    ECHILD, 10              # no child to wait for

        .globl  _start
_start:
        addi    sp, sp, -16             # at sp: a status, or what comes through the pipe
        la      s11, no_handler
        li      a0, SIGCHLD
        la      a1, action
        li      a2, 0
        li      a3, 8                   # bytes in a set of signals
        li      a7, RT_SIGACTION
        ecall
        bnez    a0, wrong
        li      a0, SIG_BLOCK           # SIGCHLD is held back until rt_sigsuspend lets it in: so none is missed
        la      a1, child_signal
        li      a2, 0
        li      a3, 8
        li      a7, RT_SIGPROCMASK
        ecall
        bnez    a0, wrong

        # The status.
        la      s11, zombie_claim
        call    fork
        bnez    a0, 1f
        li      a0, 42
        li      a7, EXIT
        ecall
1:      mv      s0, a0
        la      a0, no_signals
        li      a1, 8
        li      a7, RT_SIGSUSPEND
        ecall                           # comes back when the child has ended
        li      t0, -EINTR
        bne     a0, t0, wrong
        li      a1, 0                   # signal 0 only asks whether there is such a process
        call    kill
        bnez    a0, wrong
        call    holds

        la      s11, reaped_claim
        li      a2, 0
        call    wait
        bne     a0, s0, wrong
        lw      t0, (sp)
        li      t1, 42 << 8
        bne     t0, t1, wrong
        li      a1, 0
        call    kill                    # now it is gone
        li      t0, -ESRCH
        bne     a0, t0, wrong
        li      a2, 0
        call    wait
        li      t0, -ECHILD
        bne     a0, t0, wrong
        call    holds

        # A child that is killed.
        la      s11, killed_claim
        call    fork
1:      beqz    a0, 1b                  # the child never ends by itself
        mv      s0, a0
        li      a2, WNOHANG
        call    wait                    # there is a child, but it has not ended
        bnez    a0, wrong
        li      a1, SIGTERM
        call    kill
        bnez    a0, wrong
        li      a2, 0
        call    wait
        bne     a0, s0, wrong
        lw      t0, (sp)
        li      t1, SIGTERM
        bne     t0, t1, wrong
        call    holds

        # The orphan, which tells its new parent and its own process id through a pipe.
        la      s11, orphan_claim
        mv      a0, sp
        li      a1, 0
        li      a7, PIPE2
        ecall
        bnez    a0, wrong
        lw      s1, 0(sp)               # to read from
        lw      s2, 4(sp)               # to write to
        call    fork
        bnez    a0, first_process

        li      a7, GETPID              # the child starts a child of its own, and ends
        ecall
        mv      s0, a0
        call    fork
        bnez    a0, end
1:      li      a7, GETPPID             # the grandchild waits until it is an orphan
        ecall
        beq     a0, s0, 1b
        sd      a0, 0(sp)
        li      a7, GETPID
        ecall
        sd      a0, 8(sp)
        mv      a0, s2
        mv      a1, sp
        li      a2, 16
        li      a7, WRITE
        ecall
        j       end

first_process:
        mv      s0, a0
        li      a2, 0
        call    wait
        bne     a0, s0, wrong
        mv      a0, s1
        mv      a1, sp
        li      a2, 16
        li      a7, READ
        ecall                           # waits for the orphan
        li      t0, 16
        bne     a0, t0, wrong
        ld      t0, 0(sp)               # its parent
        beq     t0, s0, wrong
        ld      s0, 8(sp)               # its process id
        li      a7, GETPID
        ecall
        li      t1, 1                   # orphans go to process 1, which we are, unless another system started us
        bne     a0, t1, 1f
        bne     t0, t1, wrong
        li      a2, 0
        call    wait
        bne     a0, s0, wrong
1:      call    holds
end:
        li      a0, 0
        li      a7, EXIT
        ecall

# Forks: 0 in the child, its process id in the parent.
fork:
        li      a0, SIGCHLD
        li      a1, 0
        li      a2, 0
        li      a3, 0
        li      a4, 0
        li      a7, CLONE
        ecall
        bltz    a0, wrong
        ret

# Waits for any child with the options a2; its status goes to sp.
wait:
        li      a0, -1
        mv      a1, sp
        li      a3, 0
        li      a7, WAIT4
        ecall
        ret

# Sends the signal a1 to the process s0.
kill:
        mv      a0, s0
        li      a7, KILL
        ecall
on_child:                               # the handler has nothing to do but to return
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
action: .dword  on_child, 0, 0          # handler, flags, signals blocked meanwhile
child_signal:
        .dword  1 << (SIGCHLD - 1)
no_signals:
        .dword  0
zombie_claim:
        .asciz  "a child that has ended is still a process\n"
reaped_claim:
        .asciz  "wait4 tells that it ended with 42, and removes it\n"
killed_claim:
        .asciz  "wait4 tells which signal killed a child\n"
orphan_claim:
        .asciz  "an orphan is given another parent\n"
no_handler:
        .asciz  "signals are handled\n"
wrong_text:
        .asciz  "not true: "
