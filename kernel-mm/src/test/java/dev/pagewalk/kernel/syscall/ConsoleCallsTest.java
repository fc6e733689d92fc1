package dev.pagewalk.kernel.syscall;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.space.UserLayout;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** read, write, clock_gettime, getpid, exit, and calls that nobody knows. */
class ConsoleCallsTest {
    private static final long PAGE = 4096;
    private static final long AT = 0x2000_0000L;
    private static final long END = UserLayout.DEFAULT.userEnd();
    private static final String TEXT = "        .section .rodata\ntext: .ascii \"hello\\n\"\n";
    private static final String BUFFER = "        .bss\nbuffer: .zero 4096\n";

    private static TestMachine run(Guest guest) {
        return TestMachine.options().run(guest);
    }

    @Test
    void writeSendsBytesToTheConsole() {
        TestMachine test = run(new Guest()
                .call(WRITE, 1, "=text", 6)
                .expect(6)
                .call(WRITE, 2, "=text", 1)
                .expect(1)
                .call(WRITE, 0x1_0000_0001L, "=text", 2)
                .expect(2)
                .data(TEXT));
        assertThat(test.console()).isEqualTo("hello\nhhe");
    }

    @Test
    void bytesPassUnchanged() {
        StringBuilder all = new StringBuilder();
        Guest guest = new Guest()
                .mmap(AT, PAGE, RW, ANON | FIXED)
                .line("li s1, " + AT)
                .line("li s2, 256")
                .line("mv s3, x0")
                .line("1: add s4, s1, s3")
                .line("sb s3, 0(s4)")
                .line("addi s3, s3, 1")
                .line("bne s3, s2, 1b")
                .call(WRITE, 1, AT, 256)
                .expect(256);
        for (int i = 0; i < 256; i++) {
            all.append((char) i);
        }
        assertThat(run(guest).console()).isEqualTo(all.toString());
    }

    @Test
    @Tag("S36")
    void aWriteThatMeetsAnUnmappedPageReturnsTheShortCount() {
        TestMachine test = run(new Guest()
                .mmap(AT, PAGE, RW, ANON | FIXED)
                .line("li s1, " + (AT + PAGE - 8))
                .line("li s2, 0x3837363534333231")
                .line("sd s2, 0(s1)")
                .call(WRITE, 1, AT + PAGE - 4, 100)
                .expect(4)
                .call(WRITE, 1, AT + PAGE - 4, 5)
                .expect(4)
                .call(WRITE, 1, AT + PAGE, 5)
                .expect(EFAULT));
        assertThat(test.console()).isEqualTo("56785678");
    }

    @Test
    void aLongWriteGoesThroughPageByPage() {
        TestMachine test = run(new Guest()
                .mmap(AT, 5 * PAGE, RW, ANON | FIXED)
                .call(WRITE, 1, AT + 1, 4 * PAGE + 7)
                .expect(4 * PAGE + 7)
                .call(WRITE, 1, AT + 1, 1L << 32)
                .expect(5 * PAGE - 1));
        assertThat(test.console()).hasSize((int) (4 * PAGE + 7 + 5 * PAGE - 1));
    }

    @Test
    @Tag("S36")
    void badPointersAreErrorsAndNeverKill() {
        long[] pointers = {
            0, 8, AT, END, END - 1, -1, -PAGE, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 47, 0xFFFF_8800_8000_0000L
        };
        Guest guest = new Guest();
        for (long pointer : pointers) {
            guest.call(WRITE, 1, pointer, 2)
                    .expect(EFAULT)
                    .call(READ, 0, pointer, 2)
                    .expect(EFAULT)
                    .call(CLOCK_GETTIME, 0, pointer)
                    .expect(EFAULT);
        }
        // Wrapping around the top, and lengths that user space cannot hold.
        guest.call(WRITE, 1, "=text", -1)
                .expect(EFAULT)
                .call(WRITE, 1, "=text", Long.MIN_VALUE)
                .expect(EFAULT)
                .call(WRITE, 1, "=text", Long.MAX_VALUE)
                .expect(EFAULT)
                .call(WRITE, 1, "=text", END)
                .expect(EFAULT)
                .call(READ, 0, "=buffer", -1)
                .expect(EFAULT)
                .call(READ, 0, "=buffer", Long.MAX_VALUE)
                .expect(EFAULT)
                .call(READ, 0, "=buffer", END)
                .expect(EFAULT)
                .call(READ, 0, "=text", 1)
                .expect(EFAULT)
                .data(TEXT + BUFFER);
        TestMachine test = TestMachine.options().input("abc").run(guest);
        assertThat(test.console()).isEmpty();
        assertThat(test.kernel().faultCounters().killed).isZero();
    }

    @Test
    @Tag("S36")
    void aLengthOfZeroIsFineAnywhereInUserSpace() {
        run(new Guest()
                .call(WRITE, 1, 0, 0)
                .expect(0)
                .call(WRITE, 1, AT, 0)
                .expect(0)
                .call(WRITE, 1, END, 0)
                .expect(0)
                .call(WRITE, 1, END + 1, 0)
                .expect(EFAULT)
                .call(WRITE, 1, -1, 0)
                .expect(EFAULT)
                .call(READ, 0, AT, 0)
                .expect(0)
                .call(READ, 0, Long.MIN_VALUE, 0)
                .expect(EFAULT));
    }

    @Test
    @Tag("S36")
    void lazyPagesOfABufferAreFaultedInAndStay() {
        TestMachine test = run(new Guest()
                .mmap(AT, 3 * PAGE, RW, ANON | FIXED)
                .call(WRITE, 1, AT, 3)
                .expect(3)
                .call(READ, 0, AT + PAGE, 10)
                .expect(0)
                .call(CLOCK_GETTIME, 1, AT + 3 * PAGE - 8)
                .expect(EFAULT)
                .call(CLOCK_GETTIME, 1, AT + 2 * PAGE - 8)
                .expect(0));
        assertThat(test.process().space().peakUserPages()).isEqualTo(2 + 3);
    }

    @Test
    @Tag("S36")
    void theKernelHonoursProtections() {
        run(new Guest()
                .mmap(AT, PAGE, R, ANON | FIXED)
                .mmap(AT + PAGE, PAGE, PROT_NONE, ANON | FIXED)
                .mmap(AT + 2 * PAGE, PAGE, X, ANON | FIXED)
                .mmap(AT + 3 * PAGE, PAGE, W, ANON | FIXED)
                .call(WRITE, 1, AT, 1)
                .expect(1)
                .call(READ, 0, AT, 1)
                .expect(EFAULT)
                .call(WRITE, 1, AT + PAGE, 1)
                .expect(EFAULT)
                .call(READ, 0, AT + PAGE, 1)
                .expect(EFAULT)
                .call(WRITE, 1, AT + 2 * PAGE, 1)
                .expect(EFAULT)
                .call(WRITE, 1, AT + 3 * PAGE, 1)
                .expect(1)
                .call(READ, 0, AT + 3 * PAGE, 1)
                .expect(0));
    }

    @Test
    @Tag("S36")
    void aBufferThatFindsNoFrameIsAnErrorOnly() {
        TestMachine test = TestMachine.options()
                .ramBytes(256 << 10)
                .run(new Guest()
                        .mmap(AT, 1 << 20, RW, ANON | FIXED | POPULATE)
                        .call(WRITE, 1, AT + (1 << 20) - PAGE, 1)
                        .expect(EFAULT)
                        .call(READ, 0, AT + (1 << 20) - PAGE, 1)
                        .expect(EFAULT)
                        .munmap(AT, PAGE)
                        .expect(0)
                        .call(READ, 0, AT + (1 << 20) - PAGE, 1)
                        .expect(0));
        assertThat(test.kernel().faultCounters().killed).isZero();
    }

    @Test
    @Tag("S36")
    void theKernelGrowsTheStackForABuffer() {
        run(new Guest()
                .line("li t3, 0x10000")
                .line("sub s1, sp, t3")
                .call(READ, 0, "s1", 16)
                .expect(0)
                .call(WRITE, 1, UserLayout.DEFAULT.stackLimit() - 1, 1)
                .expect(EFAULT));
    }

    @Test
    void descriptorsThatAreNotOpenAreEbadf() {
        Guest guest = new Guest();
        for (long descriptor : new long[] {0, 3, -1, 1000, Long.MIN_VALUE}) {
            guest.call(WRITE, descriptor, "=text", 1).expect(EBADF);
        }
        for (long descriptor : new long[] {1, 2, 3, -1}) {
            guest.call(READ, descriptor, "=buffer", 1).expect(EBADF);
        }
        // The descriptor is looked at first.
        guest.call(WRITE, 9, 0, 1).expect(EBADF).call(READ, 9, -1, 1).expect(EBADF);
        run(guest.data(TEXT + BUFFER));
    }

    @Test
    void readGivesLineByLineAndThenTheEnd() {
        Guest guest = new Guest()
                .call(READ, 0, "=buffer", 100)
                .expect(4)
                .call(WRITE, 1, "=buffer", 4)
                .expect(4)
                .call(READ, 0, "=buffer", 2)
                .expect(2)
                .call(READ, 0, "=buffer", 0)
                .expect(0)
                .line("la s1, buffer")
                .line("addi s1, s1, 2")
                .call(READ, 0, "s1", 100)
                .expect(3)
                .call(WRITE, 1, "=buffer", 5)
                .expect(5)
                .call(READ, 0, "=buffer", 100)
                .expect(1)
                .call(READ, 0, "=buffer", 100)
                .expect(4)
                .call(WRITE, 1, "=buffer", 4)
                .expect(4)
                .call(READ, 0, "=buffer", 100)
                .expect(0)
                .call(READ, 0, "=buffer", 100)
                .expect(0)
                .data(BUFFER);
        assertThat(TestMachine.options().input("one\nfour\n\nlast").run(guest).console())
                .isEqualTo("one\nfour\nlast");
    }

    @Test
    void aBadBufferLosesNoInput() {
        Guest guest = new Guest()
                .call(READ, 0, 0, 100)
                .expect(EFAULT)
                .mmap(AT, PAGE, RW, ANON | FIXED)
                .call(READ, 0, AT + PAGE - 2, 100)
                .expect(2)
                .call(READ, 0, AT, 4096)
                .expect(5)
                .call(WRITE, 1, AT, 5)
                .expect(5);
        assertThat(TestMachine.options().input("abcdef\n").run(guest).console()).isEqualTo("cdef\n");
    }

    @Test
    void aLineLongerThanATerminalsComesInPieces() {
        Guest guest = new Guest()
                .mmap(AT, 3 * PAGE, RW, ANON | FIXED)
                .call(READ, 0, AT, 3 * PAGE)
                .expect(4096)
                .call(READ, 0, AT, 3 * PAGE)
                .expect(904)
                .call(READ, 0, AT, 3 * PAGE)
                .expect(0);
        TestMachine.options().input("x".repeat(5000)).run(guest);
    }

    @Test
    void clocksTellSimulatedTime() {
        Guest guest = new Guest();
        for (int clock = 0; clock <= 7; clock++) {
            boolean wall = clock == 0 || clock == 5;
            guest.call(CLOCK_GETTIME, clock, "=buffer")
                    .expect(0)
                    .line("la s1, buffer")
                    .line("ld a0, 0(s1)")
                    .expect(wall ? 1_767_225_600L : 0)
                    .line("ld a0, 8(s1)")
                    .line("ld s3, 8(s1)")
                    .line("sltu a0, s2, s3")
                    .expect(1)
                    .line("mv s2, s3");
        }
        guest.call(CLOCK_GETTIME, 0xFFFF_FFFF_0000_0001L, "=buffer").expect(0);
        for (long clock : new long[] {-1, 10, 12, 1000, Integer.MIN_VALUE}) {
            guest.call(CLOCK_GETTIME, clock, "=buffer").expect(EINVAL);
        }
        run(guest.data(BUFFER));
    }

    @Test
    void aClocksNanosecondsFollowFromCyclesAndFrequency() {
        TestMachine test = TestMachine.options()
                .run(new Guest()
                        .line("rdcycle s3")
                        .call(CLOCK_GETTIME, 1, "=buffer")
                        .expect(0)
                        .line("rdcycle s4")
                        .line("la s1, buffer")
                        .line("ld s5, 8(s1)")
                        .data(BUFFER));
        double nanosecondsPerCycle = 1e9 / test.machine().config().profile().clockHz();
        double nanoseconds = test.hart().x[21];
        assertThat(nanoseconds)
                .isBetween(test.hart().x[19] * nanosecondsPerCycle, test.hart().x[20] * nanosecondsPerCycle);
    }

    @Test
    void theFirstProcessIsNumberOne() {
        run(new Guest().call(GETPID).expect(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 255, 256, 511, -1})
    void theExitStatusIsTheLowByte(int status) {
        for (int call : new int[] {EXIT, EXIT_GROUP}) {
            TestMachine test =
                    TestMachine.options().run(new Guest().call(call, status).source());
            assertThat(test.exitStatus()).isEqualTo(status & 0xFF);
            assertThat(test.process().exitStatus()).isEqualTo(status & 0xFF);
        }
    }

    @Test
    void anUnknownCallIsEnosysAndSaidOnce() {
        TestMachine test = run(new Guest()
                .call(1000)
                .expect(ENOSYS)
                .call(1000)
                .expect(ENOSYS)
                .call(16)
                .expect(ENOSYS)
                .call(-1)
                .expect(ENOSYS)
                .call(Long.MAX_VALUE)
                .expect(ENOSYS)
                .call(GETPID)
                .expect(1));
        assertThat(test.log())
                .containsExactly(
                        "process 1 made system call 1000, which is not implemented: it gets ENOSYS",
                        "process 1 made system call 16, which is not implemented: it gets ENOSYS",
                        "process 1 made system call -1, which is not implemented: it gets ENOSYS");
        assertThat(test.kernel().systemCallCounts())
                .containsEntry("syscall_1000", 2L)
                .containsEntry("syscall_16", 1L)
                .containsEntry("syscall_out_of_range", 2L)
                .containsEntry("getpid", 1L)
                .containsEntry("exit_group", 1L)
                .hasSize(5);
    }

    @Test
    void aCallChangesNoRegisterButItsResult() {
        StringBuilder source = new StringBuilder("_start:\n");
        for (int i = 3; i < 32; i++) {
            if (i != 10 && i != 17) {
                source.append("li x").append(i).append(", ").append(1000 + i).append('\n');
            }
        }
        source.append("li a7, 172\nli a0, 9\necall\nmv x1, a0\nli a7, 93\nli a0, 0\necall\n");
        TestMachine test = TestMachine.options().run(source.toString());
        assertThat(test.hart().x[1]).isEqualTo(1);
        for (int i = 3; i < 32; i++) {
            if (i != 10 && i != 17) {
                assertThat(test.hart().x[i]).isEqualTo(1000 + i);
            }
        }
    }
}
