package dev.pagewalk.kernel.oom;

import static dev.pagewalk.kernel.testing.Guest.*;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.space.MapRequest;
import dev.pagewalk.kernel.space.MapRequest.FileRange;
import dev.pagewalk.kernel.space.MapRequest.Placement;
import dev.pagewalk.kernel.space.RegionKind;
import dev.pagewalk.kernel.testing.TestFramebuffer;
import java.util.List;

/** The calls and operations that change an address space. */
final class MemoryRows {
    static final long PAGE = 4096;
    static final long HUGE = 2 << 20;

    /** Each place is a multiple of 2 MiB. The last two share only the root with the others, or not even its neighbourhood. */
    static final long A = 0x2000_0000L;

    static final long B = 0x3000_0000L;
    static final long C = 0x4000_0000L;
    static final long FAR = 0x100_0000_0000L;

    static final int SHARED_MEMORY = SHARED | ANONYMOUS;
    static final int MAYMOVE = 1;
    static final int MREMAP_FIXED = 2;
    static final int DONTUNMAP = 4;
    static final int MADV_WILLNEED = 3;
    static final int MADV_DONTNEED = 4;
    static final int MADV_FREE = 8;
    static final int MADV_DONTFORK = 10;
    static final int MADV_HUGEPAGE = 14;
    static final int MADV_NOHUGEPAGE = 15;
    static final int MCL_CURRENT_AND_FUTURE = 3;

    private MemoryRows() {}

    static List<Row> all() {
        return List.of(
                Row.of("mmap, private", k -> {}, k -> k.call(MMAP, 0, 5 * PAGE, RW, ANON, -1, 0))
                        .cannotFail(),
                Row.of("mmap, shared", k -> {}, k -> k.call(MMAP, 0, 5 * PAGE, RW, SHARED_MEMORY, -1, 0))
                        .cannotFail(),
                Row.of(
                                "mmap, fixed over memory and a part of a huge page",
                                k -> {
                                    memory(k, A, 3 * PAGE);
                                    huge(k, A + HUGE, 2 * HUGE);
                                },
                                k -> k.call(MMAP, A + PAGE, HUGE + PAGE, R, ANON | FIXED, -1, 0))
                        .cannotFail(),
                Row.of("mmap, of a file", k -> {}, k -> mapProgram(k, A, true)).cannotFail(),
                Row.of("mmap, populated", k -> {}, k -> k.call(MMAP, A, 5 * PAGE, RW, ANON | FIXED | POPULATE, -1, 0))
                        .succeedsAnyway()
                        .atLeast(7),
                Row.of(
                                "mmap, populated far away",
                                k -> {},
                                k -> k.call(MMAP, FAR - PAGE, 2 * PAGE, RW, ANON | FIXED | POPULATE, -1, 0))
                        .succeedsAnyway()
                        .atLeast(7),
                Row.of(
                                "mmap, shared and populated",
                                k -> {},
                                k -> k.call(MMAP, A, 5 * PAGE, RW, SHARED_MEMORY | FIXED | POPULATE, -1, 0))
                        .succeedsAnyway()
                        .atLeast(7),
                Row.of(
                                "mmap, populated with huge pages",
                                k -> k.must(MLOCKALL, 2),
                                k -> k.call(MMAP, A, HUGE + 3 * PAGE, RW, ANON | FIXED | POPULATE, -1, 0))
                        .on(TestMachines.huge())
                        .succeedsAnyway()
                        .atLeast(6),
                Row.of(
                                "mmap, fixed over populated memory, populated",
                                k -> memory(k, A, 3 * PAGE),
                                k -> k.call(MMAP, A, 5 * PAGE, RW, ANON | FIXED | POPULATE, -1, 0))
                        .succeedsAnyway()
                        .atLeast(5),
                Row.of("mmap, of a device", k -> {}, k -> mapDevice(k, FAR - PAGE, 3 * PAGE, Placement.FIXED))
                        .failsWith(ENOMEM)
                        .atLeast(4),
                Row.of(
                                "mmap, of a device over memory",
                                k -> {
                                    memory(k, FAR - 2 * PAGE, 2 * PAGE);
                                    memory(k, C - PAGE, 2 * PAGE);
                                },
                                k -> mapDevice(k, FAR - PAGE, 3 * PAGE, Placement.FIXED))
                        .failsWith(ENOMEM)
                        .atLeast(2),
                Row.of(
                                "mmap, of a device over a huge page",
                                k -> huge(k, A, 2 * HUGE),
                                k -> mapDevice(k, A + HUGE - PAGE, 3 * PAGE, Placement.FIXED))
                        .cannotFail(),
                Row.of(
                                "mmap, of a device over a huge page and beyond",
                                k -> {
                                    huge(k, A, HUGE);
                                    memory(k, A + HUGE, PAGE);
                                    k.must(MADVISE, A + HUGE, PAGE, MADV_DONTNEED);
                                },
                                k -> mapDevice(k, A - PAGE, HUGE + 2 * PAGE, Placement.FIXED))
                        .failsWith(ENOMEM)
                        .atLeast(1),
                Row.of(
                                "munmap, of a part of a huge page",
                                k -> huge(k, A, HUGE),
                                k -> k.call(MUNMAP, A + PAGE, 3 * PAGE))
                        .cannotFail(),
                Row.of(
                                "munmap, of parts of two huge pages that a child has too",
                                k -> {
                                    huge(k, A, 2 * HUGE);
                                    fork(k);
                                },
                                k -> k.call(MUNMAP, A + HUGE - PAGE, 2 * PAGE))
                        .cannotFail(),
                Row.of(
                                "mprotect, which splits",
                                k -> {
                                    memory(k, A, 5 * PAGE);
                                    k.must(MPROTECT, A + 3 * PAGE, PAGE, PROT_NONE);
                                },
                                k -> k.call(MPROTECT, A + PAGE, 3 * PAGE, R))
                        .cannotFail(),
                Row.of(
                                "mprotect, of a part of a huge page",
                                k -> huge(k, A, HUGE),
                                k -> k.call(MPROTECT, A + PAGE, 3 * PAGE, PROT_NONE))
                        .cannotFail(),
                Row.of(
                                "mremap, which grows in place",
                                k -> memory(k, A, 2 * PAGE),
                                k -> k.call(MREMAP, A, 2 * PAGE, 600 * PAGE, 0, 0))
                        .cannotFail(),
                Row.of(
                                "mremap, which moves",
                                k -> {
                                    memory(k, A + HUGE - 2 * PAGE, 4 * PAGE);
                                    memory(k, A + HUGE + 2 * PAGE, PAGE);
                                    k.must(MPROTECT, A + HUGE + 2 * PAGE, PAGE, R);
                                },
                                k -> k.call(MREMAP, A + HUGE - 2 * PAGE, 4 * PAGE, 8 * PAGE, MAYMOVE, 0))
                        .failsWith(ENOMEM)
                        .atLeast(2),
                Row.of(
                                "mremap, fixed and far",
                                k -> memory(k, A, 3 * PAGE),
                                k -> remapTo(k, A, 3 * PAGE, FAR - 2 * PAGE))
                        .failsWith(ENOMEM)
                        .atLeast(4),
                Row.of(
                                "mremap, fixed over memory",
                                k -> {
                                    memory(k, A, 3 * PAGE);
                                    memory(k, FAR, PAGE);
                                },
                                k -> remapTo(k, A, 3 * PAGE, FAR - 2 * PAGE))
                        .failsWith(ENOMEM)
                        .atLeast(1),
                Row.of(
                                "mremap, fixed over a huge page and beyond",
                                k -> {
                                    memory(k, A - PAGE, 3 * PAGE);
                                    huge(k, FAR, HUGE);
                                },
                                k -> remapTo(k, A - PAGE, 3 * PAGE, FAR + HUGE - 2 * PAGE))
                        .failsWith(ENOMEM)
                        .atLeast(1),
                Row.of(
                                "mremap, of a huge page to where it can be one",
                                k -> huge(k, A, HUGE),
                                k -> remapTo(k, A, HUGE, FAR))
                        .failsWith(ENOMEM)
                        .atLeast(3),
                Row.of(
                                "mremap, of a huge page to where it cannot be one",
                                k -> huge(k, A, HUGE),
                                k -> remapTo(k, A, HUGE, FAR + PAGE))
                        .failsWith(ENOMEM)
                        .atLeast(4),
                Row.of(
                                "mremap, of parts of huge pages",
                                k -> huge(k, A, 3 * HUGE),
                                k -> remapTo(k, A + HUGE - PAGE, HUGE + 2 * PAGE, FAR + HUGE - PAGE))
                        .failsWith(ENOMEM)
                        .atLeast(5),
                Row.of(
                                "mremap, of a part of one huge page",
                                k -> huge(k, A, HUGE),
                                k -> remapTo(k, A + PAGE, 2 * PAGE, FAR))
                        .failsWith(ENOMEM)
                        .atLeast(3),
                Row.of(
                                "mremap, of a huge page over others",
                                k -> {
                                    huge(k, A, HUGE);
                                    huge(k, FAR, 2 * HUGE);
                                },
                                k -> remapTo(k, A, HUGE, FAR + PAGE))
                        .cannotFail(),
                Row.of(
                                "mremap, which leaves the old mapping",
                                k -> memory(k, A, 3 * PAGE),
                                k -> k.call(MREMAP, A, 3 * PAGE, 3 * PAGE, MAYMOVE | DONTUNMAP, FAR))
                        .failsWith(ENOMEM)
                        .atLeast(3),
                Row.of(
                                "mremap, of what a child has too",
                                k -> {
                                    memory(k, A, 3 * PAGE);
                                    fork(k);
                                },
                                k -> remapTo(k, A, 3 * PAGE, FAR))
                        .failsWith(ENOMEM)
                        .atLeast(3),
                Row.of("brk, which grows", MemoryRows::heap, k -> k.call(BRK, k.call(BRK, 0) + 9 * PAGE))
                        .cannotFail(),
                Row.of(
                                "brk, which grows and is locked",
                                k -> {
                                    heap(k);
                                    k.must(MLOCKALL, MCL_CURRENT_AND_FUTURE);
                                },
                                k -> k.call(BRK, k.space().programBreak().start() + 8 * PAGE))
                        .succeedsAnyway()
                        .atLeast(2),
                Row.of("brk, which shrinks", MemoryRows::heap, k -> k.call(BRK, k.call(BRK, 0) - PAGE))
                        .cannotFail(),
                Row.of(
                                "madvise, DONTNEED of parts of huge pages",
                                k -> huge(k, A, 2 * HUGE),
                                k -> k.call(MADVISE, A + PAGE, HUGE, MADV_DONTNEED))
                        .cannotFail(),
                Row.of("madvise, FREE", k -> memory(k, A, 3 * PAGE), k -> k.call(MADVISE, A, 2 * PAGE, MADV_FREE))
                        .cannotFail(),
                Row.of(
                                "madvise, NOHUGEPAGE for a part of a huge page",
                                k -> huge(k, A, HUGE),
                                k -> k.call(MADVISE, A + PAGE, PAGE, MADV_NOHUGEPAGE))
                        .cannotFail(),
                Row.of(
                                "madvise, WILLNEED",
                                k -> mapProgram(k, A, false),
                                k -> k.call(MADVISE, A, 4 * PAGE, MADV_WILLNEED))
                        .succeedsAnyway()
                        .atLeast(3),
                Row.of(
                                "mlock",
                                k -> {
                                    memory(k, A, 2 * PAGE);
                                    k.must(MADVISE, A, PAGE, MADV_DONTNEED);
                                    k.must(MMAP, A + 2 * PAGE, 3 * PAGE, R, ANON | FIXED, -1, 0);
                                },
                                k -> k.call(MLOCK, A, 4 * PAGE))
                        .failsWith(EAGAIN)
                        .atLeast(3),
                Row.of("mlock, of a file", k -> mapProgram(k, A, false), k -> k.call(MLOCK, A + PAGE, 3 * PAGE))
                        .failsWith(EAGAIN)
                        .atLeast(5),
                Row.of(
                                "mlock, of parts of a huge page and of what has none yet",
                                k -> {
                                    huge(k, A, HUGE);
                                    map(k, A + HUGE, HUGE);
                                    k.must(MADVISE, A + HUGE, HUGE, MADV_HUGEPAGE);
                                },
                                k -> k.call(MLOCK, A + HUGE - PAGE, 3 * PAGE))
                        .failsWith(EAGAIN)
                        .atLeast(2),
                Row.of(
                                "mlock, of what was locked on fault",
                                k -> {
                                    map(k, A, 4 * PAGE);
                                    k.must(MLOCK2, A + PAGE, 2 * PAGE, 1);
                                },
                                k -> k.call(MLOCK, A, 4 * PAGE))
                        .failsWith(EAGAIN)
                        .atLeast(5),
                Row.of("mlock2, on fault", k -> map(k, A, 4 * PAGE), k -> k.call(MLOCK2, A, PAGE, 1))
                        .cannotFail(),
                Row.of("mlockall", k -> map(k, A, 3 * PAGE), k -> k.call(MLOCKALL, MCL_CURRENT_AND_FUTURE))
                        .succeedsAnyway()
                        .atLeast(10),
                Row.of("mapRegion", k -> memory(k, FAR + 2 * PAGE, PAGE), k -> {
                            k.space().mapRegion(FAR - 2 * PAGE, 4 * PAGE, RegionKind.ANONYMOUS, RW);
                            return 0;
                        })
                        .failsWith(ENOMEM)
                        .atLeast(5),
                Row.of(
                                "mapThreadStack",
                                k -> {},
                                k -> k.space().mapThreadStack(5 * PAGE).usableStart())
                        .cannotFail(),
                Row.of("mapPhysical", k -> memory(k, A, PAGE), k -> {
                            k.space().mapPhysical(FAR - PAGE, 2 * PAGE, TestFramebuffer.BASE, RW);
                            return 0;
                        })
                        .failsWith(ENOMEM)
                        .atLeast(4));
    }

    /** Private memory of which nothing is there yet. */
    static void map(HandDrivenKernel k, long start, long lengthBytes) {
        k.must(MMAP, start, lengthBytes, RW, ANON | FIXED, -1, 0);
    }

    /** Private memory, all of it there. */
    static void memory(HandDrivenKernel k, long start, long lengthBytes) {
        map(k, start, lengthBytes);
        k.touch(start, lengthBytes);
    }

    /** Private memory in huge pages. */
    static void huge(HandDrivenKernel k, long start, long lengthBytes) {
        map(k, start, lengthBytes);
        k.must(MADVISE, start, lengthBytes, MADV_HUGEPAGE);
        for (long page = start; page < start + lengthBytes; page += HUGE) {
            k.store(page, page + 1);
            k.store(page + HUGE - 8, page + 2);
        }
    }

    /** The heap, a part of it touched. */
    static void heap(HandDrivenKernel k) {
        long start = k.call(BRK, 0);
        k.must(BRK, start + 4 * PAGE + 100);
        k.touch(start, 2 * PAGE);
    }

    /** Five pages of the program's own file. */
    static long mapProgram(HandDrivenKernel k, long start, boolean shared) throws KernelException {
        FileRange file = new FileRange(k.process().executable(), 0, true);
        return k.space().map(new MapRequest(start, 5 * PAGE, RW, shared, Placement.FIXED, file));
    }

    static long mapDevice(HandDrivenKernel k, long start, long lengthBytes, Placement placement)
            throws KernelException {
        return k.space().mapDevice(new MapRequest(start, lengthBytes, RW, true, placement), TestFramebuffer.BASE);
    }

    private static long remapTo(HandDrivenKernel k, long start, long lengthBytes, long target) {
        return k.call(MREMAP, start, lengthBytes, lengthBytes, MAYMOVE | MREMAP_FIXED, target);
    }

    /** A child, which waits for its turn. */
    static void fork(HandDrivenKernel k) {
        k.must(CLONE, SIGCHLD, 0, 0, 0, 0);
    }
}
