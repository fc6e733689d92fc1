package dev.pagewalk.kernel.syscall;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import org.junit.jupiter.api.Test;

class SystemCallTraceTest {
    private static final long PAGE = 4096;
    private static final long AT = 0x2000_0000L;
    private static final String DATA = "        .data\ntext: .ascii \"a\\\"b\\\\c\\t\\r\\n\\001\\377\"\n"
            + "        .section .rodata\nlong: .ascii \"0123456789012345678901234567890123456789\"\n"
            + "        .bss\nbuffer: .zero 64\n";

    private static Guest guest() {
        return new Guest()
                .call(WRITE, 1, "=text", 10)
                .call(WRITE, 2, "=long", 40)
                .call(WRITE, 7, "=long", 32)
                .call(WRITE, 1, 0, 5)
                .call(READ, 0, "=buffer", 64)
                .call(READ, 0, "=buffer", 64)
                .mmap(0, 2 * PAGE, RW, ANON)
                .mmap(AT, PAGE, PROT_NONE, SHARED | ANONYMOUS | FIXED | POPULATE | NOREPLACE | 0x420000)
                .mmap(0, 0, 7, ANON)
                .call(WRITE, 1, AT, 5)
                .mprotect(AT, PAGE, R | X)
                .munmap(AT, PAGE)
                .munmap(1, PAGE)
                .brk(0)
                .call(GETPID)
                .call(CLOCK_GETTIME, 1, "=buffer")
                .call(777, 5)
                .call(EXIT, 3)
                .data(DATA);
    }

    @Test
    void everyCallIsALineInTheMannerOfStrace() {
        TestMachine test = TestMachine.options().traced().input("hi\n").run(guest().source());
        assertThat(test.trace())
                .containsExactly(
                        "1 write(1, \"a\\\"b\\\\c\\t\\r\\n\\x01\\xff\", 10) = 10",
                        "1 write(2, \"01234567890123456789012345678901\"..., 40) = 40",
                        "1 write(7, \"01234567890123456789012345678901\", 32) = -1 EBADF",
                        "1 write(1, NULL, 5) = -1 EFAULT",
                        "1 read(0, 0x13000, 64) = 3 \"hi\\n\"",
                        "1 read(0, 0x13000, 64) = 0",
                        "1 mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x400000000000",
                        "1 mmap(0x20000000, 4096, PROT_NONE, "
                                + "MAP_SHARED|MAP_FIXED|MAP_ANONYMOUS|MAP_POPULATE|MAP_STACK|MAP_FIXED_NOREPLACE|0x400000, -1, 0)"
                                + " = 0x20000000",
                        "1 mmap(NULL, 0, PROT_READ|PROT_WRITE|PROT_EXEC, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = -1 EINVAL",
                        "1 write(1, 0x20000000, 5) = -1 EFAULT",
                        "1 mprotect(0x20000000, 4096, PROT_READ|PROT_EXEC) = 0",
                        "1 munmap(0x20000000, 4096) = 0",
                        "1 munmap(0x1, 4096) = -1 EINVAL",
                        "1 brk(NULL) = 0x14000",
                        "1 getpid() = 1",
                        "1 clock_gettime(CLOCK_MONOTONIC, {tv_sec=0, tv_nsec=" + nanoseconds(test) + "}) = 0",
                        "1 syscall_777(0x5, ...) = -1 ENOSYS",
                        "1 exit(3) = ?",
                        "1 +++ exited with 3 +++");
    }

    /** What clock_gettime has written can only be told from the guest's memory. */
    private static long nanoseconds(TestMachine test) {
        String line = test.trace().stream()
                .filter(text -> text.contains("tv_nsec="))
                .findFirst()
                .orElseThrow();
        long nanoseconds = Long.parseLong(line.replaceFirst(".*tv_nsec=(\\d+)}.*", "$1"));
        assertThat(nanoseconds).isPositive();
        return nanoseconds;
    }

    @Test
    void aFamilyIsTracedWithPidsAndStatusWordsTakenApart() {
        Guest guest = new Guest()
                .fork("exits")
                .wait4(-1, "status")
                .fork("faults")
                .call(WAIT4, "a0", "=status", 2 | 8, 0)
                .wait4(-1, "status")
                .call(WAIT4, -1, 0, 1, 0)
                .exit(0)
                .text("exits:")
                .exit(7)
                .text("faults:")
                .load(0x123450)
                .words("status");

        TestMachine test = TestMachine.options().traced().run(guest.source());

        assertThat(test.trace())
                .containsExactly(
                        "1 clone(SIGCHLD, NULL, NULL, NULL, NULL) = 2",
                        "2 exit_group(7) = ?",
                        "2 +++ exited with 7 +++",
                        "1 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 7}], 0, NULL) = 2",
                        "1 clone(SIGCHLD, NULL, NULL, NULL, NULL) = 3",
                        "3 --- SIGSEGV {si_code=SEGV_MAPERR, si_addr=0x123450} ---",
                        "3 +++ killed by SIGSEGV +++",
                        "1 wait4(3, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV}], WUNTRACED|WCONTINUED, NULL) = 3",
                        "1 wait4(-1, " + status(test) + ", 0, NULL) = -1 ECHILD",
                        "1 wait4(-1, NULL, WNOHANG, NULL) = -1 ECHILD",
                        "1 exit_group(0) = ?",
                        "1 +++ exited with 0 +++");
    }

    /** The address where the guest wanted the status word, which the trace shows where a wait has failed. */
    private static String status(TestMachine test) {
        return test.trace().get(8).replaceFirst(".*\\((.*?), (0x[0-9a-f]+), .*", "$2");
    }

    @Test
    void aSignalIsALineWhenItIsDeliveredAndACallThatItEndsIsALineBefore() {
        Guest guest = new Guest()
                .onSignal(SIGUSR1, "handler", SA_SIGINFO)
                .call(RT_SIGPROCMASK, 0, "=set", "=old", 8)
                .fork("child")
                .call(KILL, 1, 0)
                .wait4(-1, "status")
                .expect(EINTR)
                .wait4(-1, "status")
                .expect(2)
                .call(KILL, 1, SIGUSR1)
                .exit(0)
                .text("child:")
                .call(KILL, 1, SIGUSR1)
                // The parent has the hart now and then until this is over.
                .line("li s1, 3000000")
                .text("1: addi s1, s1, -1\n bnez s1, 1b")
                .exit(0)
                .text("handler: ret")
                .words("action", "set", "old", "status");

        TestMachine test = TestMachine.options().traced().run(guest);

        assertThat(test.trace().subList(2, test.trace().size()))
                .containsExactly(
                        "1 clone(SIGCHLD, NULL, NULL, NULL, NULL) = 2",
                        "1 kill(1, 0) = 0",
                        "2 kill(1, SIGUSR1) = 0",
                        "1 wait4(-1, " + status(test, "EINTR") + ", 0, NULL) = -1 EINTR",
                        "1 --- SIGUSR1 {si_code=SI_USER, si_pid=2} ---",
                        "1 rt_sigreturn() = -1 EINTR",
                        "2 exit_group(0) = ?",
                        "2 +++ exited with 0 +++",
                        "1 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 2",
                        "1 kill(1, SIGUSR1) = 0",
                        "1 --- SIGUSR1 {si_code=SI_USER, si_pid=1} ---",
                        "1 rt_sigreturn() = 0",
                        "1 exit_group(0) = ?",
                        "1 +++ exited with 0 +++");
        assertThat(test.trace().get(0))
                .matches("1 rt_sigaction\\(SIGUSR1, \\{sa_handler=0x[0-9a-f]+, sa_mask=\\[], sa_flags=SA_SIGINFO}, "
                        + "NULL, 8\\) = 0");
        assertThat(test.trace().get(1)).isEqualTo("1 rt_sigprocmask(SIG_BLOCK, [], [], 8) = 0");
    }

    private static String status(TestMachine test, String error) {
        return test.trace().stream()
                .filter(line -> line.endsWith(error))
                .findFirst()
                .orElseThrow()
                .replaceFirst(".*\\(-1, (.*?), 0, .*", "$1");
    }

    @Test
    void aCallThatIsMadeAgainAfterTheHandlerIsOneLine() {
        Guest guest = new Guest()
                .onSignal(SIGUSR1, "handler", SA_RESTART)
                .fork("child")
                .wait4(-1, "status")
                .expect(2)
                .exit(0)
                .text("child:")
                .call(KILL, 1, SIGUSR1)
                .exit(3)
                .text("handler: ret")
                .words("action", "status");

        TestMachine test = TestMachine.options().traced().run(guest);

        assertThat(test.trace())
                .filteredOn(line -> line.contains("wait4"))
                .singleElement()
                .isEqualTo("1 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 2");
        assertThat(test.trace()).contains("1 --- SIGUSR1 {si_code=SI_USER, si_pid=2} ---");
    }

    @Test
    void aCallInWhichTheProcessIsKilledHasNoResult() {
        Guest guest = new Guest()
                .onSignal(SIGUSR1, "handler", 0)
                .call(RT_SIGPROCMASK, 0, "=user1", 0, 8)
                .fork("child")
                .call(RT_SIGSUSPEND, "=none", 8)
                .call(KILL, 2, SIGTERM)
                .wait4(2, "status")
                .exit(0)
                .text("child:")
                .call(KILL, 1, SIGUSR1)
                .call(RT_SIGSUSPEND, "=none", 8)
                .text("handler: ret")
                .words("action", "status", "none")
                .data("        .data\n        .balign 8\nuser1: .quad 0x200\n");

        TestMachine test = TestMachine.options().traced().run(guest.source());

        assertThat(test.trace().subList(1, test.trace().size()))
                .containsExactly(
                        "1 rt_sigprocmask(SIG_BLOCK, [USR1], NULL, 8) = 0",
                        "1 clone(SIGCHLD, NULL, NULL, NULL, NULL) = 2",
                        "2 kill(1, SIGUSR1) = 0",
                        "1 rt_sigsuspend([], 8) = -1 EINTR",
                        "1 --- SIGUSR1 {si_code=SI_USER, si_pid=2} ---",
                        "1 rt_sigreturn() = -1 EINTR",
                        "1 kill(2, SIGTERM) = 0",
                        "2 rt_sigsuspend([], 8) = ?",
                        "2 --- SIGTERM {si_code=SI_USER, si_pid=1} ---",
                        "2 +++ killed by SIGTERM +++",
                        "1 wait4(2, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGTERM}], 0, NULL) = 2",
                        "1 exit_group(0) = ?",
                        "1 +++ exited with 0 +++");
    }

    @Test
    void whatACallHasWrittenStandsInItsPlace() {
        Guest guest = new Guest()
                .call(59, "=pair", 0)
                .call(SIGALTSTACK, 0, "=pair")
                .call(RT_SIGPENDING, "=pair", 8)
                .call(MLOCKALL, 3)
                .call(MLOCK2, AT, PAGE, 1)
                .mmap(0, PAGE, R, SHARED | PRIVATE | ANONYMOUS)
                .exit(0)
                .words("pair");

        TestMachine test = TestMachine.options().traced().run(guest.source());

        assertThat(test.trace())
                .startsWith(
                        "1 pipe2([3, 4], 0) = 0",
                        "1 sigaltstack(NULL, {ss_sp=NULL, ss_flags=SS_DISABLE, ss_size=0}) = 0",
                        "1 rt_sigpending([], 8) = 0",
                        "1 mlockall(MCL_CURRENT|MCL_FUTURE) = 0",
                        "1 mlock2(0x20000000, 4096, MLOCK_ONFAULT) = -1 ENOMEM",
                        "1 mmap(NULL, 4096, PROT_READ, MAP_SHARED_VALIDATE|MAP_ANONYMOUS, -1, 0) = -1 EINVAL");
    }

    @Test
    void execveShowsArgumentsAndHowManyVariables() {
        Guest guest = new Guest()
                .line("la t0, argv")
                .line("ld t1, 8(t0)")
                .line("ld t2, 0(sp)")
                .line("li t3, 1")
                .line("bne t2, t3, done")
                .call(EXECVE, "=path", "=argv", "=envp")
                .text("done:")
                .call(EXECVE, "=nothing", 0, 0)
                .call(EXECVE, "=path", 0x10, 0x20)
                .exit(0)
                .data("        .data\n        .balign 8\n"
                        + "argv: .quad path, argument, 0\nenvp: .quad variable, 0\n"
                        + "path: .asciz \"/proc/self/exe\"\nargument: .asciz \"a \\\"b\\\"\"\n"
                        + "variable: .asciz \"A=1\"\nnothing: .asciz \"/no\"\n");

        TestMachine test = TestMachine.options().traced().run(guest.source());

        assertThat(test.trace().get(0))
                .matches("1 execve\\(\"/proc/self/exe\", \\[\"/proc/self/exe\", \"a \\\\\"b\\\\\"\"], "
                        + "0x[0-9a-f]+ /\\* 1 variable \\*/\\) = 0");
        assertThat(test.trace().subList(1, 3))
                .containsExactly(
                        "1 execve(\"/no\", NULL, NULL) = -1 ENOENT",
                        "1 execve(\"/proc/self/exe\", 0x10, 0x20) = -1 EFAULT");
    }

    @Test
    void aKilledProcessIsTracedToo() {
        TestMachine test =
                TestMachine.options().traced().run(new Guest().load(0).source());
        assertThat(test.trace())
                .containsExactly(
                        "1 --- SIGSEGV {si_code=SEGV_MAPERR, si_addr=NULL} ---", "1 +++ killed by SIGSEGV +++");
    }

    @Test
    void aTracedRunCostsTheSameCycles() {
        TestMachine traced = TestMachine.options().traced().input("hi\n").run(guest().source());
        TestMachine plain = TestMachine.options().input("hi\n").run(guest().source());
        assertThat(traced.hart().cycle).isEqualTo(plain.hart().cycle).isPositive();
        assertThat(traced.hart().retired).isEqualTo(plain.hart().retired);
        assertThat(traced.hart().mmu().counters()).isEqualTo(plain.hart().mmu().counters());
        assertThat(plain.trace()).isEmpty();
    }
}
