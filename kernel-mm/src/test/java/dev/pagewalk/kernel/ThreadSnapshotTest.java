package dev.pagewalk.kernel;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.MachineSnapshot;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.process.TaskState;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A machine with threads, restored from a snapshot at any instant, ends exactly as the one that ran through. */
class ThreadSnapshotTest {
    private static final long AT = 0x2000_0000L;

    /**
     * Threads that count under a mutex, one that sleeps and gets signals, one that waits with a time-out; a child in the same
     * memory, one that is stopped and goes on; and at the end a thread that executes the guest again, while others wait or
     * compute.
     */
    private static Guest guest() {
        Guest guest = new Guest()
                .line("ld s0, 0(sp)")
                .line("li t0, 2")
                .line("beq s0, t0, again")
                .onSignal(SIGUSR1, "handler", 0)
                .thread("counter", "first")
                .thread("counter", "second")
                .thread("sleeper", "third")
                .thread("impatient", "fourth")
                .nap()
                .call(TGKILL, 1, 4, SIGUSR1)
                .expect(0)
                .call(CLONE, CLONE_VM | CLONE_VFORK | SIGCHLD, "=stack", 0, 0, 0)
                .line("beqz a0, sharer")
                .expect(6)
                .wait4(6, "status")
                .expect(6)
                .fork("stopped")
                .expect(7)
                .nap()
                .call(KILL, 7, SIGSTOP)
                .call(WAIT4, 7, "=status", 2, 0)
                .expect(7)
                .nap()
                .call(KILL, 7, SIGCONT)
                .wait4(7, "status")
                .expect(7)
                .load("=status")
                .expect(0)
                .join("first")
                .join("second")
                .join("third")
                .join("fourth")
                .loadWord("=count")
                .expect(2 * 60)
                .call(GETRANDOM, "=status", 8, 0)
                .call(WRITE, 1, "=status", 8)
                .thread("spinner", "first")
                .thread("executor", "second")
                .call(FUTEX, "=lock", FUTEX_WAIT, 0, 0)
                .exit(1)
                .text("counter:")
                .line("li s1, 60")
                .text("""
                        next:
                            la   s2, lock
                            li   t0, 2
                        taken:
                            amoswap.w t1, t0, (s2)
                            beqz t1, held
                        """)
                .call(FUTEX, "s2", FUTEX_WAIT | FUTEX_PRIVATE, 2, 0)
                .line("li t0, 2")
                .line("j taken")
                .text("held:")
                .call(SCHED_YIELD)
                .text("""
                            la   t0, count
                            lw   t1, 0(t0)
                            addi t1, t1, 1
                            sw   t1, 0(t0)
                            amoswap.w zero, zero, (s2)
                        """)
                .call(FUTEX, "s2", FUTEX_WAKE | FUTEX_PRIVATE, 1)
                .line("addi s1, s1, -1")
                .line("bnez s1, next")
                .exitThread(0)
                .text("sleeper:")
                .call(NANOSLEEP, "=long_time", 0)
                .expect(EINTR)
                .exitThread(0)
                .text("impatient:")
                .call(FUTEX, "=count", FUTEX_WAIT, 1000, "=millisecond")
                .expect(EAGAIN)
                .call(FUTEX, "=never", FUTEX_WAIT, 0, "=millisecond")
                .expect(ETIMEDOUT)
                .exitThread(0)
                .text("sharer:")
                .mmap(AT, 4 * 4096, RW, ANON | FIXED | POPULATE)
                .call(NANOSLEEP, "=millisecond", 0)
                .exit(0)
                .text("stopped:")
                .thread("sleeper_of_child", "first")
                .line("li s1, 1500000")
                .text("1: addi s1, s1, -1\n bnez s1, 1b")
                .exit(0)
                .text("sleeper_of_child:")
                .call(NANOSLEEP, "=long_time", 0)
                .exit(1)
                .text("spinner: j spinner")
                .text("executor:")
                .nap()
                .call(EXECVE, "=self", "=arguments", 0)
                .exit(1)
                .text("handler: ret")
                .text("again:")
                .call(GETTID)
                .expect(1)
                .exit(0)
                .string("self", "/proc/self/exe")
                .data(
                        "        .data\n        .balign 8\narguments: .dword self, self, 0\nmillisecond: .dword 0, 1000000\n"
                                + "long_time: .dword 1, 0\n"
                                + "        .bss\n        .balign 16\n        .zero 4096\nstack:");
        return guest.words("first", "second", "third", "fourth", "lock", "count", "never", "status", "action");
    }

    private static TestMachine.Options options(int harts) {
        return TestMachine.options().harts(harts);
    }

    private static List<Object> statistics(TestMachine test) {
        var kernel = test.kernel();
        return List.of(
                test.exitStatus(),
                test.console(),
                test.machine().harts().stream().map(hart -> hart.retired).toList(),
                test.machine().harts().stream()
                        .map(hart -> hart.mmu().counters())
                        .toList(),
                test.machine().longestCycle(),
                kernel.systemCallCounts(),
                kernel.processes().stream().map(ThreadSnapshotTest::describe).toList());
    }

    private static List<Integer> describe(Process process) {
        return List.of(process.pid(), process.parentPid(), process.waitStatus(), process.peakUserPages());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void aRestoredMachineEndsAsTheOneThatRanThrough(int harts) {
        TestMachine through = options(harts).run(guest());
        List<Object> expected = statistics(through);
        for (long instant : instants(harts, through.machine().longestCycle())) {
            TestMachine stopped = options(harts).boot(guest().source());
            assertThat(stopped.stopAt(instant)).isTrue();
            MachineSnapshot snapshot = stopped.machine().snapshot();
            stopped.finish();
            assertThat(statistics(stopped)).as("stopped at %d", instant).isEqualTo(expected);

            TestMachine fresh = options(harts).build();
            fresh.machine().restore(snapshot);
            assertThat(fresh.machine().snapshot().state()).isEqualTo(snapshot.state());
            fresh.finish();
            assertThat(statistics(fresh)).as("restored at %d", instant).isEqualTo(expected);
        }
    }

    /** Some at random, and some more in each of the states that tasks are in. */
    private static List<Long> instants(int harts, long cycles) {
        Random random = new Random(13);
        List<Long> instants = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            instants.add(1 + (long) (random.nextDouble() * (cycles - 1)));
        }
        Map<String, List<Long>> seen = new TreeMap<>();
        TestMachine scout = options(harts).boot(guest().source());
        for (long instant = 1500; scout.stopAt(instant); instant += 1500) {
            for (Process process : scout.kernel().processes()) {
                for (Task task : process.tasks()) {
                    seen.computeIfAbsent(state(task), any -> new ArrayList<>()).add(instant);
                }
            }
        }
        assertThat(seen).containsKeys("FUTEX", "SLEEP", "VFORK", "STOPPED", "Fork", "RUNNING");
        if (harts > 1) {
            assertThat(seen).containsKey("EnterProgram");
        }
        seen.values().forEach(found -> instants.add(found.get(random.nextInt(found.size()))));
        return instants;
    }

    private static String state(Task task) {
        if (task.state() == TaskState.BLOCKED) {
            return task.waitsFor().kind().name();
        }
        return task.work() == null
                ? task.state().name()
                : task.work().getClass().getSimpleName();
    }
}
