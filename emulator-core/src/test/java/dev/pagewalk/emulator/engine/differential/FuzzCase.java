package dev.pagewalk.emulator.engine.differential;

import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.testing.TestProfiles;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.tlb.ReplacementPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A program and all that is to happen to it, as a seed says.
 *
 * @param program what runs
 * @param config of both machines
 * @param hotVisits of the engine that translates
 * @param mostRegions likewise
 * @param instructions so many are executed, about, by all harts together
 * @param stops where the machines are stopped and compared
 * @param swaps whether the machines go on from each other's snapshots now and then
 * @param debugs whether a debugger has breakpoints and watchpoints now and then
 * @param inBackground whether code is translated while it is interpreted on
 * @param readOnlyCode whether the program cannot write into itself but through another mapping
 */
record FuzzCase(
        long seed,
        List<Piece> program,
        MachineConfig config,
        int hotVisits,
        int mostRegions,
        int instructions,
        Stops stops,
        boolean swaps,
        boolean debugs,
        boolean inBackground,
        boolean readOnlyCode) {
    static final long RAM_BYTES = 4 << 20;

    /** How far apart stops are. */
    enum Stops {
        /** Few. */
        RARE,
        /** At any distance. */
        MIXED,
        /** At distances that grow by one cycle, so that a loop is stopped at each of its instructions. */
        SWEEP,
        /** At each instruction, for a while. */
        DENSE,
        /** So few that regions are compiled by the host, and loop for long. */
        LONG
    }

    private static final List<TimingProfile> PROFILES = profiles();

    private static List<TimingProfile> profiles() {
        List<TimingProfile> profiles = new ArrayList<>();
        for (String name : List.of("ideal", "u74", "u74", "skylake", "rocket", "neoverse-n1")) {
            profiles.add(TimingProfiles.find(name));
        }
        for (ReplacementPolicy policy : ReplacementPolicy.values()) {
            profiles.add(TestProfiles.tiny(policy));
            profiles.add(TestProfiles.tinyWithFaultsForAccessedAndDirty(policy));
        }
        profiles.add(TestProfiles.distinctCosts());
        profiles.add(TestProfiles.slowest());
        profiles.add(TestProfiles.oneInstructionEntry());
        return profiles;
    }

    static FuzzCase of(long seed) {
        return of(seed, 1);
    }

    /** @param length multiplies how many instructions are executed */
    static FuzzCase of(long seed, int length) {
        Random random = new Random(seed * 31 + 7);
        int harts = any(random, 1, 1, 1, 2, 2, 3);
        TimingProfile profile = PROFILES.get(random.nextInt(PROFILES.size()));
        int quantum = any(random, 1, 2, 3, 997, 0, 0, 0);
        MachineConfig config = new MachineConfig(
                harts,
                RAM_BYTES,
                random.nextBoolean() ? PagingMode.SV39 : PagingMode.SV48,
                profile,
                quantum == 0 ? profile.crossHart().quantumCycles() : quantum);
        Stops stops = random.nextInt(20) == 0 ? Stops.LONG : Stops.values()[random.nextInt(4)];
        int longer = stops == Stops.LONG ? 25 : 1;
        return new FuzzCase(
                seed,
                RandomProgram.of(seed),
                config,
                any(random, 1, 2, 2, 5, 20),
                longer > 1 ? 2048 : any(random, 2, 3, 4, 2048, 2048, 2048, 2048, 2048, 2048, 2048, 2048, 2048),
                length * longer * (8_000 + random.nextInt(25_000)),
                stops,
                random.nextInt(5) == 0,
                random.nextInt(6) == 0,
                false,
                random.nextInt(5) == 0);
    }

    private static int any(Random random, int... values) {
        return values[random.nextInt(values.length)];
    }

    FuzzCase withProgram(List<Piece> newProgram) {
        return new FuzzCase(
                seed,
                newProgram,
                config,
                hotVisits,
                mostRegions,
                instructions,
                stops,
                swaps,
                debugs,
                inBackground,
                readOnlyCode);
    }

    FuzzCase translatedInBackground() {
        return new FuzzCase(
                seed, program, config, hotVisits, mostRegions, instructions, stops, swaps, debugs, true, readOnlyCode);
    }

    /** The same with less around it; each may or may not make sense. */
    List<FuzzCase> simpler() {
        List<FuzzCase> cases = new ArrayList<>();
        MachineConfig one = new MachineConfig(
                1,
                RAM_BYTES,
                config.pagingMode(),
                config.profile(),
                config.profile().crossHart().quantumCycles());
        MachineConfig plain = new MachineConfig(1, RAM_BYTES, PagingMode.SV39, TimingProfiles.find("ideal"));
        for (MachineConfig simple : List.of(plain, one)) {
            cases.add(variant(simple, mostRegions, stops, swaps, debugs));
        }
        cases.add(variant(config, mostRegions, stops, false, debugs));
        cases.add(variant(config, mostRegions, stops, swaps, false));
        cases.add(variant(config, 2048, stops, swaps, debugs));
        cases.add(variant(config, mostRegions, Stops.RARE, swaps, debugs));
        return cases;
    }

    @Override
    public String toString() {
        return "seed " + seed + ": " + config.harts() + " harts, " + config.pagingMode() + ", profile "
                + config.profile().name() + ", quantum " + config.quantumCycles() + ", hot after " + hotVisits
                + " visits, at most " + mostRegions + " regions, " + stops + " stops"
                + (swaps ? ", snapshots" : "") + (debugs ? ", debugger" : "")
                + (inBackground ? ", translation in the background" : "") + (readOnlyCode ? ", read-only code" : "");
    }

    private FuzzCase variant(
            MachineConfig newConfig, int newMostRegions, Stops newStops, boolean newSwaps, boolean newDebugs) {
        return new FuzzCase(
                seed,
                program,
                newConfig,
                hotVisits,
                newMostRegions,
                instructions,
                newStops,
                newSwaps,
                newDebugs,
                inBackground,
                readOnlyCode);
    }
}
