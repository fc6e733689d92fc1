package dev.pagewalk.kernel.oom;

import static dev.pagewalk.kernel.oom.FaultRows.*;
import static dev.pagewalk.kernel.oom.MemoryRows.*;
import static dev.pagewalk.kernel.testing.Guest.*;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.space.MapRequest.Placement;
import dev.pagewalk.mmu.access.AccessType;
import java.util.List;

/** Processes and signals, and the calls that read or write user memory of which nothing is there yet. */
final class ProcessRows {
    private static final int RT_SIGRETURN = 139;
    private static final int PARENT_SETTID = 0x0010_0000;
    private static final int CHILD_SETTID = 0x0100_0000;

    /** Two bytes before the end of a page, in memory that is not there yet. */
    private static final long ACROSS = C + PAGE - 2;

    private static final long BUFFER_BYTES = 3 * PAGE;

    private ProcessRows() {}

    static List<Row> all() {
        return List.of(
                Row.of("fork", ProcessRows::family, k -> k.call(CLONE, SIGCHLD, 0, 0, 0, 0))
                        .failsWith(ENOMEM)
                        .atLeast(10),
                Row.of("fork, eager", ProcessRows::family, k -> k.call(CLONE, SIGCHLD, 0, 0, 0, 0))
                        .on(TestMachines.eager())
                        .failsWith(ENOMEM)
                        .succeedsAnyway()
                        .atLeast(25),
                Row.of("fork, of a child", ProcessRows::child, k -> k.call(CLONE, SIGCHLD, 0, 0, 0, 0))
                        .failsWith(ENOMEM)
                        .atLeast(4),
                Row.of(
                                "clone, which tells the child its tid",
                                k -> map(k, C, PAGE),
                                k -> k.call(CLONE, SIGCHLD | CHILD_SETTID, 0, 0, 0, C + 4))
                        .failsWith(ENOMEM)
                        .succeedsAnyway()
                        .varying(KernelState.reading(C))
                        .atLeast(6),
                Row.of(
                                "clone, which tells the parent the child's tid",
                                k -> map(k, C, PAGE),
                                k -> k.call(CLONE, SIGCHLD | PARENT_SETTID, 0, C + 4, 0, 0))
                        .failsWith(ENOMEM)
                        .succeedsAnyway()
                        .varying(KernelState.reading(C))
                        .atLeast(6),
                Row.of("execve", ProcessRows::arguments, k -> k.call(EXECVE, A, A + 64, 0))
                        .failsWith(ENOMEM)
                        .atLeast(5),
                Row.of(
                                "execve, of a child that shares everything",
                                k -> {
                                    arguments(k);
                                    family(k);
                                    fork(k);
                                    k.yieldTurn();
                                },
                                k -> k.call(EXECVE, A, A + 64, 0))
                        .failsWith(ENOMEM)
                        .atLeast(5),
                Row.of(
                                "execve, with strings that are not there yet",
                                k -> {
                                    arguments(k);
                                    map(k, C, 4 * PAGE);
                                },
                                k -> k.call(EXECVE, A, A + 64, C))
                        .failsWith(ENOMEM, EFAULT)
                        .atLeast(8),
                Row.of(
                                "a handler on a stack that is not there yet",
                                k -> {
                                    catches(k, SIGUSR1);
                                    lazyStack(k);
                                },
                                k -> k.call(KILL, 1, SIGUSR1))
                        .kills("")
                        .atLeast(3),
                Row.of(
                                "a handler of a fault on a stack that is not there yet",
                                k -> {
                                    catches(k, SIGSEGV);
                                    lazyStack(k);
                                },
                                k -> k.fault(AccessType.STORE, 8))
                        .kills("[KERN] invalid uva at 0x0000000000000008")
                        .atLeast(3),
                Row.of(
                                "a handler on a stack that has to grow",
                                k -> {
                                    catches(k, SIGUSR1);
                                    k.setStackPointer(k.stackPointer() - 600 * PAGE);
                                },
                                k -> k.call(KILL, 1, SIGUSR1))
                        .kills("")
                        .atLeast(2),
                Row.of("return from a handler whose frame is not there", ProcessRows::lazyStack, k -> {
                            k.call(RT_SIGRETURN);
                            return k.process() == null ? HandDrivenKernel.NO_RESULT : 0;
                        })
                        .kills("")
                        .atLeast(3),
                Row.of("wait4, which tells the status", ProcessRows::zombie, k -> k.call(WAIT4, -1, ACROSS, 0, 0))
                        .failsWith(EFAULT)
                        .atLeast(3),
                Row.of(
                                "wait4, which tells the status and the usage",
                                ProcessRows::zombie,
                                k -> k.call(WAIT4, -1, ACROSS, 0, ACROSS + PAGE))
                        .failsWith(EFAULT)
                        .atLeast(4),
                Row.of("clock_gettime", k -> map(k, C, 2 * PAGE), k -> k.call(CLOCK_GETTIME, 0, ACROSS))
                        .failsWith(EFAULT)
                        .varying(KernelState.reading(C).or(KernelState.reading(C + PAGE)))
                        .atLeast(3),
                Row.of(
                                "rt_sigaction",
                                k -> {
                                    map(k, C, 2 * PAGE);
                                    catches(k, SIGUSR1);
                                },
                                k -> k.call(RT_SIGACTION, SIGUSR1, 0, ACROSS, 8))
                        .failsWith(EFAULT)
                        .atLeast(3),
                Row.of(
                                "rt_sigaction, of an action that is not there yet",
                                k -> {
                                    map(k, C, 2 * PAGE);
                                    map(k, FAR, 2 * PAGE);
                                },
                                k -> k.call(RT_SIGACTION, SIGUSR1, ACROSS, FAR + PAGE - 2, 8))
                        .failsWith(EFAULT)
                        .butFor(KernelState.named("signals"))
                        .atLeast(7),
                Row.of("rt_sigprocmask", ProcessRows::pendingSignal, k -> k.call(RT_SIGPROCMASK, 0, 0, ACROSS, 8))
                        .failsWith(EFAULT)
                        .atLeast(3),
                Row.of("rt_sigpending", ProcessRows::pendingSignal, k -> k.call(RT_SIGPENDING, ACROSS, 8))
                        .failsWith(EFAULT)
                        .atLeast(3),
                Row.of(
                                "clock_gettime, to a huge page that a child has too",
                                k -> {
                                    huge(k, A, HUGE);
                                    fork(k);
                                },
                                k -> k.call(CLOCK_GETTIME, 0, A + PAGE))
                        .failsWith(EFAULT)
                        .varying(KernelState.reading(A + PAGE))
                        .atLeast(1),
                Row.of(
                                "clock_gettime, below the stack",
                                k -> {},
                                k -> k.call(CLOCK_GETTIME, 0, k.stackPointer() - 600 * PAGE))
                        .failsWith(EFAULT)
                        .varying(fact -> fact.contains("7ffeffda"))
                        .atLeast(2),
                Row.of("sigaltstack", k -> map(k, C, 2 * PAGE), k -> k.call(SIGALTSTACK, 0, ACROSS))
                        .failsWith(EFAULT)
                        .atLeast(3),
                Row.of(
                                "mincore",
                                k -> {
                                    map(k, C, 2 * PAGE);
                                    memory(k, A, 5 * PAGE);
                                },
                                k -> k.call(MINCORE, A, 5 * PAGE, ACROSS))
                        .failsWith(EFAULT)
                        .atLeast(3),
                Row.of("read, from the console", k -> map(k, C, BUFFER_BYTES), k -> k.call(READ, 0, C + PAGE - 3, 100))
                        .on(TestMachines.withInput("a line of text\n"))
                        .failsWith(EFAULT)
                        .mayBePartial((k, done) -> k.must(READ, 0, C + PAGE - 3 + done, 100 - done))
                        .atLeast(3),
                Row.of("write, to the console", k -> map(k, C, BUFFER_BYTES), k -> k.call(WRITE, 1, C, BUFFER_BYTES))
                        .failsWith(EFAULT)
                        .mayBePartial((k, done) -> k.must(WRITE, 1, C + done, BUFFER_BYTES - done))
                        .atLeast(4));
    }

    /** Memory of all sorts, huge pages, a device, files, in many places; a child has some of it. */
    private static void family(HandDrivenKernel k) throws KernelException {
        memory(k, B, 5 * PAGE);
        k.must(MPROTECT, B + PAGE, PAGE, PROT_NONE);
        k.must(MPROTECT, B + 2 * PAGE, PAGE, R);
        heap(k);
        fork(k);
        huge(k, C, HUGE);
        k.must(MMAP, FAR - PAGE, 3 * PAGE, RW, SHARED_MEMORY | FIXED, -1, 0);
        k.touch(FAR - PAGE, 2 * PAGE);
        mapProgram(k, FAR + HUGE, false);
        k.look(FAR + HUGE, 3 * PAGE);
        k.touch(FAR + HUGE, PAGE);
        mapProgram(k, FAR + 2 * HUGE, true);
        k.look(FAR + 2 * HUGE, 2 * PAGE);
        mapDevice(k, FAR + 3 * HUGE, 2 * PAGE, Placement.FIXED);
        memory(k, FAR + 4 * HUGE, 2 * PAGE);
        k.must(MADVISE, FAR + 4 * HUGE, PAGE, MADV_DONTFORK);
        k.must(MLOCK, B, PAGE);
    }

    /** The child of a small family has the hart. */
    private static void child(HandDrivenKernel k) {
        memory(k, A, 3 * PAGE);
        fork(k);
        k.yieldTurn();
        k.touch(A, PAGE);
    }

    /** The program's path at A, argv at A + 64. */
    private static void arguments(HandDrivenKernel k) {
        map(k, A, PAGE);
        k.storeText(A, "/bin/guest");
        k.storeText(A + 32, "argument");
        k.store(A + 64, A);
        k.store(A + 72, A + 32);
    }

    private static void catches(HandDrivenKernel k, int signal) {
        map(k, B, PAGE);
        k.store(B, TEXT + 0x101);
        k.store(B + 8, SA_SIGINFO);
        k.must(RT_SIGACTION, signal, B, 0, 8);
    }

    /** The stack pointer leads into memory of which nothing is there, so that a frame lies across two of its pages. */
    private static void lazyStack(HandDrivenKernel k) {
        k.must(MMAP, C, 4 * PAGE, RW, ANON | FIXED, -1, 0);
        k.setStackPointer(C + 2 * PAGE + 256);
    }

    /** SIGUSR1 is blocked and has been sent; memory at C that is not there yet. */
    private static void pendingSignal(HandDrivenKernel k) {
        map(k, B, PAGE);
        k.store(B, 1L << SIGUSR1 - 1);
        k.must(RT_SIGPROCMASK, 0, B, 0, 8);
        k.must(KILL, 1, SIGUSR1);
        map(k, C, 2 * PAGE);
    }

    /** A child that has ended; memory at C that is not there yet. */
    private static void zombie(HandDrivenKernel k) {
        fork(k);
        k.yieldTurn();
        k.call(EXIT_GROUP, 7);
        map(k, C, BUFFER_BYTES);
    }
}
