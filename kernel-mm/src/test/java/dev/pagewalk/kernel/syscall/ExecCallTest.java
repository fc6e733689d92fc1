package dev.pagewalk.kernel.syscall;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** execve: another program in the same process. */
@Tag("S3")
@Tag("S23")
class ExecCallTest {
    private static final long PAGE = 4096;
    private static final long AT = 0x2000_0000L;

    /** What the first programs here use: argv is ("second", "a b", ""), envp is ("HOME=/"). */
    private static Guest guest() {
        return new Guest()
                .string("path", "/bin/second")
                .words("action", "status", "seen", "set")
                .data("""
                                .section .rodata
                        arg0:   .asciz "second"
                        arg1:   .asciz "a b"
                        arg2:   .asciz ""
                        var0:   .asciz "HOME=/"
                                .balign 8
                        argv:   .dword arg0, arg1, arg2, 0
                        envp:   .dword var0, 0
                        """);
    }

    /** Calls execve as the last thing; it comes back only to fail. */
    private static Guest becomeSecond(Guest guest) {
        return guest.call(EXECVE, "=path", "=argv", "=envp").expect(0);
    }

    private static TestMachine.Options options(Guest second) {
        return TestMachine.options()
                .file("/bin/second", TestMachine.assemble(second.source()).toByteArray());
    }

    /** Runs both; no check of either may fail. */
    private static TestMachine run(TestMachine.Options options, Guest first) {
        TestMachine test = options.run(first.source());
        assertThat(test.exitStatus())
                .as("status; console: %s; check %d: a0 was 0x%x", test.console(), test.hart().x[27], test.hart().x[26])
                .isZero();
        return test;
    }

    private static TestMachine run(Guest first, Guest second) {
        return run(options(second), first);
    }

    @Test
    void theNewProgramGetsItsArgumentsAndNothingElse() {
        Guest second = new Guest()
                .line("mv s1, sp")
                .line("mv a0, ra")
                .expect(0)
                .line("mv a0, s5")
                .expect(0)
                .line("ld a0, 0(s1)")
                .expect(3)
                .line("ld s2, 16(s1)")
                .call(WRITE, 1, "s2", 3)
                .line("ld a0, 24(s1)")
                .line("lbu a0, 0(a0)")
                .expect(0)
                .line("ld a0, 32(s1)")
                .expect(0)
                .line("ld s2, 40(s1)")
                .call(WRITE, 1, "s2", 6)
                .line("ld a0, 48(s1)")
                .expect(0)
                .call(GETPID)
                .expect(1);
        TestMachine test = run(becomeSecond(guest().line("li s5, 5").line("li ra, 7")), second);
        assertThat(test.console()).isEqualTo("a bHOME=/");
        assertThat(test.kernel().systemCallCounts()).containsEntry("execve", 1L);
    }

    @Test
    void listsThatAreMissingAreEmptyAndTheProgramStillHasAName() {
        Guest second = new Guest()
                .line("ld a0, 0(sp)")
                .expect(1)
                .line("ld a0, 8(sp)")
                .line("lbu a0, 0(a0)")
                .expect(0)
                .line("ld a0, 16(sp)")
                .expect(0)
                .line("ld a0, 24(sp)")
                .expect(0);
        run(guest().call(EXECVE, "=path", 0, 0).expect(0), second);
    }

    @Test
    @Tag("S36")
    void whatCannotBeExecutedIsAnErrorAndTheOldProgramGoesOn() {
        Guest guest = guest().string("none", "/bin/none")
                .string("folder", "/bin")
                .string("below", "/bin/second/x")
                .string("device", "/dev/null")
                .string("text", "/data/text")
                .string("nothing", "/data/nothing")
                .string("cut", "/data/cut")
                .string("plain", "/tmp/plain")
                .string("long", "/" + "n".repeat(256))
                .string("empty", "")
                .call(OPENAT, AT_FDCWD, "=plain", O_CREAT, 0666)
                .data("        .balign 8\nbad: .dword arg0, 8, 0");
        Object[][] cases = {
            {"none", ENOENT},
            {"empty", ENOENT},
            {"folder", EACCES},
            {"device", EACCES},
            {"plain", EACCES},
            {"below", ENOTDIR},
            {"long", ENAMETOOLONG},
            {"text", ENOEXEC},
            {"nothing", ENOEXEC},
            {"cut", ENOEXEC},
        };
        guest.brk(0).keep("s1");
        for (Object[] refused : cases) {
            guest.call(EXECVE, "=" + refused[0], "=argv", "=envp").expect(refused[1]);
        }
        guest.call(EXECVE, 8, "=argv", "=envp")
                .expect(EFAULT)
                .call(EXECVE, "=path", 8, "=envp")
                .expect(EFAULT)
                .call(EXECVE, "=path", "=argv", -8)
                .expect(EFAULT)
                .call(EXECVE, "=path", "=bad", 0)
                .expect(EFAULT)
                .call(EXECVE, "=path", "=argv", "=bad")
                .expect(EFAULT)
                .brk(0)
                .expect("s1");
        byte[] program = TestMachine.assemble(new Guest().source()).toByteArray();
        TestMachine.Options options = options(new Guest())
                .file("/data/text", "#!/bin/sh\n")
                .file("/data/nothing", "")
                .file("/data/cut", Arrays.copyOf(program, 70));
        assertThat(run(options, guest).kernel().processes()).hasSize(1);
    }

    @Test
    void argumentsThatAreTooLongAreE2big() {
        // A string of 128 KiB with its terminator is one byte too many; 15 of them and more exceed a quarter of the
        // stack.
        Guest guest = guest().mmap(AT, 64 * PAGE, RW, ANON | FIXED)
                .line("li t0, " + AT)
                .line("li t1, " + (AT + 32 * PAGE))
                .line("li t2, 0x6161616161616161")
                .line("6: sd t2, 0(t0)")
                .line("addi t0, t0, 8")
                .line("bltu t0, t1, 6b")
                .line("li s3, " + (AT + 40 * PAGE))
                .line("li t0, " + AT)
                .line("sd t0, 0(s3)")
                .call(EXECVE, "=path", "s3", 0)
                .expect(E2BIG)
                .call(EXECVE, "=path", 0, "s3")
                .expect(E2BIG)
                .line("li t0, " + (AT + 1));
        for (int i = 0; i < 16; i++) {
            guest.line("sd t0, " + 8 * i + "(s3)");
        }
        guest.call(EXECVE, "=path", "s3", 0)
                .expect(E2BIG)
                .line("sd zero, 64(s3)")
                .call(EXECVE, "=path", "s3", "s3")
                .expect(E2BIG)
                .line("sd zero, 120(s3)")
                .line("li t0, " + (AT + 1))
                .line("sd t0, 64(s3)")
                .call(EXECVE, "=path", "s3", 0)
                .expect(0);
        Guest second = new Guest()
                .line("ld a0, 0(sp)")
                .expect(15)
                .line("ld t0, 8(sp)")
                .line("li t1, 0x1fffe")
                .line("add t0, t0, t1")
                .line("lhu a0, 0(t0)")
                .expect(0x61);
        run(guest, second);
    }

    @Test
    void descriptorsThatAreToBeClosedAre() {
        Guest first = guest().open("path", O_RDONLY, "s1")
                .open("path", O_RDONLY | O_CLOEXEC, "s2")
                .call(LSEEK, 3, 5, 0)
                .call(FCNTL, 1, 1030, 10)
                .call(DUP, 1)
                .expect(5)
                .call(CLOSE, 0);
        Guest second = new Guest()
                .call(LSEEK, 3, 0, 1)
                .expect(5)
                .call(FCNTL, 4, 1, 0)
                .expect(EBADF)
                .call(FCNTL, 10, 1, 0)
                .expect(EBADF)
                .call(FCNTL, 0, 1, 0)
                .expect(EBADF)
                .call(FCNTL, 5, 1, 0)
                .expect(0)
                .call(WRITE, 5, "=text", 2)
                .expect(2)
                .string("text", "ok");
        assertThat(run(becomeSecond(first), second).console()).isEqualTo("ok");
    }

    @Test
    void aPipeEndsForItsReaderWhenTheWriterIsClosedByExec() {
        Guest first = guest().call(PIPE2, "=seen", O_CLOEXEC)
                .fork("child")
                .call(CLOSE, 4)
                .call(READ, 3, "=set", 10)
                .expect(0)
                // The child still runs.
                .call(WAIT4, -1, 0, 1, 0)
                .expect(0)
                .wait4(-1, "status")
                .load("=status")
                .expect(7 << 8)
                .exit(0)
                .text("child:");
        Guest second = new Guest()
                .line("li s1, 3000000")
                .text("1: addi s1, s1, -1\n bnez s1, 1b")
                .exit(7);
        run(becomeSecond(first), second);
    }

    @Test
    void handlersAreGoneWhatIsIgnoredOrBlockedStaysSo() {
        Guest first = guest().onSignal(SIGUSR2, "path", SA_ONSTACK)
                .set("t0", "=action")
                .line("li t1, 1")
                .line("sd t1, 0(t0)")
                .call(RT_SIGACTION, SIGTERM, "=action", 0, 8)
                .set("t0", "=set")
                .line("li t1, " + (1 << SIGUSR1 - 1))
                .line("sd t1, 0(t0)")
                .call(RT_SIGPROCMASK, 0, "=set", 0, 8)
                .call(KILL, 1, SIGUSR1)
                .set("t0", "=set")
                .line("sd t0, 0(t0)")
                .line("sd zero, 8(t0)")
                .line("li t1, 8192")
                .line("sd t1, 16(t0)")
                .call(SIGALTSTACK, "=set", 0)
                .expect(0);
        Guest second = new Guest()
                .call(RT_SIGACTION, SIGUSR2, 0, "=old", 8)
                .load("=old")
                .expect(0)
                .line("ld a0, old + 8")
                .expect(0)
                .call(RT_SIGACTION, SIGTERM, 0, "=old", 8)
                .load("=old")
                .expect(1)
                .call(RT_SIGPENDING, "=old", 8)
                .load("=old")
                .expect(1 << SIGUSR1 - 1)
                .call(RT_SIGPROCMASK, 0, 0, "=old", 8)
                .load("=old")
                .expect(1 << SIGUSR1 - 1)
                .call(SIGALTSTACK, 0, "=old")
                .line("lw a0, old + 8")
                .expect(2)
                .words("old");
        run(becomeSecond(first), second);
    }

    @Test
    void breakAndMappingsBeginAnew() {
        Guest first = guest().brk(0)
                .line("li t0, 0x300000")
                .line("add a0, a0, t0")
                .brk("a0")
                .mmap(AT, PAGE, RW, ANON | FIXED)
                .store(AT, 1)
                .mmap(0, 5 * PAGE, RW, ANON)
                .expect(0x4000_0000_0000L)
                .call(MLOCKALL, 2)
                .expect(0);
        Guest second = new Guest()
                .brk(0)
                .expect("=break")
                .call(WRITE, 1, AT, 1)
                .expect(EFAULT)
                .mmap(0, 5 * PAGE, RW, ANON)
                .expect(0x4000_0000_0000L)
                .call(MINCORE, "a0", PAGE, "=vector")
                .line("lbu a0, vector")
                .expect(0)
                .line("la t0, word")
                .line("ld a0, 0(t0)")
                .expect(7)
                .data("        .data\nword: .dword 7\n        .bss\nvector: .zero 64\n        .balign 4096\nbreak:");
        run(becomeSecond(first), second);
    }

    /** Counts down in a file, and starts itself anew until that is 0. */
    private static Guest countdown() {
        return new Guest()
                .string("self", "/proc/self/exe")
                .string("counter", "/data/counter")
                .words("count")
                .mmap(AT, 10 * PAGE, RW, ANON | FIXED | POPULATE)
                .line("addi sp, sp, -2000")
                .line("sd zero, 0(sp)")
                .open("counter", O_RDWR | O_CLOEXEC, "s1")
                .expect(3)
                .call(PREAD64, "s1", "=count", 8, 0)
                .load("=count")
                .line("beqz a0, over")
                .line("addi a0, a0, -1")
                .line("la t0, count")
                .line("sd a0, 0(t0)")
                .call(PWRITE64, "s1", "=count", 8, 0)
                .call(EXECVE, "=self", 0, 0)
                .expect(0)
                .text("over:");
    }

    private static TestMachine countDownFrom(int count) {
        return run(TestMachine.options().file("/data/counter", (char) count + "\0".repeat(7)), countdown());
    }

    @Test
    void aChainOfProgramsTakesNoMoreMemoryThanTwo() {
        // For a moment there are two spaces, the old and the new one; never a third.
        TestMachine few = countDownFrom(2);
        TestMachine many = countDownFrom(60);
        for (FrameUse use : FrameUse.values()) {
            assertThat(many.kernel().frames().peak(use))
                    .as("%s", use)
                    .isEqualTo(few.kernel().frames().peak(use));
        }
        assertThat(many.kernel().systemCallCounts()).containsEntry("execve", 60L);
        assertThat(many.process().peakUserPages()).isEqualTo(few.process().peakUserPages());
    }

    @Test
    void aChildThatBecomesAnotherProgramLeavesItsParentAlone() {
        Guest first = guest().mmap(AT, PAGE, RW, ANON | FIXED)
                .store(AT, 5)
                .fork("child")
                .keep("s1")
                .wait4("s1", "status")
                .expect("s1")
                .load("=status")
                .expect(3 << 8)
                .load(AT)
                .expect(5)
                .exit(0)
                .text("child:")
                .store(AT, 6);
        TestMachine test =
                run(becomeSecond(first), new Guest().call(GETPPID).expect(1).exit(3));
        assertThat(test.kernel().processes()).hasSize(2);
    }

    @Test
    void aProgramOutlivesItsName() {
        Guest first = guest().call(UNLINKAT, AT_FDCWD, "=own", 0)
                .expect(0)
                .string("own", "/bin/guest")
                .string("self", "/proc/self/exe")
                .line("ld a0, 0(sp)")
                .line("li t0, 2")
                .line("beq a0, t0, again")
                .exit(9)
                .text("again:");
        // The second time its name is gone.
        String source = first.call(EXECVE, "=path", "=argv", 0).source();
        Guest second = new Guest()
                .call(UNLINKAT, AT_FDCWD, "=path", 0)
                .line("mv s1, a0")
                .line("ld a0, 0(sp)")
                .line("li t0, 3")
                .line("bne a0, t0, over")
                .line("mv a0, s1")
                .expect(0)
                .call(EXECVE, "=self", 0, 0)
                .expect(0)
                .text("over:")
                .line("mv a0, s1")
                .expect(ENOENT)
                .string("path", "/bin/second")
                .string("self", "/proc/self/exe");
        TestMachine test = options(second).arguments(List.of("guest", "x")).run(source);
        assertThat(test.exitStatus()).as("check %d", test.hart().x[27]).isZero();
        assertThat(test.kernel().systemCallCounts()).containsEntry("execve", 2L);
    }

    @ParameterizedTest
    @ValueSource(ints = {256 << 10, 300 << 10, 512 << 10})
    void aProgramThatFindsNoMemoryDoesNotBegin(int ramBytes) {
        Guest first = guest().load("=argv")
                .mmap(AT, 1 << 20, RW, ANON | FIXED | POPULATE)
                .call(EXECVE, "=path", "=argv", "=envp")
                .expect(ENOMEM)
                .call(EXECVE, "=path", "=argv", "=envp")
                .expect(ENOMEM)
                .munmap(AT, 1 << 20)
                .expect(0);
        run(options(new Guest()).ramBytes(ramBytes), becomeSecond(first));
    }
}
