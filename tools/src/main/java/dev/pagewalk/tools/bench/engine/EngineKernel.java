package dev.pagewalk.tools.bench.engine;

import dev.pagewalk.images.asm.Assembler;
import dev.pagewalk.images.asm.AssemblyException;
import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.kernel.process.ProgramArguments;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The guests by which engines are measured: deterministic, and each repeats its work for as many rounds as its argument says. */
public enum EngineKernel {
    SIEVE(2, "byte", 0),
    MATMUL(2, "multiplication", 0),
    CRC(20, "byte", 0),
    QSORT(16, "sort", 0),
    FIB(50, "call", 0),
    CHASE(5, "step", 100_000),
    VM(100, "bytecode", 0),
    STRINGS(52, "text", 0),
    /** Page faults: of the kernel's, hardly of the engine's work. */
    FAULT_STORM(40, "fault", 256),
    /** The catalog's guest; each of its waves has eight children with a child each. */
    FORK_STORM(10, "fork", 16);

    private static final String LINUX_FRAME = "linux-frame.s";
    private static final String MACHINE_FRAME = "machine-frame.s";

    private final int countedRounds;
    private final String unit;
    private final int unitsPerRound;

    /**
     * @param countedRounds so many that the instructions of each can be told exactly enough, and that takes a second or less
     * @param unit what it does many times in a round
     * @param unitsPerRound how many of them; 0 where nobody asks
     */
    EngineKernel(int countedRounds, String unit, int unitsPerRound) {
        this.countedRounds = countedRounds;
        this.unit = unit;
        this.unitsPerRound = unitsPerRound;
    }

    /** Those that do nothing but compute, so that others can be asked, too. */
    public static List<EngineKernel> computing() {
        return Arrays.stream(values()).filter(kernel -> !kernel.isStorm()).toList();
    }

    public static Optional<EngineKernel> find(String title) {
        return Arrays.stream(values())
                .filter(kernel -> kernel.title().equals(title))
                .findFirst();
    }

    public static List<String> titles() {
        return Arrays.stream(values()).map(EngineKernel::title).toList();
    }

    /** Its name for people. */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What it does, in a sentence. */
    public String summary() {
        String source = this == FORK_STORM ? ImageCatalog.source(title()).orElseThrow() : text(title() + ".s");
        String first = source.lines().findFirst().orElseThrow();
        return first.substring(first.indexOf(':') + 2);
    }

    /** Whether it keeps the guest's kernel busy rather than the engine, and so runs on Pagewalk only. */
    public boolean isStorm() {
        return this == FAULT_STORM || this == FORK_STORM;
    }

    int countedRounds() {
        return countedRounds;
    }

    String unit() {
        return unit;
    }

    int unitsPerRound() {
        return unitsPerRound;
    }

    /** The program for Linux and for Pagewalk. */
    public ElfImage image() {
        if (this == FORK_STORM) {
            return ImageCatalog.image(title()).orElseThrow();
        }
        try {
            return Assembler.assemble(title() + ".s", linuxSource());
        } catch (AssemblyException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the image is made of, for any assembler. */
    String linuxSource() {
        return text(LINUX_FRAME) + text(title() + ".s");
    }

    /** The program for QEMU's machine virt without firmware, for the GNU assembler and linker. */
    String machineSource() {
        return text(MACHINE_FRAME) + text(title() + ".s");
    }

    public ProgramArguments arguments(long rounds) {
        return ProgramArguments.of(List.of(title(), Long.toString(rounds)), List.of());
    }

    private static String text(String resource) {
        try (InputStream stream = EngineKernel.class.getResourceAsStream(resource)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
