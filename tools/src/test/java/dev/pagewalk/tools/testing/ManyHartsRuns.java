package dev.pagewalk.tools.testing;

import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.mmu.table.PagingMode;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/**
 * A program for a JVM of its own: runs every guest of the catalog that is for several harts, on one machine after the other,
 * and prints statistics and consoles. With the argument {@code twice} each must give the same once more; with {@code busy}
 * other threads keep the host busy meanwhile.
 */
public final class ManyHartsRuns {
    /** As an argument: each guest runs once more. */
    public static final String TWICE = "twice";

    /** As an argument: other threads compute and allocate. */
    public static final String BUSY = "busy";

    private static final int BUSY_THREADS = 2;
    private static final int HELD_ARRAYS = 256;
    private static final int MOST_ARRAY_BYTES = 1 << 16;

    /** Each policy once. */
    private static final List<Setting> SETTINGS = List.of(
            new Setting("targeted", 4, "u74", 16, OptionalLong.empty()),
            new Setting("broadcast", 16, "thunderx2", 16, OptionalLong.of(1)),
            new Setting("batched", 8, "skylake", 16, OptionalLong.of(2)),
            new Setting("lazy", 5, "rocket", 3, OptionalLong.of(3)),
            new Setting("latr", 8, "p550", 16, OptionalLong.of(4)),
            new Setting("early-ack", 16, "u74", 4, OptionalLong.of(5)),
            new Setting("hardware-broadcast", 6, "neoverse-n1", 16, OptionalLong.empty()));

    private record Setting(String policy, int harts, String profile, int asidBits, OptionalLong seed) {
        String run(String guest) {
            TimingProfile timing = TimingProfiles.find(profile);
            MachineConfig machine = new MachineConfig(
                    harts, 64 << 20, PagingMode.SV48, timing, timing.crossHart().quantumCycles(), seed);
            KernelConfig kernel = KernelConfig.quiet()
                    .withShootdownPolicy(policy)
                    .withAsidBits(asidBits)
                    .withSanitizer(true);
            TestGuest run = TestGuest.booted(guest, machine, kernel);
            run.finish();
            return run.statistics() + run.console();
        }
    }

    private ManyHartsRuns() {}

    /** The guests of the catalog that ask for several harts. */
    public static List<String> guests() {
        return ImageCatalog.names().stream()
                .filter(name ->
                        TestGuest.expectation(name).variants().get(0).machine().containsKey("harts"))
                .toList();
    }

    public static void main(String[] arguments) {
        boolean twice = List.of(arguments).contains(TWICE);
        if (List.of(arguments).contains(BUSY)) {
            for (int thread = 0; thread < BUSY_THREADS; thread++) {
                startBusyThread();
            }
        }
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String guest : guests()) {
            for (Setting setting : SETTINGS) {
                String first = setting.run(guest);
                if (twice && !setting.run(guest).equals(first)) {
                    throw new AssertionError(guest + " on " + setting + " differs from run to run");
                }
                out.println("== " + guest + " on " + setting);
                out.println(first);
            }
        }
        System.exit(0);
    }

    /** Leaves work for the garbage collector, and never ends. */
    private static void startBusyThread() {
        Thread thread = new Thread(() -> {
            byte[][] held = new byte[HELD_ARRAYS][];
            for (int turn = 0; ; turn++) {
                held[turn % HELD_ARRAYS] = new byte[1 + turn % MOST_ARRAY_BYTES];
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
