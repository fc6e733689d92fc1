# copy-fault: gives bad pointers to the system calls that take one; each answers EFAULT and none ends the program.
        .equ    UNLINKAT, 35
        .equ    OPENAT, 56
        .equ    PIPE2, 59
        .equ    LSEEK, 62
        .equ    READ, 63
        .equ    WRITE, 64
        .equ    PREAD64, 67
        .equ    FSTAT, 80
        .equ    EXIT, 93
        .equ    CLOCK_GETTIME, 113
        .equ    SIGALTSTACK, 132
        .equ    RT_SIGSUSPEND, 133
        .equ    RT_SIGACTION, 134
        .equ    RT_SIGPROCMASK, 135
        .equ    RT_SIGPENDING, 136
        .equ    CLONE, 220
        .equ    EXECVE, 221
        .equ    MINCORE, 232
        .equ    WAIT4, 260
        .equ    AT_FDCWD, -100
        .equ    O_RDWR, 2
        .equ    O_CREAT, 0x40
        .equ    O_TRUNC, 0x200
        .equ    SIGUSR1, 10
        .equ    SIGCHLD, 17             # clone with nothing but this is fork
        .equ    ECHILD, 10              # no child to wait for
        .equ    EFAULT, 14              # a bad address
        .equ    PAGE, 4096

        # The table below: a row has a name, the number of a call and four arguments, of which these are replaced.
        .equ    NAME_SIZE, 24
        .equ    NUMBER, 24
        .equ    ARGUMENTS, 32
        .equ    ROW, 64
        .equ    BAD, -1000              # by a bad pointer
        .equ    FILE, -1001             # by a file, which has more to read

        .globl  _start
_start:
        la      s1, preparing
        li      a0, AT_FDCWD
        la      a1, path
        li      a2, O_RDWR | O_CREAT | O_TRUNC
        li      a3, 0600                # for its owner
        li      a7, OPENAT
        ecall
        bltz    a0, wrong
        mv      s0, a0
        la      a1, path                # some bytes, whichever
        li      a2, 8
        li      a7, WRITE
        ecall
        mv      a0, s0
        li      a1, 0                   # back to the start
        li      a2, 0
        li      a7, LSEEK
        ecall
        bnez    a0, wrong
        li      s2, 6                   # as many children as wait4 will be asked for
1:      call    start_child
        addi    s2, s2, -1
        bnez    s2, 1b

        la      a0, heading
        call    print
        la      s1, calls
next_call:
        lbu     t0, (s1)                # no name: the table has ended
        beqz    t0, table_done
        call    print_name
        la      s2, pointers
next_pointer:
        ld      s3, (s2)                # 0 ends the list of bad pointers
        beqz    s3, call_done
        la      t0, bad_list
        sd      s3, (t0)
        ld      a0, ARGUMENTS(s1)
        call    replace
        mv      s4, a0
        ld      a0, ARGUMENTS + 8(s1)
        call    replace
        mv      a1, a0
        ld      a0, ARGUMENTS + 16(s1)
        call    replace
        mv      a2, a0
        ld      a0, ARGUMENTS + 24(s1)
        call    replace
        mv      a3, a0
        mv      a0, s4
        ld      a7, NUMBER(s1)
        ecall
        li      t0, -EFAULT
        bne     a0, t0, wrong
        la      a0, fault_text
        call    print
        addi    s2, s2, 8
        j       next_pointer
call_done:
        la      a0, newline
        call    print
        addi    s1, s1, ROW
        j       next_call

table_done:
        la      s1, reaping             # Linux has reaped a child for each status that it could not tell,
1:      li      a0, -1                  # Pagewalk has kept them: here is a good pointer for those
        li      a1, 0
        li      a2, 0
        li      a3, 0
        li      a7, WAIT4
        ecall
        bgtz    a0, 1b
        li      t0, -ECHILD
        bne     a0, t0, wrong
        la      s1, removing
        li      a0, AT_FDCWD
        la      a1, path
        li      a2, 0
        li      a7, UNLINKAT
        ecall
        bnez    a0, wrong
        la      a0, done_text
        call    print
        li      a0, 0
        li      a7, EXIT
        ecall

# Gives a0, or what it stands for.
replace:
        li      t0, BAD
        bne     a0, t0, 1f
        mv      a0, s3
1:      li      t0, FILE
        bne     a0, t0, 2f
        mv      a0, s0
2:      ret

# Starts a child that ends at once.
start_child:
        li      a0, SIGCHLD
        li      a1, 0
        li      a2, 0
        li      a3, 0
        li      a4, 0
        li      a7, CLONE
        ecall
        bltz    a0, wrong
        bnez    a0, 1f
        li      a7, EXIT
        ecall
1:      ret

# Ends the program: what s1 names has gone wrong.
wrong:
        la      a0, wrong_text
        call    print
        call    print_name
        la      a0, newline
        call    print
        li      a0, 1
        li      a7, EXIT
        ecall

# Writes the name at s1.
print_name:
        li      a0, 1                   # standard output
        mv      a1, s1
        li      a2, NAME_SIZE
        li      a7, WRITE
        ecall
        ret

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
heading:
        .asciz  "                          unmapped    kernel   nowhere\n"
fault_text:
        .asciz  "    EFAULT"
newline:
        .asciz  "\n"
done_text:
        .asciz  "the program is still there\n"
wrong_text:
        .asciz  "\nwrong: "
path:   .asciz  "/tmp/pagewalk-copy-fault"
self:   .asciz  "/proc/self/exe"

        .balign 8
pointers:
        .dword  0xDEADBEEF000           # nothing is mapped there
        .dword  -PAGE                   # the kernel's half of the address space
        .dword  1 << 62                 # no address at all: its upper bits are not all alike
        .dword  0
self_list:
        .dword  self, 0

preparing:
        .ascii  "the preparations        "
reaping:
        .ascii  "the children            "
removing:
        .ascii  "unlinkat                "

calls:
        .ascii  "openat                  "
        .dword  OPENAT, AT_FDCWD, BAD, O_RDWR, 0
        .ascii  "unlinkat                "
        .dword  UNLINKAT, AT_FDCWD, BAD, 0, 0
        .ascii  "read                    "
        .dword  READ, FILE, BAD, 8, 0
        .ascii  "pread64                 "
        .dword  PREAD64, FILE, BAD, 8, 0
        .ascii  "write                   "
        .dword  WRITE, FILE, BAD, 8, 0
        .ascii  "fstat                   "
        .dword  FSTAT, FILE, BAD, 0, 0
        .ascii  "pipe2                   "
        .dword  PIPE2, BAD, 0, 0, 0
        .ascii  "clock_gettime           "
        .dword  CLOCK_GETTIME, 0, BAD, 0, 0
        .ascii  "mincore                 "
        .dword  MINCORE, _start, PAGE, BAD, 0
        .ascii  "rt_sigaction, new       "
        .dword  RT_SIGACTION, SIGUSR1, BAD, 0, 8
        .ascii  "rt_sigaction, old       "
        .dword  RT_SIGACTION, SIGUSR1, 0, BAD, 8
        .ascii  "rt_sigprocmask, new     "
        .dword  RT_SIGPROCMASK, 0, BAD, 0, 8
        .ascii  "rt_sigprocmask, old     "
        .dword  RT_SIGPROCMASK, 0, 0, BAD, 8
        .ascii  "rt_sigpending           "
        .dword  RT_SIGPENDING, BAD, 8, 0, 0
        .ascii  "rt_sigsuspend           "
        .dword  RT_SIGSUSPEND, BAD, 8, 0, 0
        .ascii  "sigaltstack, new        "
        .dword  SIGALTSTACK, BAD, 0, 0, 0
        .ascii  "sigaltstack, old        "
        .dword  SIGALTSTACK, 0, BAD, 0, 0
        .ascii  "execve, path            "
        .dword  EXECVE, BAD, 0, 0, 0
        .ascii  "execve, arguments       "
        .dword  EXECVE, self, BAD, 0, 0
        .ascii  "execve, an argument     "
        .dword  EXECVE, self, bad_list, 0, 0
        .ascii  "execve, environment     "
        .dword  EXECVE, self, self_list, BAD, 0
        .ascii  "wait4, status           "
        .dword  WAIT4, -1, BAD, 0, 0
        .ascii  "wait4, usage            "
        .dword  WAIT4, -1, 0, 0, BAD
        .byte   0

        .data
        .balign 8
bad_list:
        .dword  0, 0                    # a list of one pointer, the bad one
