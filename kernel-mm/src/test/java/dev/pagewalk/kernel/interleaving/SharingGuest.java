package dev.pagewalk.kernel.interleaving;

import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.kernel.space.HugePages;
import dev.pagewalk.kernel.testing.TestMachine;
import dev.pagewalk.kernel.testing.TestMachine.Options;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A small guest in which several tasks use the same memory, and which checks itself what it sees there.
 *
 * @param name as the catalog or the source's file has it
 * @param arguments that make it small
 * @param console what it says when everything was right
 * @param machine what it needs of the machine
 */
record SharingGuest(
        String name, ElfImage image, List<String> arguments, String console, UnaryOperator<Options> machine) {
    private static final long SMALL_RAM_BYTES = 1 << 20;

    /** Many times what any of them takes. */
    private static final long MOST_CYCLES = 50_000_000;

    /** Those of the catalog that threads or many processes run in. */
    private static Stream<SharingGuest> ofCatalog() {
        return Stream.of(
                catalog("mprotect-race", "2 threads, 2 rounds: 4 stores refused, none got through\n", "2", "2"),
                catalog("cow-race", "2 threads, 1 children: each side sees its own\n", "2", "1"),
                catalog("shootdown-storm", "2 threads, 4 rounds, 3 pages: new in every round\n", "2", "4", "3"),
                catalog("tlb-flush2", "3 threads, 2 pages each, 2 rounds: 12 zeros\n", "3", "2", "2"),
                catalog("threads-counter", "3 threads, 10 steps each: 30\n", "3", "10"),
                catalog("spinlock", "3 threads, 10 turns each: 30\n", "3", "10"),
                catalog("fork-storm", "1 waves of 4 children: 3 ended by themselves, 1 by a signal\n", "1", "4"),
                fewAsids(2),
                fewAsids(3));
    }

    private static SharingGuest catalog(String name, String console, String... arguments) {
        return new SharingGuest(
                name,
                ImageCatalog.image(name).orElseThrow(),
                arguments(name, arguments),
                console,
                UnaryOperator.identity());
    }

    private static List<String> arguments(String name, String... arguments) {
        List<String> all = new ArrayList<>(List.of(name));
        all.addAll(List.of(arguments));
        return all;
    }

    /** With two bits two harts have three ASIDs for their processes, and more harts have none. */
    private static SharingGuest fewAsids(int bits) {
        SharingGuest guest = catalog("asid-rollover", "8 processes, 2 rounds: each sees its own\n", "8", "2");
        return new SharingGuest(
                guest.name + " with " + bits + " ASID bits",
                guest.image,
                guest.arguments,
                guest.console,
                options -> options.asidBits(bits));
    }

    /** Written for this: their sources are beside this class, and sharing.s is what all of them need. */
    private static Stream<SharingGuest> ofTheirOwn() {
        return Stream.of(
                own("replace", options -> options),
                own("heap", options -> options),
                own("discard", options -> options),
                own("move", options -> options),
                own("copies", options -> options),
                own("ends", options -> options),
                own("spawn", options -> options),
                own("pieces", options -> options.hugePages(HugePages.ALWAYS)),
                own("file", options -> options),
                own("squeeze", options -> options.ramBytes(SMALL_RAM_BYTES)));
    }

    private static SharingGuest own(String name, UnaryOperator<Options> machine) {
        return new SharingGuest(
                name, TestMachine.assemble(resource("sharing") + resource(name)), List.of(name), "fine\n", machine);
    }

    private static String resource(String name) {
        try (InputStream stream = SharingGuest.class.getResourceAsStream(name + ".s")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final List<SharingGuest> ALL =
            Stream.concat(ofCatalog(), ofTheirOwn()).toList();

    static List<SharingGuest> all() {
        return ALL;
    }

    static SharingGuest find(String name) {
        return ALL.stream().filter(guest -> guest.name.equals(name)).findFirst().orElseThrow();
    }

    /** A machine that is about to run it. */
    TestMachine boot(Options options) {
        return machine.apply(options)
                .mostCycles(MOST_CYCLES)
                .arguments(arguments)
                .boot(image);
    }

    /** Runs on a machine to the end; an error says what was wrong. */
    void run(Options options) {
        TestMachine test = boot(options).finish();
        if (test.exitStatus() != 0 || !test.console().equals(console)) {
            throw new AssertionError("exit status " + test.exitStatus() + ", console: " + test.console());
        }
    }
}
