# sharing: what the guests here have in common. It is put in front of each of them.
#
# A check that fails ends the guest, and its number, which stands in s11, is the exit status; numbers below 10 are of
# checks here. A guest that gets to its end says so.
        .equ    EXIT, 93
        .equ    EXIT_GROUP, 94
        .equ    FTRUNCATE, 46
        .equ    OPENAT, 56
        .equ    PIPE2, 59
        .equ    READ, 63
        .equ    WRITE, 64
        .equ    FUTEX, 98
        .equ    SCHED_YIELD, 124
        .equ    KILL, 129
        .equ    RT_SIGACTION, 134
        .equ    BRK, 214
        .equ    MUNMAP, 215
        .equ    MREMAP, 216
        .equ    CLONE, 220
        .equ    EXECVE, 221
        .equ    MMAP, 222
        .equ    MPROTECT, 226
        .equ    MADVISE, 233
        .equ    WAIT4, 260
        .equ    SIGBUS, 7
        .equ    SIGKILL, 9
        .equ    SIGSEGV, 11
        .equ    SIGCHLD, 17
        .equ    READ_ONLY, 1            # PROT_READ
        .equ    READ_WRITE, 1 | 2       # PROT_READ, PROT_WRITE
        .equ    SHARED, 0x01            # MAP_SHARED
        .equ    PRIVATE, 0x02           # MAP_PRIVATE
        .equ    FIXED, 0x10             # MAP_FIXED
        .equ    ANONYMOUS, 0x20         # MAP_ANONYMOUS
        .equ    MAY_MOVE, 1             # MREMAP_MAYMOVE
        .equ    MOVE_TO, 1 | 2          # MREMAP_MAYMOVE, MREMAP_FIXED
        .equ    DONTNEED, 4             # MADV_DONTNEED
        .equ    SA_SIGINFO, 4
        .equ    SI_ADDR, 16             # where siginfo has the address
        .equ    SAVED_PC, 176           # where the saved registers have the pc
        # CLONE_VM, _FS, _FILES, _SIGHAND, _THREAD, _SYSVSEM: one process. _SETTLS: tp is given. _PARENT_SETTID and
        # _CHILD_CLEARTID: the kernel writes the thread's id and clears it.
        .equ    THREAD, 0x100 | 0x200 | 0x400 | 0x800 | 0x10000 | 0x40000 | 0x80000 | 0x100000 | 0x200000
        .equ    PAGE, 4096
        .equ    FAR, 0x4000000000       # far from all else: page tables come and go with what is mapped here
        .equ    SPINS, 32               # before a task gives up its hart
        .equ    MOST_THREADS, 4
        .equ    STACK_LOG2, 13          # room for what a signal handler saves
        .equ    RECORD_LOG2, 6          # a thread's record: 64 bytes, with
        .equ    ID, 0                   # its id in the kernel
        .equ    NUMBER, 8               # its number here
        .equ    MAIN, 16                # where it begins
        .equ    DONE, 24                # and the last round that it is done with

# Starts thread a0 at a1, with tp at its record and the other s registers as they are here.
start_thread:
        la      a3, records
        slli    t0, a0, RECORD_LOG2
        add     a3, a3, t0
        sd      a0, NUMBER(a3)
        sd      a1, MAIN(a3)
        sd      zero, DONE(a3)
        la      a1, stacks
        addi    t0, a0, 1
        slli    t0, t0, STACK_LOG2
        add     a1, a1, t0              # the end of its stack
        mv      a2, a3
        mv      a4, a3
        li      a0, THREAD
        li      a7, CLONE
        ecall                           # returns twice
        bnez    a0, 1f
        ld      t0, MAIN(tp)
        jr      t0
1:      li      s11, 1
        bltz    a0, wrong
        ret

# Starts threads 0 to a0 - 1 at a1.
start_threads:
        addi    sp, sp, -32
        sd      ra, (sp)
        sd      a0, 8(sp)
        sd      a1, 16(sp)
1:      ld      a0, 8(sp)
        beqz    a0, 2f
        addi    a0, a0, -1
        sd      a0, 8(sp)
        ld      a1, 16(sp)
        call    start_thread
        j       1b
2:      ld      ra, (sp)
        addi    sp, sp, 32
        ret

# Ends the thread.
end_thread:
        li      a0, 0
        li      a7, EXIT
        ecall

# Waits until threads 0 to a0 - 1 have ended.
join_threads:
        mv      t1, a0
        la      t0, records
1:      beqz    t1, 3f
2:      lw      a2, ID(t0)
        beqz    a2, 4f
        addi    a0, t0, ID
        li      a1, 0                   # FUTEX_WAIT: sleep, if the id still stands there
        li      a3, 0                   # for as long as it takes
        li      a7, FUTEX
        ecall
        j       2b
4:      addi    t0, t0, 1 << RECORD_LOG2
        addi    t1, t1, -1
        j       1b
3:      fence   r, rw
        ret

# Waits until the number at a0 is a1 or more.
await:
        mv      t0, a0
1:      li      t1, SPINS
2:      ld      t2, (t0)
        bgeu    t2, a1, 3f
        addi    t1, t1, -1
        bnez    t1, 2b
        li      a7, SCHED_YIELD         # who writes it may be waiting for a hart
        ecall
        j       1b
3:      fence   r, rw
        ret

# Waits until threads 0 to a0 - 1 are done with round a1.
await_threads:
        addi    sp, sp, -32
        sd      ra, (sp)
        sd      s0, 8(sp)
        sd      s1, 16(sp)
        mv      s0, a0
        la      s1, records
1:      addi    a0, s1, DONE
        call    await
        addi    s1, s1, 1 << RECORD_LOG2
        addi    s0, s0, -1
        bnez    s0, 1b
        ld      ra, (sp)
        ld      s0, 8(sp)
        ld      s1, 16(sp)
        addi    sp, sp, 32
        ret

# Has signal a0 caught by the handler a1.
catch:
        la      t0, action
        sd      a1, (t0)
        li      t1, SA_SIGINFO
        sd      t1, 8(t0)
        mv      a1, t0
        li      a2, 0
        li      a3, 8                   # bytes in a set of signals
        li      a7, RT_SIGACTION
        j       must

# The call a7, which must return 0.
must:
        ecall
        bnez    a0, 1f
        ret
1:      li      s11, 2
        j       wrong

# Maps a1 bytes at a0 with rights a2 and flags a3.
map:
        addi    sp, sp, -16
        sd      a0, (sp)
        ori     a3, a3, FIXED
        li      a4, -1                  # no file
        li      a5, 0
        li      a7, MMAP
        ecall
        ld      t0, (sp)
        addi    sp, sp, 16
        li      t1, 3
        bne     a0, t0, 1f
        ret
1:      mv      s11, t1
        j       wrong

# Forks; returns the pid, or 0 in the child.
fork:
        li      a0, SIGCHLD
        li      a1, 0
        li      a2, 0
        li      a3, 0
        li      a4, 0
        li      a7, CLONE
        ecall
        bltz    a0, 1f
        ret
1:      li      s11, 4
        j       wrong

# Waits for child a0, whose status word must be a1.
reap:
        addi    sp, sp, -32
        sd      a0, (sp)
        sd      a1, 8(sp)
        addi    a1, sp, 16
        li      a2, 0
        li      a3, 0
        li      a7, WAIT4
        ecall
        ld      t0, (sp)
        ld      t1, 8(sp)
        lw      t2, 16(sp)
        addi    sp, sp, 32
        li      t3, 5
        bne     a0, t0, 1f
        beq     t2, t1, 2f
        li      t3, 6
        srli    t4, t2, 8               # a child that has failed a check: its number
        beqz    t4, 1f
        mv      t3, t4
1:      mv      s11, t3
        j       wrong
2:      ret

# Lets control words be shared with processes to come.
share_control:
        la      a0, control
        li      a1, CONTROL
        li      a2, READ_WRITE
        li      a3, SHARED | ANONYMOUS
        j       map

# A task that reads PAGES pages from s0 on without end: when it knows of a round, it must find there that round's number
# or a later one, or a new page that is not yet written to; a page that is not there belongs to a later round, too.
read_pages:
        la      a0, ready
        li      a1, 1
        call    await
1:      ld      s2, ready               # the round that it knows of
        fence   r, r
        mv      s3, s0
        li      s4, PAGES
2:      ld      s5, (s3)                # may fault
        beqz    s5, 3f
        li      s11, 7
        bltu    s5, s2, wrong           # of an earlier round
        j       4f
3:      fence   r, r
        ld      t0, begun
        li      s11, 8
        bleu    t0, s2, wrong           # nobody has begun to make new pages
4:      li      t0, PAGE
        add     s3, s3, t0
        addi    s4, s4, -1
        bnez    s4, 2b
        sd      s2, DONE(tp)
        li      t0, ROUNDS
        beq     s2, t0, end_thread
        addi    s6, s6, 1
        andi    t0, s6, SPINS - 1
        bnez    t0, 1b
        li      a7, SCHED_YIELD         # who makes the next round may be waiting for a hart
        ecall
        j       1b

# The handler of its faults.
on_missing:
        li      s11, 9
        ld      t0, SI_ADDR(a1)
        bne     t0, s3, wrong
        ld      t0, begun
        bleu    t0, s2, wrong
        li      a7, SCHED_YIELD
        ecall
        ret                             # and once more

# Says that a round begins, s1.
begin:
        la      t0, begun
        sd      s1, (t0)
        fence   w, rw
        ret

# Writes s1 into the PAGES pages at a0.
write_round:
        li      t0, PAGES
        li      t1, PAGE
1:      sd      s1, (a0)
        add     a0, a0, t1
        addi    t0, t0, -1
        bnez    t0, 1b
        ret

# Says that the round's pages are there.
publish:
        fence   rw, w
        la      t0, ready
        sd      s1, (t0)
        ret

# Ends well.
fine:
        li      a0, 1
        la      a1, fine_text
        li      a2, 5
        li      a7, WRITE
        ecall
        li      a0, 0
        li      a7, EXIT_GROUP
        ecall

# Ends all tasks; s11 is what was wrong.
wrong:
        li      a0, -1                  # other processes would wait for this one without end
        li      a1, SIGKILL
        li      a7, KILL
        ecall
        mv      a0, s11
        li      a7, EXIT_GROUP
        ecall

        .section .rodata
fine_text:
        .ascii  "fine\n"

        .data
        .balign 8
action: .dword  0, 0, 0

        .bss
        .balign 4096
        .equ    CONTROL, 4096
control:
begun:  .space  64                      # each in a cache line of its own
ready:  .space  64
ending: .space  64
active: .space  64
records:
        .space  MOST_THREADS << RECORD_LOG2
        .balign 4096
stacks: .space  MOST_THREADS << STACK_LOG2

        .text
