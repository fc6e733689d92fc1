package dev.pagewalk.kernel.oom;

import static dev.pagewalk.kernel.oom.MemoryRows.*;
import static dev.pagewalk.kernel.testing.Guest.*;

import dev.pagewalk.mmu.access.AccessType;
import java.util.List;

/** Accesses by the guest for which the kernel has to find memory. Where it finds none the process is killed. */
final class FaultRows {
    private FaultRows() {}

    static List<Row> all() {
        return List.of(
                killed("a load from private memory", k -> map(k, A, PAGE), AccessType.LOAD, A)
                        .atLeast(2),
                killed("a store to private memory, far away", k -> map(k, FAR, PAGE), AccessType.STORE, FAR)
                        .atLeast(4),
                killed(
                                "a store to private memory beside other pages",
                                k -> {
                                    memory(k, A, PAGE);
                                    map(k, A + PAGE, PAGE);
                                },
                                AccessType.STORE,
                                A + PAGE)
                        .atLeast(1),
                killed("a store to the heap", MemoryRows::heap, AccessType.STORE, HEAP + 3 * PAGE)
                        .atLeast(1),
                killed(
                                "a store for which a huge page is wanted",
                                k -> {
                                    map(k, FAR, HUGE);
                                    k.must(MADVISE, FAR, HUGE, MADV_HUGEPAGE);
                                },
                                AccessType.STORE,
                                FAR + 5 * PAGE)
                        .succeedsAnyway()
                        .atLeast(4),
                killed("a fetch from the program", k -> {}, AccessType.FETCH, TEXT)
                        .atLeast(1),
                killed("a load from the program's data", k -> {}, AccessType.LOAD, DATA)
                        .atLeast(1),
                killed("a store to the program's data", k -> {}, AccessType.STORE, DATA)
                        .atLeast(2),
                killed(
                                "a store to the program's data that was loaded before",
                                k -> k.load(DATA),
                                AccessType.STORE,
                                DATA)
                        .atLeast(1),
                killed("a load from a private mapping of a file", k -> mapProgram(k, FAR, false), AccessType.LOAD, FAR)
                        .atLeast(4),
                killed("a store to a private mapping of a file", k -> mapProgram(k, FAR, false), AccessType.STORE, FAR)
                        .atLeast(5),
                killed("a load from a shared mapping of a file", k -> mapProgram(k, FAR, true), AccessType.LOAD, FAR)
                        .atLeast(4),
                killed("a store to a shared mapping of a file", k -> mapProgram(k, FAR, true), AccessType.STORE, FAR)
                        .atLeast(4),
                Row.of(
                                "a store to a shared mapping of a file that was loaded before",
                                k -> {
                                    mapProgram(k, A, true);
                                    k.must(MPROTECT, A, PAGE, R);
                                    k.load(A);
                                    k.must(MPROTECT, A, PAGE, RW);
                                },
                                k -> k.fault(AccessType.STORE, A))
                        .cannotFail(),
                killed(
                                "a store to shared memory",
                                k -> k.must(MMAP, A, 3 * PAGE, RW, SHARED_MEMORY | FIXED, -1, 0),
                                AccessType.STORE,
                                A + PAGE)
                        .atLeast(2),
                killed(
                                "a store to shared memory that a child has stored to",
                                k -> {
                                    k.must(MMAP, FAR, 3 * PAGE, RW, SHARED_MEMORY | FIXED, -1, 0);
                                    fork(k);
                                    k.yieldTurn();
                                    k.touch(FAR, 3 * PAGE);
                                    k.yieldTurn();
                                },
                                AccessType.STORE,
                                FAR + PAGE)
                        .atLeast(3),
                killed(
                                "a store to a page that a child has too",
                                k -> {
                                    memory(k, A, 2 * PAGE);
                                    fork(k);
                                },
                                AccessType.STORE,
                                A + PAGE)
                        .atLeast(1),
                killed(
                                "a store of a child",
                                k -> {
                                    memory(k, A, 2 * PAGE);
                                    fork(k);
                                    k.yieldTurn();
                                },
                                AccessType.STORE,
                                A + PAGE)
                        .atLeast(1),
                killed(
                                "a store to a huge page that a child has too",
                                k -> {
                                    huge(k, A, HUGE);
                                    fork(k);
                                },
                                AccessType.STORE,
                                A + PAGE)
                        .atLeast(1),
                Row.of(
                                "a store to a huge page of which a child has the rest",
                                k -> {
                                    huge(k, A, HUGE);
                                    fork(k);
                                    k.yieldTurn();
                                    k.must(MUNMAP, A + PAGE, PAGE);
                                    k.yieldTurn();
                                },
                                k -> k.fault(AccessType.STORE, A + PAGE))
                        .cannotFail(),
                Row.of(
                                "a store to a page that a child had too",
                                k -> {
                                    memory(k, A, PAGE);
                                    fork(k);
                                    k.yieldTurn();
                                    k.call(EXIT_GROUP, 0);
                                },
                                k -> k.fault(AccessType.STORE, A))
                        .cannotFail(),
                Row.of("growth of the stack", k -> {}, k -> k.fault(AccessType.STORE, k.stackPointer() - 600 * PAGE))
                        .kills("[KERN] OOM at 0x00007ffe")
                        .atLeast(2));
    }

    /** Where the program's code, data and heap are; the data's first byte in the file is at a page's start. */
    static final long TEXT = 0x1_0000;

    static final long DATA = 0x1_2000;
    static final long HEAP = 0x1_C000;

    private static Row killed(String name, Row.Step preparation, AccessType access, long address) {
        return Row.of(name, preparation, k -> k.fault(access, address))
                .kills(String.format("[KERN] OOM at 0x%016x%n", address));
    }
}
