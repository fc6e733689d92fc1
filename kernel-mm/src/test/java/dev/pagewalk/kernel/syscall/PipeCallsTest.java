package dev.pagewalk.kernel.syscall;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pipes, and how processes wait for them. */
class PipeCallsTest {
    private static final long PAGE = 4096;
    private static final long CAPACITY = 65_536;
    private static final long AT = 0x2000_0000L;
    private static final String COUNT = """
            count:
                la   t0, seen
                ld   t1, 0(t0)
                addi t1, t1, 1
                sd   t1, 0(t0)
                ret
            """;

    /** Makes a pipe: its ends are in s1, to be read, and s2, to be written. */
    private static Guest guest() {
        return guest(0);
    }

    private static Guest guest(int flags) {
        return new Guest()
                .string("text", "hello\n")
                .words("action", "seen", "status", "ends", "buffer", "vector")
                .call(PIPE2, "=ends", flags)
                .expect(0)
                .line("lw s1, ends")
                .line("lw s2, ends + 4");
    }

    private static TestMachine run(Guest guest) {
        return TestMachine.options().run(guest);
    }

    /** Gives the hart away for a while. */
    private static Guest pause(Guest guest, String label) {
        return guest.line("li s9, 3000000").text(label + ": addi s9, s9, -1\n bnez s9, " + label);
    }

    @Test
    void bytesGoFromTheOneEndToTheOther() {
        Guest guest = guest().line("mv a0, s1")
                .expect(3)
                .line("mv a0, s2")
                .expect(4)
                .call(WRITE, "s2", "=text", 6)
                .expect(6)
                .call(WRITE, "s2", "=text", 2)
                .expect(2)
                .call(READ, "s1", "=buffer", 3)
                .expect(3)
                .call(READ, "s1", "=buffer", 64)
                .expect(5)
                .call(WRITE, 1, "=buffer", 5)
                .call(READ, "s2", "=buffer", 1)
                .expect(EBADF)
                .call(WRITE, "s1", "=text", 1)
                .expect(EBADF)
                .call(LSEEK, "s1", 0, 0)
                .expect(ESPIPE)
                .call(PREAD64, "s1", "=buffer", 1, 0)
                .expect(ESPIPE)
                .call(FTRUNCATE, "s2", 0)
                .expect(EINVAL)
                .call(READ, "s1", "=buffer", 0)
                .expect(0)
                .call(WRITE, "s2", "=buffer", 0)
                .expect(0)
                .call(PIPE2, "=ends", 1)
                .expect(EINVAL);
        assertThat(run(guest).console()).isEqualTo("lo\nhe");
    }

    @Test
    void aReaderWaitsForBytesAndSeesTheEndWhenTheLastWriterHasGone() {
        Guest guest = guest().fork("child")
                .call(CLOSE, "s2")
                .call(READ, "s1", "=buffer", 64)
                .expect(6)
                .call(READ, "s1", "=buffer", 64)
                .expect(2)
                .call(READ, "s1", "=buffer", 64)
                .expect(0)
                .wait4(-1, "status")
                .load("=status")
                .expect(3 << 8)
                .exit(0)
                .text("child:")
                .call(CLOSE, "s1");
        pause(guest, "first").call(WRITE, "s2", "=text", 6);
        pause(guest, "second").call(WRITE, "s2", "=text", 2);
        pause(guest, "third").exit(3);
        TestMachine test = run(guest);
        assertThat(test.kernel().systemCallCounts()).containsEntry("read", 3L);
    }

    @Test
    void aLongWriteGivesAllItsBytesBeforeItReturns() {
        long length = 5 * CAPACITY + 1234;
        Guest guest = guest().fork("child")
                .call(CLOSE, "s2")
                .line("li s4, 0")
                .line("li s5, 0")
                .mmap(AT, 8192, RW, ANON | FIXED)
                .text("more:")
                .call(READ, "s1", AT, 5000)
                .line("add s4, s4, a0")
                .line("li t0, " + AT)
                .line("add t1, t0, a0")
                .line("6: bgeu t0, t1, 7f")
                .line("lbu t2, 0(t0)")
                .line("slli t3, s5, 5")
                .line("sub s5, t3, s5")
                .line("add s5, s5, t2")
                .line("addi t0, t0, 1")
                .line("j 6b")
                .line("7: bnez a0, more")
                .line("mv a0, s4")
                .expect(length)
                .line("mv a0, s5")
                .expect(hash(length))
                .wait4(-1, "status")
                .load("=status")
                .expect(0)
                .exit(0)
                .text("child:")
                .call(CLOSE, "s1")
                .mmap(AT, length, RW, ANON | FIXED)
                .line("li t0, " + AT)
                .line("li t1, " + (AT + length))
                .line("li t2, 0")
                .line("6: sb t2, 0(t0)")
                .line("addi t2, t2, 7")
                .line("addi t0, t0, 1")
                .line("bltu t0, t1, 6b")
                .call(WRITE, "s2", AT, length)
                .expect(length);
        TestMachine test = run(guest);
        assertThat(test.kernel().systemCallCounts()).containsEntry("write", 1L);
        assertThat(test.kernel().frames().peak(FrameUse.BUFFER)).isEqualTo((int) (CAPACITY / PAGE));
    }

    /** Of the bytes 0, 7, 14... that the child writes. */
    private static long hash(long length) {
        long hash = 0;
        for (long i = 0; i < length; i++) {
            hash = 31 * hash + (7 * i & 0xFF);
        }
        return hash;
    }

    @Test
    void whoWritesWhereNobodyReadsGetsSigpipe() {
        Guest guest = guest().call(CLOSE, "s1")
                .onSignal(SIGPIPE, "count", 0)
                .call(WRITE, "s2", "=text", 6)
                .expect(EPIPE)
                .load("=seen")
                .expect(1)
                // Nothing is to be written, so nobody misses a reader.
                .call(WRITE, "s2", "=text", 0)
                .expect(0)
                .exit(0)
                .text(COUNT);
        run(guest);
        TestMachine test = TestMachine.options()
                .run(guest().call(CLOSE, "s1").call(WRITE, "s2", "=text", 6).source());
        assertThat(test.exitStatus()).isEqualTo(128 + SIGPIPE);
    }

    @Test
    void aWriterThatWaitsLearnsThatItsReaderHasGone() {
        Guest guest = guest().fork("child")
                .call(CLOSE, "s1")
                .onSignal(SIGPIPE, "count", 0)
                .mmap(AT, 3 * CAPACITY, RW, ANON | FIXED)
                .call(WRITE, "s2", AT, 3 * CAPACITY)
                .expect(CAPACITY + PAGE)
                .load("=seen")
                .expect(1)
                .exit(0)
                .text(COUNT)
                .text("child:")
                .call(CLOSE, "s2")
                .mmap(AT, PAGE, RW, ANON | FIXED);
        pause(guest, "first").call(READ, "s1", AT, PAGE);
        pause(guest, "second").exit(0);
        run(guest);
    }

    @Test
    void nobodyWaitsWhoDoesNotWantTo() {
        Guest guest = guest(O_NONBLOCK)
                .mmap(AT, 2 * CAPACITY, RW, ANON | FIXED)
                .call(READ, "s1", "=buffer", 1)
                .expect(EAGAIN)
                .call(WRITE, "s2", AT, 2 * CAPACITY)
                .expect(CAPACITY)
                .call(WRITE, "s2", AT, 1)
                .expect(EAGAIN)
                .call(READ, "s1", AT, PAGE - 1)
                .expect(PAGE - 1)
                // A write of PIPE_BUF bytes or fewer goes as a whole.
                .call(WRITE, "s2", AT, PAGE)
                .expect(EAGAIN)
                .call(WRITE, "s2", AT, PAGE + 1)
                .expect(PAGE - 1)
                .call(READ, "s1", AT, 2 * CAPACITY)
                .expect(CAPACITY)
                .call(FCNTL, "s1", 4, 0)
                .call(FCNTL, "s2", 3, 0)
                .expect(O_WRONLY | O_NONBLOCK)
                .call(CLOSE, "s2")
                .call(READ, "s1", AT, 1)
                .expect(0);
        run(guest);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, SA_RESTART})
    void anInterruptedWriteTellsHowMuchItHasWritten(long flags) {
        Guest guest = guest().onSignal(SIGUSR1, "count", flags)
                .mmap(AT, 2 * CAPACITY, RW, ANON | FIXED)
                .fork("child")
                .call(WRITE, "s2", AT, 2 * CAPACITY)
                .expect(CAPACITY)
                .load("=seen")
                .expect(1)
                .exit(0)
                .text(COUNT)
                .text("child:");
        pause(guest, "first").call(KILL, 1, SIGUSR1).exit(0);
        run(guest);
    }

    @Test
    void anInterruptedReadAndAWriteThatHasNotBegunFailOrAreMadeAgain() {
        Guest fails = guest().onSignal(SIGUSR1, "count", 0).fork("child");
        fails.call(READ, "s1", "=buffer", 10).expect(EINTR).exit(0).text(COUNT).text("child:");
        pause(fails, "first").call(KILL, 1, SIGUSR1).exit(0);
        run(fails);

        Guest again = guest().onSignal(SIGUSR1, "count", SA_RESTART)
                .mmap(AT, CAPACITY, RW, ANON | FIXED)
                .call(WRITE, "s2", AT, CAPACITY)
                .fork("child")
                .call(WRITE, "s2", AT, 100)
                .expect(100)
                .load("=seen")
                .expect(1)
                .exit(0)
                .text(COUNT)
                .text("child:");
        pause(again, "first").call(KILL, 1, SIGUSR1);
        pause(again, "second").call(READ, "s1", AT, PAGE).expect(PAGE).exit(0);
        run(again);
    }

    @Test
    void shortWritesOfSeveralProcessesAreNotMixed() {
        // Three children write records of 3000 equal bytes; each of them arrives in one piece.
        Guest guest = guest();
        for (int child = 1; child <= 3; child++) {
            guest.line("li s6, " + child).fork("child");
        }
        guest.call(CLOSE, "s2")
                .line("li s5, 0")
                .text("more:")
                .mmap(AT, PAGE, RW, ANON | FIXED)
                .line("li s4, 0")
                .text("rest:")
                .line("li a1, " + AT)
                .line("add a1, a1, s4")
                .line("li a2, 3000")
                .line("sub a2, a2, s4")
                .call(READ, "s1", "a1", "a2")
                .line("beqz a0, over")
                .line("add s4, s4, a0")
                .line("li t0, 3000")
                .line("blt s4, t0, rest")
                .line("addi s5, s5, 1")
                .line("li t0, " + AT)
                .line("li t1, " + (AT + 3000))
                .line("lbu a0, 0(t0)")
                .line("6: lbu t2, 0(t0)")
                .line("bne t2, a0, mixed")
                .line("addi t0, t0, 1")
                .line("bltu t0, t1, 6b")
                .line("j more")
                .text("mixed:")
                .exit(1)
                .text("over:")
                .line("mv a0, s5")
                .expect(3 * 40)
                .exit(0)
                .text("child:")
                .call(CLOSE, "s1")
                .mmap(AT, PAGE, RW, ANON | FIXED)
                .line("li t0, " + AT)
                .line("li t1, " + (AT + 3000))
                .line("6: sb s6, 0(t0)")
                .line("addi t0, t0, 1")
                .line("bltu t0, t1, 6b")
                .line("li s7, 40")
                .text("next:")
                .call(WRITE, "s2", AT, 3000)
                .expect(3000)
                .line("addi s7, s7, -1")
                .line("bnez s7, next");
        run(guest);
    }

    @Test
    @Tag("S36")
    void aBadBufferTearsNoWriteAndLosesNoByte() {
        Guest guest = guest(O_NONBLOCK)
                .mmap(AT, 2 * PAGE, RW, ANON | FIXED)
                .call(WRITE, "s2", AT + 2 * PAGE - 10, 11)
                .expect(EFAULT)
                .call(READ, "s1", "=buffer", 64)
                .expect(EAGAIN)
                .call(WRITE, "s2", AT + 10, 3 * PAGE)
                .expect(PAGE)
                .call(READ, "s1", AT, 2 * PAGE)
                .expect(PAGE)
                .call(WRITE, "s2", "=text", 6)
                .call(READ, "s1", 8, 6)
                .expect(EFAULT)
                .call(READ, "s1", AT + 2 * PAGE - 2, 6)
                .expect(2)
                .call(READ, "s1", "=buffer", 64)
                .expect(4)
                .call(WRITE, 1, "=buffer", 4);
        assertThat(run(guest).console()).isEqualTo("llo\n");
    }

    @Test
    void aPipeSaysWhatItIs() {
        Guest guest = guest(O_CLOEXEC)
                .mmap(AT, PAGE, RW, ANON | FIXED)
                .call(FSTAT, "s1", AT)
                .line("li t0, " + AT)
                .line("lw a0, 16(t0)")
                .expect(0010600)
                .call(FCNTL, "s1", 1, 0)
                .expect(1)
                .call(FCNTL, "s2", 1, 0)
                .expect(1)
                .call(FCNTL, "s1", 3, 0)
                .expect(O_RDONLY);
        run(guest);
    }

    @Test
    void severalBuffersGoThroughAsOneWrite() {
        Guest guest = guest().set("t0", "=vector")
                .line("la t1, text")
                .line("sd t1, 0(t0)")
                .line("li t2, 5")
                .line("sd t2, 8(t0)")
                .line("sd t1, 16(t0)")
                .line("sd t2, 24(t0)")
                .call(WRITEV, "s2", "=vector", 2)
                .expect(10)
                .call(READ, "s1", "=buffer", 64)
                .expect(10)
                .call(WRITE, 1, "=buffer", 10);
        assertThat(run(guest).console()).isEqualTo("hellohello");
    }

    @Test
    void whoWaitsForNobodyIsADeadlock() {
        TestMachine test = TestMachine.options()
                .boot(guest().call(READ, "s1", "=buffer", 1).source());
        assertThat(test.deadlock()).containsExactly("process 1 waits for the other end of a pipe");
    }

    /** A machine that is saved while both ends wait goes on as the one that ran through. */
    @Test
    void whatGoesThroughAPipeOutlastsASnapshot() {
        Guest guest = guest().fork("child")
                .call(CLOSE, "s1")
                .mmap(AT, 3 * CAPACITY, RW, ANON | FIXED)
                .call(WRITE, "s2", AT, 3 * CAPACITY)
                .expect(3 * CAPACITY)
                .call(CLOSE, "s2")
                .wait4(-1, "status")
                .exit(0)
                .text("child:")
                .call(CLOSE, "s2")
                .mmap(AT, 3 * CAPACITY, RW, ANON | FIXED)
                .text("more:");
        pause(guest, "first").call(READ, "s1", AT, CAPACITY + 100).line("bnez a0, more");
        TestMachine through = run(guest);
        long end = through.machine().longestCycle();
        for (int part = 1; part < 12; part++) {
            TestMachine saved = TestMachine.options().boot(guest.source());
            assertThat(saved.pauseAt(end * part / 12)).isTrue();
            TestMachine restored = TestMachine.options().build();
            restored.machine().restore(saved.machine().snapshot());
            restored.finish();
            assertThat(List.<Object>of(
                            restored.machine().longestCycle(),
                            restored.exitStatus(),
                            restored.kernel().systemCallCounts()))
                    .isEqualTo(List.of(end, 0, through.kernel().systemCallCounts()));
        }
    }
}
