package dev.pagewalk.tools.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.pagewalk.devices.console.BytesConsoleInput;
import dev.pagewalk.devices.console.CapturedConsoleOutput;
import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.images.elf.ElfReader;
import dev.pagewalk.images.elf.ImageFormatException;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.process.ProgramArguments;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.tools.MachineAssembly;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever stands in an image, and whatever its code does: the host neither fails nor runs out of memory. */
class FuzzedImagesTest {
    private static final long SEED = 57;
    private static final int CASES = 300;
    private static final int NIGHTLY_CASES = 20_000;

    private static final int RAM_BYTES = 8 << 20;
    private static final long LIMIT_CYCLES = 1_000_000;

    /** RAM, the machine's own tables, and what loading allocates and drops. */
    private static final long MOST_ALLOCATED_BYTES = 64 << 20;

    /** A system call may allocate a buffer of a page, and drops it. */
    private static final long ALLOCATED_BYTES_A_CALL = 8 << 10;

    /** ELF header and program headers. */
    private static final int HEADER_BYTES = 64 + 3 * 56;

    private final List<byte[]> images = ImageCatalog.names().stream()
            .map(name -> ImageCatalog.image(name).orElseThrow().toByteArray())
            .toList();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private int refused;
    private int loaded;

    @Test
    void noImageBringsTheHostDown() {
        bootFuzzed(SEED, CASES);

        // Else the test would show nothing.
        assertThat(refused).isGreaterThan(CASES / 10);
        assertThat(loaded).isGreaterThan(CASES / 10);
    }

    @Test
    @Tag("nightly")
    void noneOfVeryManyImagesBringsTheHostDown() {
        bootFuzzed(SEED + CASES, NIGHTLY_CASES);
    }

    private void bootFuzzed(long firstSeed, int cases) {
        for (long seed = firstSeed; seed < firstSeed + cases; seed++) {
            long allocatedBefore = threads.getCurrentThreadAllocatedBytes();
            long systemCalls;
            try {
                systemCalls = boot(seed);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed, e);
            }
            assertThat(threads.getCurrentThreadAllocatedBytes() - allocatedBefore)
                    .as("bytes allocated with seed %d", seed)
                    .isLessThan(MOST_ALLOCATED_BYTES + systemCalls * ALLOCATED_BYTES_A_CALL);
        }
    }

    /** Gives the number of system calls that the guest made. */
    private long boot(long seed) {
        Random random = new Random(seed);
        ElfImage image;
        try {
            image = ElfReader.read(fuzzed(random));
        } catch (ImageFormatException e) {
            assertOneLine(seed, e.getMessage());
            refused++;
            return 0;
        }
        PagingMode mode = PagingMode.values()[random.nextInt(PagingMode.values().length)];
        MachineConfig config = new MachineConfig(1, RAM_BYTES, mode, TimingProfiles.find("ideal"));
        CapturedConsoleOutput console = new CapturedConsoleOutput(1 << 16);
        MachineAssembly assembly;
        try {
            assembly = new MachineAssembly(config, KernelConfig.quiet(), new BytesConsoleInput(new byte[100]), console);
        } catch (ProgramException e) {
            throw new AssertionError("this much RAM is enough for the kernel", e);
        }
        Kernel kernel = assembly.kernel();
        try {
            new GuestRun(assembly, console).boot("fuzzed", image, ProgramArguments.of(List.of("fuzzed"), List.of()));
        } catch (UserErrorException e) {
            assertThat(e.status()).isEqualTo(ExitStatus.NOT_RUNNABLE);
            assertOneLine(seed, e.getMessage());
            assertThat(kernel.frames().freeFrames()).as("seed %d", seed).isEqualTo(kernel.freeFramesAtBoot());
            refused++;
            return 0;
        }
        loaded++;
        RunStop stop = assembly.machine().run(LIMIT_CYCLES, Long.MAX_VALUE);
        assertThat(stop).as("seed %d", seed).isIn(RunStop.POWERED_OFF, RunStop.CYCLE_LIMIT);
        if (stop == RunStop.POWERED_OFF) {
            assertThat(kernel.frames().freeFrames()).as("seed %d", seed).isEqualTo(kernel.freeFramesAtBoot());
        }
        long calls = kernel.systemCallCounts().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        // execve reads all of its program.
        return calls + 8 * kernel.systemCallCounts().getOrDefault("execve", 0L);
    }

    /** A guest with some bits turned over or some bytes cut off; half of the time in the headers. */
    private byte[] fuzzed(Random random) {
        byte[] bytes = images.get(random.nextInt(images.size())).clone();
        int end = random.nextBoolean() ? Math.min(HEADER_BYTES, bytes.length) : bytes.length;
        int flips = 1 + random.nextInt(8);
        for (int i = 0; i < flips; i++) {
            bytes[random.nextInt(end)] ^= (byte) (1 << random.nextInt(8));
        }
        if (random.nextInt(16) == 0) {
            return Arrays.copyOf(bytes, random.nextInt(bytes.length));
        }
        return bytes;
    }

    private static void assertOneLine(long seed, String message) {
        assertThat(message.lines()).as("seed %d", seed).hasSize(1);
    }
}
