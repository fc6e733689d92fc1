package dev.pagewalk.kernel;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.MachineSnapshot;
import dev.pagewalk.kernel.fault.FaultCounters;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A machine restored from a snapshot at any pause ends exactly as the one that ran through. */
class KernelSnapshotTest {
    private static final long PAGE = 4096;
    private static final long AT = 0x2000_0000L;
    private static final long PRIVATE_AT = 0x3000_0000L;
    private static final long FILE_AT = 0x3800_0000L;

    private static String source() {
        Guest guest = new Guest()
                .call(READ, 0, "=buffer", 100)
                .call(WRITE, 1, "=buffer", 4)
                .call(999);
        for (int round = 0; round < 3; round++) {
            guest.mmap(AT, 70 * PAGE, RW, ANON | FIXED)
                    .line("li t0, " + AT)
                    .line("li t1, 70")
                    .line("li t2, 4096")
                    .line("6: sd t1, 0(t0)")
                    .line("add t0, t0, t2")
                    .line("addi t1, t1, -1")
                    .line("bnez t1, 6b")
                    .mprotect(AT, 10 * PAGE, R)
                    .munmap(AT + 4 * PAGE, 3 * PAGE)
                    .brk(0)
                    .line("li t3, 0x3000")
                    .line("add a0, a0, t3")
                    .brk("a0")
                    .line("sd a0, -8(a0)")
                    .line("li t3, 0x4000")
                    .line("sub t3, sp, t3")
                    .line("sd a0, 0(t3)")
                    .call(WRITE, 1, "=buffer", 4);
        }
        return guest.call(READ, 0, "=buffer", 100)
                .expect(5)
                .call(WRITE, 1, "=buffer", 5)
                .data("        .bss\nbuffer: .zero 200")
                .source();
    }

    /**
     * A family that runs and waits in all the ways there are: it executes itself twice, each time with three children, which
     * share memory, a file and a pipe with it, wait for a signal, and end well, by a fault, or as another program.
     */
    private static String family() {
        Guest guest = new Guest()
                .line("ld s0, 0(sp)")
                .line("li t0, 4")
                .line("beq s0, t0, leaf")
                .mmap(AT, 2 * PAGE, RW, SHARED | ANONYMOUS | FIXED)
                .expect(AT)
                .mmap(PRIVATE_AT, 60 * PAGE, RW, ANON | FIXED | POPULATE)
                .expect(PRIVATE_AT)
                .open("data", O_RDWR, "s6")
                .call(MMAP, FILE_AT, 2 * PAGE, RW, SHARED | FIXED, "s6", 0)
                .expect(FILE_AT)
                .call(PIPE2, "=ends", 0)
                .expect(0)
                .line("lw s4, ends")
                .line("lw s5, ends + 4")
                .onSignal(SIGUSR1, "caught_one", SA_RESTART)
                .onSignal(SIGCHLD, "child_ended", SA_RESTART)
                .call(RT_SIGPROCMASK, 0, "=usr1", 0, 8)
                .expect(0);
        for (int round = 0; round < 3; round++) {
            guest.fork("child" + round)
                    .keep("s7")
                    .line("li s8, " + spins(round))
                    .line("6: addi s8, s8, -1")
                    .line("bnez s8, 6b")
                    .call(READ, "s4", "=buffer", 8)
                    .expect(8)
                    .store(PRIVATE_AT + 5 * PAGE, 1000 + round)
                    .call(KILL, "s7", SIGUSR1)
                    .expect(0)
                    .wait4("s7", "status")
                    .expect("s7")
                    .load("=status")
                    .expect(round == 2 ? SIGSEGV : round + 1 << 8)
                    .load(PRIVATE_AT + 5 * PAGE)
                    .expect(1000 + round)
                    .load(AT + PAGE)
                    .expect(round + 1)
                    .call(WRITE, 1, "=buffer", 8);
        }
        guest.load(FILE_AT + 8)
                .line("li t3, 3")
                .line("mul t3, t3, s0")
                .expect("t3")
                .line("li t0, 3")
                .line("beq s0, t0, done")
                .line("la s1, arguments3")
                .line("li t0, 2")
                .line("beq s0, t0, 6f")
                .line("la s1, arguments2")
                .line("6:")
                .call(EXECVE, "=self", "s1", 0)
                .exit(1);
        for (int round = 0; round < 3; round++) {
            guest.text("child" + round + ":");
            for (int page = 0; page < 12; page++) {
                guest.store(PRIVATE_AT + 3 * page * PAGE, page);
            }
            guest.line("li s8, " + spins(round))
                    .line("6: addi s8, s8, -1")
                    .line("bnez s8, 6b")
                    .line("li t1, " + (AT + PAGE))
                    .line("li t2, 1")
                    .line("amoadd.d t0, t2, (t1)")
                    .line("li t1, " + (FILE_AT + 8))
                    .line("amoadd.d t0, t2, (t1)")
                    .call(WRITE, "s5", "=words", 8)
                    .expect(8)
                    .call(RT_SIGSUSPEND, "=none", 8)
                    .expect(EINTR)
                    .line("ld a0, signals")
                    .expect(1);
            if (round == 1) {
                guest.call(EXECVE, "=self", "=arguments4", 0);
            } else if (round == 2) {
                guest.store(0, 1);
            }
            guest.exit(round + 1);
        }
        return guest.text("""
                        caught_one:
                            la   t0, signals
                            ld   t1, 0(t0)
                            addi t1, t1, 1
                            sd   t1, 0(t0)
                            ret
                        child_ended:
                            la   t0, ended
                            ld   t1, 0(t0)
                            addi t1, t1, 1
                            sd   t1, 0(t0)
                            ret
                        leaf:
                        """)
                .brk(0)
                .line("li t0, 0x5000")
                .line("add a0, a0, t0")
                .brk("a0")
                .line("sd zero, -8(a0)")
                .call(WRITE, 1, "=words", 8)
                .exit(2)
                .text("done:")
                .exit(0)
                .string("self", "/proc/self/exe")
                .string("data", "/data")
                .data(
                        "        .data\n        .balign 8\nwords: .ascii \"a child\\n\"\nusr1: .dword 1 << 9\nnone: .dword 0\n"
                                + "arguments2: .dword self, self, 0\narguments3: .dword self, self, self, 0\n"
                                + "arguments4: .dword self, self, self, self, 0")
                .words("ends", "buffer", "status", "signals", "ended", "action")
                .source();
    }

    /** In the first round parent and child compute for longer than a time slice together. */
    private static int spins(int round) {
        return round == 0 ? 400_000 : 10_000;
    }

    private static List<Object> statistics(TestMachine test) {
        var kernel = test.kernel();
        return List.of(
                test.exitStatus(),
                test.console(),
                test.machine().longestCycle(),
                test.hart().retired,
                test.hart().mmu().counters(),
                faults(kernel.faultCounters()),
                kernel.systemCallCounts(),
                kernel.frames().peak(FrameUse.USER),
                kernel.frames().peak(FrameUse.PAGE_TABLE),
                kernel.frames().peak(FrameUse.FILE),
                kernel.frames().peak(FrameUse.BUFFER),
                kernel.processes().stream().map(KernelSnapshotTest::describe).toList());
    }

    private static List<Long> faults(FaultCounters counters) {
        return List.of(
                counters.demandZero,
                counters.file,
                counters.copyOnWrite,
                counters.copyOnWriteReuse,
                counters.stack,
                counters.protection,
                counters.spurious,
                counters.killed);
    }

    private static List<Integer> describe(Process process) {
        return List.of(
                process.pid(),
                process.parentPid(),
                process.waitStatus(),
                process.peakUserPages(),
                process.peakTablePages(),
                process.peakRegions());
    }

    private static TestMachine.Options options(String profile) {
        return TestMachine.options().profile(profile).input("one\nfour\n").file("/data", new byte[2 * 4096]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"u74", "ideal"})
    void aRestoredMachineEndsAsTheOneThatRanThrough(String profile) {
        TestMachine through = options(profile).run(source());
        assertThat(through.exitStatus()).isZero();
        List<Object> expected = statistics(through);
        long cycles = through.machine().longestCycle();
        Random random = new Random(7);
        for (int i = 0; i < 25; i++) {
            long pause = (long) (random.nextDouble() * cycles);
            TestMachine paused = options(profile).boot(source());
            if (paused.pauseAt(pause)) {
                endsAlikeFromHereOn(paused, options(profile), expected, "paused at " + pause);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"u74, 1", "skylake, 4"})
    void aRestoredFamilyEndsAsTheOneThatRanThrough(String profile, int everyNth) {
        TestMachine through = options(profile).run(family());
        assertThat(through.console()).contains("a child\n", "[KERN] invalid uva at 0x0000000000000000\n");
        assertThat(through.exitStatus()).as(through.console()).isZero();
        List<Object> expected = statistics(through);
        List<Long> instants = instants(profile, through.machine().longestCycle());
        for (int i = 0; i < instants.size(); i += everyNth) {
            long instant = instants.get(i);
            TestMachine stopped = options(profile).boot(family());
            assertThat(stopped.stopAt(instant)).isTrue();
            endsAlikeFromHereOn(stopped, options(profile), expected, "stopped at " + instant);
        }
    }

    /** Twenty-five at random, and some more at which the kernel is in the middle of a fork, an execve or an exit. */
    private static List<Long> instants(String profile, long cycles) {
        Random random = new Random(11);
        List<Long> instants = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            instants.add(1 + (long) (random.nextDouble() * (cycles - 1)));
        }
        Map<String, List<Long>> busy = new TreeMap<>();
        TestMachine scout = options(profile).boot(family());
        for (long instant = 500; scout.stopAt(instant); instant += 500) {
            for (Process process : scout.kernel().processes()) {
                if (process.leader().work() != null) {
                    String work = process.leader().work().getClass().getSimpleName();
                    busy.computeIfAbsent(work, kind -> new ArrayList<>()).add(instant);
                }
            }
        }
        assertThat(busy).containsKeys("Fork", "Discard", "TearDown", "Retry");
        busy.values().forEach(found -> {
            for (int i = 0; i < 3; i++) {
                instants.add(found.get(random.nextInt(found.size())));
            }
        });
        return instants;
    }

    /** A machine goes on from here, another one from its snapshot, and then the first one too, from where it has got to. */
    private static void endsAlikeFromHereOn(
            TestMachine test, TestMachine.Options options, List<Object> expected, String where) {
        MachineSnapshot snapshot = test.machine().snapshot();
        test.finish();
        assertThat(statistics(test)).as(where).isEqualTo(expected);

        TestMachine fresh = options.build();
        fresh.machine().restore(snapshot);
        assertThat(fresh.machine().snapshot().state()).as(where).isEqualTo(snapshot.state());
        fresh.finish();
        assertThat(statistics(fresh)).as("restored, %s", where).isEqualTo(expected);
        assertThat(fresh.log()).hasSizeLessThanOrEqualTo(1);

        test.machine().restore(snapshot);
        test.finish();
        assertThat(statistics(test)).as("restored again, %s", where).isEqualTo(expected);
    }

    @Test
    void aSnapshotBeforeTheFirstInstructionHoldsTheBootedProcess() {
        TestMachine booted = options("u74").boot(source());
        MachineSnapshot snapshot = booted.machine().snapshot();
        TestMachine fresh = options("u74").build();
        fresh.machine().restore(snapshot);
        assertThat(statistics(fresh.finish())).isEqualTo(statistics(booted.finish()));
    }

    @Test
    void aSnapshotOfAnEmptyKernelTakesTheProcessAway() {
        MachineSnapshot empty = options("u74").build().machine().snapshot();
        TestMachine test = options("u74").boot(source());
        test.machine().restore(empty);
        assertThat(test.kernel().processes()).isEmpty();
        assertThat(test.kernel().frames().freeFrames()).isEqualTo(test.kernel().freeFramesAtBoot());
    }

    @Test
    void twoRunsAreEqualToTheCycle() {
        assertThat(statistics(options("u74").run(source())))
                .isEqualTo(statistics(options("u74").run(source())));
    }
}
