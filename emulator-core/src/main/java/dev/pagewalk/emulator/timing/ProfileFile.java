package dev.pagewalk.emulator.timing;

import dev.pagewalk.emulator.timing.TimingProfile.Figure;
import dev.pagewalk.mmu.MmuParameters;
import dev.pagewalk.mmu.tlb.ReplacementPolicy;
import dev.pagewalk.mmu.tlb.TlbGeometry;
import dev.pagewalk.mmu.walk.WalkCacheParameters;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Reads one profile file; whatever is wrong with it is an {@link IllegalArgumentException} naming file and key. */
final class ProfileFile {
    private static final String SOURCE_SUFFIX = ".source";

    private final String fileName;
    private final Properties properties;
    private final List<Figure> figures = new ArrayList<>();

    private ProfileFile(String fileName, Properties properties) {
        this.fileName = fileName;
        this.properties = properties;
    }

    /**
     * @param name the profile's name, which is the file's name without {@code .properties}
     * @throws IllegalArgumentException where the file does not describe a profile
     */
    static TimingProfile read(String name, Reader text) throws IOException {
        String fileName = name + ".properties";
        Properties properties = new UniqueKeys(fileName);
        properties.load(text);
        return new ProfileFile(fileName, properties).profile(name);
    }

    /** Java evaluates arguments from left to right, so the figures come in the order in which the records list them. */
    private TimingProfile profile(String name) {
        String description = text("description");
        boolean slow = bool("slow", text("slow"));
        long clockHz = integer("clockHz", Long.MAX_VALUE);
        int cyclesPerTimerTick = cycles("cyclesPerTimerTick");
        InstructionCosts instructions = checked(this::instructions);
        MmuParameters translation = checked(this::translation);
        KernelCosts kernel = checked(this::kernel);
        CrossHartCosts crossHart = checked(this::crossHart);
        refuseUnknownKeys();
        return checked(() -> new TimingProfile(
                name,
                description,
                clockHz,
                cyclesPerTimerTick,
                slow,
                instructions,
                translation,
                kernel,
                crossHart,
                figures));
    }

    private InstructionCosts instructions() {
        return new InstructionCosts(
                cycles("instruction.alu"),
                cycles("instruction.multiply"),
                cycles("instruction.divide"),
                cycles("instruction.load"),
                cycles("instruction.store"),
                cycles("instruction.branch"),
                cycles("instruction.jump"),
                cycles("instruction.atomic"),
                cycles("instruction.csr"),
                cycles("instruction.fence"),
                cycles("instruction.system"),
                cycles("instruction.misalignedCycles"),
                cycles("instruction.deviceAccessCycles"));
    }

    private MmuParameters translation() {
        TlbGeometry instruction = tlb("itlb", cycles("itlb.entries"));
        TlbGeometry data = tlb("dtlb", cycles("dtlb.entries"));
        int l2Entries = cycles("l2tlb.entries");
        TlbGeometry l2 = l2Entries == 0 ? null : tlb("l2tlb", l2Entries);
        int walkCacheEntries = cycles("walkCache.entries");
        return new MmuParameters(
                instruction,
                data,
                l2,
                walkCacheEntries == 0 ? WalkCacheParameters.NONE : walkCache(walkCacheEntries),
                cycles("walk.pteReadCycles"),
                cycles("walk.pteUpdateCycles"),
                bool("walk.hardwareUpdatesAccessedDirty"));
    }

    private TlbGeometry tlb(String part, int entries) {
        int ways = cycles(part + ".ways");
        int latencyCycles = cycles(part + ".latencyCycles");
        ReplacementPolicy replacement = replacement(part + ".replacement");
        return checked(part + ": ", () -> new TlbGeometry(entries, ways, latencyCycles, replacement));
    }

    private WalkCacheParameters walkCache(int entries) {
        int latencyCycles = cycles("walkCache.latencyCycles");
        ReplacementPolicy replacement = replacement("walkCache.replacement");
        boolean drops = bool("walkCache.addressFlushDropsTables");
        return checked("walkCache: ", () -> new WalkCacheParameters(entries, replacement, latencyCycles, drops));
    }

    private KernelCosts kernel() {
        return new KernelCosts(
                cycles("kernel.trapEntryCycles"),
                cycles("kernel.trapExitCycles"),
                cycles("kernel.systemCallCycles"),
                cycles("kernel.pageTableReadCycles"),
                cycles("kernel.pageTableWriteCycles"),
                cycles("kernel.zeroBytesPerCycle"),
                cycles("kernel.copyBytesPerCycle"),
                cycles("kernel.regionLookupCycles"),
                cycles("kernel.regionChangeCycles"),
                cycles("kernel.frameAllocateCycles"),
                cycles("kernel.frameFreeCycles"),
                cycles("kernel.contextSwitchCycles"),
                cycles("kernel.tlbFlushAllCycles"),
                cycles("kernel.tlbFlushPageCycles"),
                cycles("kernel.rangeFlushCeilingPages"));
    }

    private CrossHartCosts crossHart() {
        return new CrossHartCosts(
                cycles("crossHart.interruptSendCycles"),
                cycles("crossHart.interruptLatencyCycles"),
                cycles("crossHart.interruptReceiveCycles"),
                cycles("crossHart.wakeUpLatencyCycles"),
                cycles("crossHart.quantumCycles"),
                cycles("crossHart.hardwareBroadcastCycles"),
                cycles("crossHart.hardwareBroadcastContentionCycles"));
    }

    private int cycles(String key) {
        return (int) integer(key, Integer.MAX_VALUE);
    }

    private long integer(String key, long max) {
        String value = figure(key);
        if (!value.matches("[0-9]{1,18}") || Long.parseLong(value) > max) {
            throw wrong(key + " is '" + value + "', but must be a whole number");
        }
        return Long.parseLong(value);
    }

    private boolean bool(String key) {
        return bool(key, figure(key));
    }

    private boolean bool(String key, String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(key + " is '" + value + "', but must be true or false");
        };
    }

    private ReplacementPolicy replacement(String key) {
        String value = figure(key);
        for (ReplacementPolicy policy : ReplacementPolicy.values()) {
            if (label(policy).equals(value)) {
                return policy;
            }
        }
        String known = Arrays.stream(ReplacementPolicy.values())
                .map(ProfileFile::label)
                .collect(Collectors.joining(", "));
        throw wrong(key + " is '" + value + "', but must be one of " + known);
    }

    /** The name in profile files: {@code fifo}, {@code random}, {@code lru}, {@code tree-plru}. */
    private static String label(ReplacementPolicy policy) {
        return policy.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A figure's text; notes that it was read, together with its source. */
    private String figure(String key) {
        String value = text(key);
        String sourceKey = key + SOURCE_SUFFIX;
        String source = text(sourceKey);
        if (source.equals(TimingProfile.ESTIMATE_PREFIX)) {
            throw wrong(sourceKey + " says 'estimate:' without the reasoning");
        }
        figures.add(new Figure(key, value, source));
        return value;
    }

    private String text(String key) {
        String value = properties.getProperty(key);
        if (value == null || value.isBlank()) {
            throw wrong("missing key " + key);
        }
        return value.strip();
    }

    private void refuseUnknownKeys() {
        TreeSet<String> unknown = new TreeSet<>(properties.stringPropertyNames());
        unknown.remove("description");
        unknown.remove("slow");
        for (Figure figure : figures) {
            unknown.remove(figure.key());
            unknown.remove(figure.key() + SOURCE_SUFFIX);
        }
        if (!unknown.isEmpty()) {
            throw wrong("unknown key " + unknown.first());
        }
    }

    private <T> T checked(Supplier<T> part) {
        return checked("", part);
    }

    /** Adds the file's name to what a record says about its values. */
    private <T> T checked(String keyPrefix, Supplier<T> part) {
        try {
            return part.get();
        } catch (WrongProfileException alreadyNamed) {
            throw alreadyNamed;
        } catch (IllegalArgumentException outOfRange) {
            throw wrong(keyPrefix + outOfRange.getMessage());
        }
    }

    private IllegalArgumentException wrong(String what) {
        return new WrongProfileException(fileName + ": " + what);
    }

    private static final class WrongProfileException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        WrongProfileException(String message) {
            super(message);
        }
    }

    /** Properties keep the last of two equal keys in silence; a profile with two is wrong. */
    private static final class UniqueKeys extends Properties {
        private static final long serialVersionUID = 1L;

        private final String fileName;

        UniqueKeys(String fileName) {
            this.fileName = fileName;
        }

        @Override
        public synchronized Object put(Object key, Object value) {
            if (containsKey(key)) {
                throw new WrongProfileException(fileName + ": key " + key + " stands twice");
            }
            return super.put(key, value);
        }
    }
}
