package dev.pagewalk.kernel.oom;

import static dev.pagewalk.kernel.oom.MemoryRows.*;
import static dev.pagewalk.kernel.testing.Guest.*;

import dev.pagewalk.kernel.testing.TestMachine;
import java.util.List;

/** Files and pipes: their pages and buffers, and buffers in user memory of which nothing is there yet. */
final class FileRows {
    /** The first descriptor that a test opens, and the second. */
    private static final int FILE = 3;

    private static final int WRITER = 4;

    private static final int DATA_BYTES = 20_580;

    /** Some bytes before the end of a page, in memory that is not there yet. */
    private static final long ACROSS = C + PAGE - 5;

    private FileRows() {}

    static List<Row> all() {
        return List.of(
                row("openat, of a path that is not there yet", k -> mapProgram(k, C, false), k -> open(k, C, O_RDONLY))
                        .failsWith(EFAULT)
                        .succeedsAnyway()
                        .atLeast(2),
                row("openat, which creates", FileRows::path, k -> open(k, A, O_CREAT | O_RDWR))
                        .cannotFail(),
                row("openat, which truncates", k -> dataFile(k, O_RDWR), k -> open(k, B, O_TRUNC | O_RDWR))
                        .cannotFail(),
                row("ftruncate, within a page that is mapped", FileRows::mappedFile, k -> k.call(FTRUNCATE, FILE, 5000))
                        .cannotFail(),
                row("ftruncate, which grows", FileRows::mappedFile, k -> k.call(FTRUNCATE, FILE, 50_000))
                        .cannotFail(),
                row("fstat", FileRows::lazyBuffer, k -> k.call(FSTAT, FILE, ACROSS))
                        .failsWith(EFAULT)
                        .atLeast(3),
                row("newfstatat", FileRows::lazyBuffer, k -> k.call(NEWFSTATAT, AT_FDCWD, B, ACROSS, 0))
                        .failsWith(EFAULT)
                        .atLeast(3),
                row("getcwd", FileRows::lazyBuffer, k -> k.call(GETCWD, C + PAGE - 1, 100))
                        .failsWith(EFAULT)
                        .atLeast(3),
                row("read", FileRows::lazyBuffer, k -> k.call(READ, FILE, ACROSS, 5000))
                        .failsWith(EFAULT, ENOMEM)
                        .mayBePartial((k, done) -> k.must(READ, FILE, ACROSS + done, 5000 - done))
                        .atLeast(6),
                row("pread64", FileRows::lazyBuffer, k -> k.call(PREAD64, FILE, ACROSS, 5000, 4000))
                        .failsWith(EFAULT, ENOMEM)
                        .mayBePartial((k, done) -> k.must(PREAD64, FILE, ACROSS + done, 5000 - done, 4000 + done))
                        .atLeast(6),
                row(
                                "readv",
                                k -> {
                                    lazyBuffer(k);
                                    map(k, A, PAGE);
                                    vector(k, ACROSS, 10, FAR, 4090);
                                    map(k, FAR, 2 * PAGE);
                                },
                                k -> k.call(READV, FILE, A, 2))
                        .failsWith(EFAULT, ENOMEM)
                        .mayBePartial((k, done) -> {
                            if (done < 10) {
                                k.must(READ, FILE, ACROSS + done, 10 - done);
                            }
                            long rest = Math.max(0, done - 10);
                            k.must(READ, FILE, FAR + rest, 4090 - rest);
                        })
                        .atLeast(8),
                row(
                                "read, into what a child has too",
                                k -> {
                                    dataFile(k, O_RDWR);
                                    memory(k, C, 2 * PAGE);
                                    fork(k);
                                },
                                k -> k.call(READ, FILE, ACROSS, 4000))
                        .failsWith(EFAULT, ENOMEM)
                        .mayBePartial((k, done) -> k.must(READ, FILE, ACROSS + done, 4000 - done))
                        .atLeast(3),
                row("write, of a new file", FileRows::newFile, k -> k.call(WRITE, FILE, A, 3 * PAGE + 100))
                        .failsWith(ENOSPC)
                        .mayBePartial((k, done) -> k.must(WRITE, FILE, A + done, 3 * PAGE + 100 - done))
                        .atLeast(4),
                row(
                                "write, of what was preloaded",
                                k -> {
                                    dataFile(k, O_RDWR);
                                    memory(k, A, 2 * PAGE);
                                },
                                k -> k.call(WRITE, FILE, A + 7, PAGE + 100))
                        .failsWith(ENOSPC)
                        .mayBePartial((k, done) -> k.must(WRITE, FILE, A + 7 + done, PAGE + 100 - done))
                        .atLeast(2),
                row(
                                "write, at the end of what was preloaded",
                                k -> {
                                    dataFile(k, O_RDWR | O_APPEND);
                                    memory(k, A, PAGE);
                                },
                                k -> k.call(WRITE, FILE, A, 4000))
                        .failsWith(ENOSPC)
                        .mayBePartial((k, done) -> k.must(WRITE, FILE, A + done, 4000 - done))
                        .atLeast(2),
                row(
                                "write, of what is not there yet",
                                k -> {
                                    newFile(k);
                                    mapProgram(k, C, false);
                                },
                                k -> k.call(WRITE, FILE, C, 3 * PAGE))
                        .failsWith(ENOSPC, EFAULT)
                        .mayBePartial((k, done) -> k.must(WRITE, FILE, C + done, 3 * PAGE - done))
                        .atLeast(7),
                row("pwrite64, behind the end", FileRows::newFile, k -> k.call(PWRITE64, FILE, A, 5000, 100_000))
                        .failsWith(ENOSPC)
                        .mayBePartial((k, done) -> k.must(PWRITE64, FILE, A + done, 5000 - done, 100_000 + done))
                        .atLeast(2),
                row(
                                "writev",
                                k -> {
                                    newFile(k);
                                    vector(k, A, 5000, A + PAGE, 5000);
                                },
                                k -> k.call(WRITEV, FILE, A, 2))
                        .failsWith(ENOSPC)
                        .mayBePartial((k, done) -> {
                            if (done < 5000) {
                                k.must(WRITE, FILE, A + done, 5000 - done);
                            }
                            long rest = Math.max(0, done - 5000);
                            k.must(WRITE, FILE, A + PAGE + rest, 5000 - rest);
                        })
                        .atLeast(3),
                row("pipe2", k -> map(k, C, 2 * PAGE), k -> k.call(PIPE2, ACROSS, 0))
                        .failsWith(EFAULT)
                        .atLeast(3),
                row("write, into a pipe", FileRows::pipe, k -> k.call(WRITE, WRITER, A, 2 * PAGE + 100))
                        .failsWith(ENOMEM)
                        .mayBePartial((k, done) -> k.must(WRITE, WRITER, A + done, 2 * PAGE + 100 - done))
                        .atLeast(3),
                row(
                                "write, into a pipe, of what may not be torn",
                                k -> {
                                    pipe(k);
                                    k.must(WRITE, WRITER, A, 100);
                                    k.must(READ, FILE, B + 100, 10);
                                },
                                k -> k.call(WRITE, WRITER, A, PAGE))
                        .failsWith(ENOMEM)
                        .atLeast(1),
                row(
                                "write, into a pipe that is empty again, of what may not be torn",
                                k -> {
                                    pipe(k);
                                    k.must(WRITE, WRITER, A, 5000);
                                    k.must(READ, FILE, B + 100, 4500);
                                },
                                k -> k.call(WRITE, WRITER, A, PAGE))
                        .failsWith(ENOMEM)
                        .atLeast(1),
                row(
                                "write, into a pipe, of what is not there yet",
                                k -> {
                                    pipe(k);
                                    map(k, C, 2 * PAGE);
                                },
                                k -> k.call(WRITE, WRITER, ACROSS, 3000))
                        .failsWith(ENOMEM, EFAULT)
                        .atLeast(4),
                row(
                                "read, from a pipe",
                                k -> {
                                    pipe(k);
                                    k.must(WRITE, WRITER, A, 5000);
                                    map(k, C, 3 * PAGE);
                                },
                                k -> k.call(READ, FILE, ACROSS, 4500))
                        .failsWith(EFAULT)
                        .mayBePartial((k, done) -> k.must(READ, FILE, ACROSS + done, 4500 - done))
                        .atLeast(4),
                row(
                                "mmap, of a file, populated",
                                k -> dataFile(k, O_RDWR),
                                k -> k.call(MMAP, A, 3 * PAGE, RW, PRIVATE | FIXED | POPULATE, FILE, PAGE))
                        .succeedsAnyway()
                        .atLeast(7),
                row(
                                "mmap, of a file, shared and populated",
                                k -> dataFile(k, O_RDWR),
                                k -> k.call(MMAP, A, 3 * PAGE, RW, SHARED | FIXED | POPULATE, FILE, PAGE))
                        .succeedsAnyway()
                        .atLeast(4));
    }

    private static Row row(String name, Row.Step preparation, Row.Operation operation) {
        byte[] bytes = new byte[DATA_BYTES];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i % 251);
        }
        return Row.of(name, preparation, operation).on(TestMachine.options().file("/tmp/data", bytes));
    }

    private static long open(HandDrivenKernel k, long pathAddress, int flags) {
        return k.call(OPENAT, AT_FDCWD, pathAddress, flags, 0644);
    }

    /** The preloaded file is open; its path stands at B. */
    private static void dataFile(HandDrivenKernel k, int flags) {
        map(k, B, PAGE);
        k.storeText(B, "/tmp/data");
        open(k, B, flags);
    }

    /** The preloaded file is open, and mapped twice; some of it has been written. */
    private static void mappedFile(HandDrivenKernel k) {
        dataFile(k, O_RDWR);
        k.must(MMAP, A, 5 * PAGE, RW, SHARED | FIXED, FILE, 0);
        k.must(MMAP, FAR, 5 * PAGE, RW, PRIVATE | FIXED, FILE, 0);
        k.touch(A, 2 * PAGE);
        k.look(A, 4 * PAGE);
        k.touch(FAR + PAGE, 2 * PAGE);
    }

    private static void path(HandDrivenKernel k) {
        memory(k, A, 4 * PAGE);
        k.storeText(A, "/tmp/new");
    }

    /** An empty file is open, four pages at A are there. */
    private static void newFile(HandDrivenKernel k) {
        path(k);
        open(k, A, O_CREAT | O_RDWR);
    }

    private static void lazyBuffer(HandDrivenKernel k) {
        dataFile(k, O_RDWR);
        map(k, C, 3 * PAGE);
    }

    /** An array of two iovecs at A. */
    private static void vector(HandDrivenKernel k, long first, long firstBytes, long second, long secondBytes) {
        k.store(A, first);
        k.store(A + 8, firstBytes);
        k.store(A + 16, second);
        k.store(A + 24, secondBytes);
    }

    /** Descriptors FILE and WRITER are a pipe's; three pages at A and two at B are there. */
    private static void pipe(HandDrivenKernel k) {
        memory(k, A, 3 * PAGE);
        memory(k, B, 2 * PAGE);
        k.must(PIPE2, B, 0);
    }
}
