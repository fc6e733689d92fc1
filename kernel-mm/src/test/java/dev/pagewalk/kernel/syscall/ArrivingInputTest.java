package dev.pagewalk.kernel.syscall;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.MachineSnapshot;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.trap.TrapCause;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How reads wait for console input that arrives when it likes. */
class ArrivingInputTest {
    private static final long PAGE = 4096;
    private static final long AT = 0x2000_0000L;
    private static final String BUFFER = "        .bss\n        .balign 8\nbuffer: .zero 4096\nvector: .zero 64\n";

    private static TestMachine.Options options() {
        return TestMachine.options().arrivingInput();
    }

    private static TestMachine boot(Guest guest) {
        return options().boot(guest.data(BUFFER).source());
    }

    private static void end(TestMachine test) {
        assertThat(test.finish().exitStatus()).as(test.console()).isZero();
    }

    private static Guest echo(int expected) {
        return new Guest()
                .call(READ, 0, "=buffer", 100)
                .expect(expected)
                .call(WRITE, 1, "=buffer", expected)
                .expect(expected);
    }

    @Test
    void aReadWaitsUntilALineHasArrived() {
        TestMachine test = boot(echo(6));
        assertThat(test.deadlock()).containsExactly("process 1 waits for console input");

        test.receive("hel");
        assertThat(test.deadlock()).containsExactly("process 1 waits for console input");
        assertThat(test.console()).isEmpty();

        end(test.receive("lo\n"));
        assertThat(test.console()).isEqualTo("hello\n");
        assertThat(test.kernel().systemCallCounts()).containsEntry("read", 1L);
    }

    @Test
    void theEndCompletesALineAndThenGivesNothing() {
        TestMachine test = boot(echo(3).call(READ, 0, "=buffer", 100)
                .expect(0)
                .call(READ, 0, "=buffer", 100)
                .expect(0));
        test.deadlock();
        test.receive("abc");
        test.deadlock();
        end(test.hangUp());
        assertThat(test.console()).isEqualTo("abc");
    }

    @Test
    void theEndWakesWhoHasGotNothing() {
        TestMachine test = boot(new Guest().call(READ, 0, "=buffer", 100).expect(0));
        test.deadlock();
        end(test.hangUp());
    }

    @Test
    void aFullBufferCompletesARead() {
        TestMachine test = boot(new Guest()
                .call(READ, 0, "=buffer", 2)
                .expect(2)
                .call(READ, 0, "=buffer", 0)
                .expect(0)
                .call(READ, 0, "=buffer", 1)
                .expect(1)
                .call(READ, 0, "=buffer", 100)
                .expect(2)
                .call(WRITE, 1, "=buffer", 2));
        test.deadlock();
        test.receive("a");
        test.deadlock();
        test.receive("bcd");
        test.deadlock();
        end(test.receive("\n"));
        assertThat(test.console()).isEqualTo("d\n");
    }

    @Test
    void aShorterReaderTakesTheBeginningOfWhatIsKept() {
        Guest guest = new Guest()
                .call(OPENAT, AT_FDCWD, "=path", O_RDONLY | O_NONBLOCK, 0)
                .keep("s1")
                .call(READ, "s1", "=buffer", 100)
                .expect(EAGAIN)
                .call(READ, "s1", "=buffer", 2)
                .expect(2)
                .call(READ, "s1", "=buffer", 2)
                .expect(EAGAIN)
                .call(READ, 0, "=buffer", 100)
                .expect(3)
                .call(WRITE, 1, "=buffer", 3)
                .string("path", "/dev/console");
        TestMachine test = boot(guest);
        test.receive("abc");
        test.deadlock();
        end(test.receive("d\n"));
        assertThat(test.console()).isEqualTo("cd\n");
    }

    @Test
    void aLineLongerThanATerminalsComesInPieces() {
        TestMachine test = boot(new Guest()
                .mmap(AT, 2 * PAGE, RW, ANON | FIXED)
                .call(READ, 0, AT, 2 * PAGE)
                .expect(4096)
                .call(READ, 0, AT, 2 * PAGE)
                .expect(905));
        test.receive("x".repeat(4000));
        test.deadlock();
        test.receive("x".repeat(1000));
        test.deadlock();
        end(test.receive("\n"));
    }

    @Test
    void whatArrivesBeforeAnybodyReadsIsThere() {
        TestMachine test = boot(echo(2));
        end(test.receive("a\nb\n"));
        assertThat(test.console()).isEqualTo("a\n");
    }

    @Test
    void aVectoredReadWaitsToo() {
        TestMachine test = boot(new Guest()
                .line("la t0, vector")
                .line("la t1, buffer")
                .line("sd t1, 0(t0)")
                .line("li t2, 2")
                .line("sd t2, 8(t0)")
                .line("addi t1, t1, 2")
                .line("sd t1, 16(t0)")
                .line("li t2, 50")
                .line("sd t2, 24(t0)")
                .call(READV, 0, "=vector", 2)
                .expect(4)
                .call(WRITE, 1, "=buffer", 4));
        test.deadlock();
        assertThat(test.receive("ab").deadlock()).hasSize(1);
        end(test.receive("c\n"));
        assertThat(test.console()).isEqualTo("abc\n");
    }

    @Test
    void twoReadersGetALineEach() {
        Guest guest = new Guest()
                .fork("child")
                .call(READ, 0, "=buffer", 100)
                .expect(2)
                .call(WRITE, 1, "=buffer", 2)
                .wait4(-1, "status")
                .line("ld a0, status")
                .expect(0)
                .exit(0)
                .text("child:")
                .call(READ, 0, "=buffer", 100)
                .expect(2)
                .call(WRITE, 1, "=buffer", 2)
                .words("status");
        TestMachine test = options().harts(2).boot(guest.data(BUFFER).source());
        assertThat(test.deadlock())
                .containsExactly("process 1 waits for console input", "process 2 waits for console input");
        test.receive("1\n");
        assertThat(test.deadlock())
                .containsExactly("process 1 waits for a child to end", "process 2 waits for console input");
        end(test.receive("2\n"));
        assertThat(test.console()).isEqualTo("1\n2\n");
    }

    @Test
    void inputWakesItsReaderWhileHartZeroComputes() {
        Guest guest = new Guest()
                .fork("child")
                .text("spin: ld t0, done")
                .line("j spin")
                .text("child:")
                .call(READ, 0, "=buffer", 100)
                .expect(2)
                .call(WRITE, 1, "=buffer", 2)
                .call(KILL, 1, SIGKILL)
                .exit(0)
                .words("done");
        for (int harts : new int[] {1, 2}) {
            TestMachine test = options().harts(harts).boot(guest.source() + BUFFER);
            assertThat(test.pauseAt(5_000_000)).isTrue();
            assertThat(test.console()).isEmpty();
            test.receive("x\n");
            test.finish();
            assertThat(test.console()).isEqualTo("x\n");
        }
    }

    @Test
    void aSignalInterruptsAReadThatWaitsAndTheLineIsNotLost() {
        Guest guest = new Guest()
                .onSignal(SIGUSR1, "handler", 0)
                .fork("child")
                .call(READ, 0, "=buffer", 100)
                .expect(EINTR)
                .call(READ, 0, "=buffer", 100)
                .expect(4)
                .call(WRITE, 1, "=buffer", 4)
                .exit(0)
                .text("handler: ret")
                .text("child:")
                .nap()
                .call(KILL, 1, SIGUSR1)
                .exit(0)
                .words("action");
        TestMachine test = boot(guest);
        test.receive("ab");
        assertThat(test.deadlock()).containsExactly("process 1 waits for console input");
        end(test.receive("c\n"));
        assertThat(test.console()).isEqualTo("abc\n");
    }

    @Test
    void aBadBufferLosesNoInput() {
        TestMachine test = boot(new Guest()
                .call(READ, 0, 0, 100)
                .expect(EFAULT)
                .call(READ, 0, "=buffer", 100)
                .expect(2)
                .call(WRITE, 1, "=buffer", 2));
        test.receive("a\n");
        end(test);
        assertThat(test.console()).isEqualTo("a\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void theSameArrivalGivesTheSameCyclesAndAnotherOneOthers(int harts) {
        long[] ends = new long[3];
        long[] arrivals = {40_000, 40_000, 90_000};
        for (int run = 0; run < 3; run++) {
            TestMachine test = options().harts(harts).boot(echo(3).source() + BUFFER);
            test.deadlock();
            long[] asleep = {test.machine().longestCycle()};
            test.receiveAt("ab", asleep[0] + arrivals[run]);
            test.deadlock();
            test.receive("\n");
            test.finish();
            ends[run] = test.machine().longestCycle();
        }
        assertThat(ends[1]).isEqualTo(ends[0]);
        assertThat(ends[2]).isGreaterThan(ends[0]);
    }

    @Test
    void aLineThatIsKeptAndItsReaderSurviveASnapshot() {
        String source = echo(6).source() + BUFFER;
        TestMachine original = options().boot(source);
        original.deadlock();
        original.receive("hel");
        original.deadlock();
        MachineSnapshot snapshot = original.machine().snapshot();
        end(original.receive("lo\n"));

        TestMachine other = options().boot(source);
        other.machine().restore(snapshot);
        end(other.receive("LO\n"));

        assertThat(other.console()).isEqualTo("helLO\n");
        assertThat(other.machine().longestCycle()).isEqualTo(original.machine().longestCycle());
    }

    @Test
    void aReadIsForeseenWithWhatItTakes() {
        assertThat(wanted(new Guest().call(READ, 0, "=buffer", 100))).isEqualTo(100);
        assertThat(wanted(new Guest().call(READ, 0, "=buffer", 4096))).isEqualTo(4096);
        assertThat(wanted(new Guest().mmap(AT, 2 * PAGE, RW, ANON | FIXED).call(READ, 0, AT, 2 * PAGE)))
                .isEqualTo(4096);
        assertThat(wanted(new Guest().mmap(AT, PAGE, RW, ANON | FIXED).call(READ, 0, AT + PAGE - 5, 20)))
                .isEqualTo(5);
        assertThat(wanted(new Guest()
                        .mmap(AT, PAGE, RW, ANON | FIXED)
                        .mmap(AT + PAGE, PAGE, R, ANON | FIXED)
                        .call(READ, 0, AT + PAGE - 6, 20)))
                .isEqualTo(6);
        assertThat(wanted(new Guest()
                        .line("li t3, 0x10000")
                        .line("sub s1, sp, t3")
                        .call(READ, 0, "s1", 16)))
                .isEqualTo(16);
        assertThat(wanted(new Guest()
                        .line("la t0, vector")
                        .line("la t1, buffer")
                        .line("li t2, 7")
                        .line("sd t1, 0(t0)")
                        .line("sd t2, 8(t0)")
                        .line("sd t1, 32(t0)")
                        .line("sd t2, 40(t0)")
                        .call(READV, 0, "=vector", 3)))
                .isEqualTo(14);
    }

    @Test
    void whatReadsNoConsoleOrFailsIsForeseenToTakeNothing() {
        for (Guest guest : new Guest[] {
            new Guest().call(READ, 0, "=buffer", 0),
            new Guest().call(READ, 0, 0, 100),
            new Guest().call(READ, 0, -1, 100),
            new Guest().call(READ, 0, "=buffer", -1),
            new Guest().call(READ, 1, "=buffer", 100),
            new Guest().call(READ, 9, "=buffer", 100),
            new Guest().call(WRITE, 1, "=buffer", 100),
            new Guest().call(PREAD64, 0, "=buffer", 100, 0),
            new Guest().call(READV, 0, 8, 1),
            new Guest().call(READV, 0, "=buffer", 2000),
            new Guest().call(READV, 0, "=buffer", 3),
            new Guest().call(GETPID),
            new Guest()
                    .open("path", O_RDONLY, "s1")
                    .call(READ, "s1", "=buffer", 100)
                    .string("path", "/dev/zero")
        }) {
            assertThat(wanted(guest)).isZero();
        }
    }

    @Test
    void whatTheKernelKeepsIsNotWantedOnceMore() {
        TestMachine test = boot(echo(6));
        test.deadlock();
        test.receive("hel");
        test.deadlock();
        test.receive("lo\n");
        // The wake-up has given the task the hart again: now it is about to read once more.
        assertThat(firstWanted(test)).isEqualTo(97);
        end(test);
    }

    /** What the last call but the end of a guest is foreseen to take, once it has trapped; nothing else may take anything. */
    private static int wanted(Guest guest) {
        TestMachine test =
                TestMachine.options().input("").boot(guest.data(BUFFER).source());
        Hart hart = test.hart();
        int most = 0;
        for (long cycle = 1; test.pauseAt(cycle); cycle = hart.cycle + 1) {
            assertThat(test.kernel().consoleBytesWanted(0)).isZero();
            byte[] instruction = test.kernel().peek(test.process(), hart.pc, 4);
            if (Arrays.equals(instruction, new byte[] {0x73, 0, 0, 0})) {
                hart.trap(TrapCause.SYSTEM_CALL, 0);
                most = Math.max(most, test.kernel().consoleBytesWanted(0));
                hart.clearTrap();
            }
        }
        return most;
    }

    /** The first number of bytes other than 0 that is foreseen on the way to the end; 0 where none is. */
    private static int firstWanted(TestMachine test) {
        for (long cycle = test.machine().longestCycle() + 1; ; cycle++) {
            int wanted = test.kernel().consoleBytesWanted(0);
            if (wanted != 0 || !test.stopAt(cycle)) {
                return wanted;
            }
        }
    }
}
