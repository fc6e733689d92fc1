package dev.pagewalk.mmu.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.mmu.MmuParameters;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.access.TranslationFault;
import dev.pagewalk.mmu.conformance.ManualWalker.AccessedDirty;
import dev.pagewalk.mmu.conformance.ManualWalker.Outcome;
import dev.pagewalk.mmu.conformance.ManualWalker.Scheme;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.memory.StoreGuards;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.tlb.ReplacementPolicy;
import dev.pagewalk.mmu.tlb.TlbFlush;
import dev.pagewalk.mmu.tlb.TlbGeometry;
import dev.pagewalk.mmu.walk.PageTableWalker;
import dev.pagewalk.mmu.walk.WalkCache;
import dev.pagewalk.mmu.walk.WalkCacheParameters;
import dev.pagewalk.mmu.walk.WalkResult;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A million random translations, judged by {@link ManualWalker}: the walker alone and the whole MMU. */
class TranslationConformanceTest {
    private static final long SEED = 20_261_120;
    private static final int TRANSLATIONS = 1_000_000;
    private static final int TRANSLATIONS_PER_MACHINE = (TRANSLATIONS + 5) / 6;
    /** New tables after so many: walks have set A and D in part of the old ones by then. */
    private static final int TRANSLATIONS_PER_FILL = 2_000;

    private static final int RAM_BYTES = 64 << 10;
    private static final int READ_CYCLES = 10;
    private static final int UPDATE_CYCLES = 7;
    private static final int ASID = 9;

    static Stream<Arguments> machines() {
        return Stream.of(PagingMode.values())
                .flatMap(mode -> Stream.of(AccessedDirty.UPDATED, AccessedDirty.FAULTING)
                        .map(accessedDirty -> Arguments.of(mode, accessedDirty)));
    }

    @ParameterizedTest
    @MethodSource("machines")
    void translatesAsTheManualSays(PagingMode mode, AccessedDirty accessedDirty) {
        Trial trial = new Trial(mode, accessedDirty);
        for (int number = 0; number < TRANSLATIONS_PER_MACHINE; number++) {
            if (number % TRANSLATIONS_PER_FILL == 0) {
                trial.fillMemory();
            }
            trial.translate(number);
            if (number % TRANSLATIONS_PER_FILL == TRANSLATIONS_PER_FILL - 1) {
                trial.compareMemory(number);
            }
        }
        for (Outcome outcome : Outcome.values()) {
            boolean possible = outcome != Outcome.ACCESSED_OR_DIRTY_CLEAR || accessedDirty == AccessedDirty.FAULTING;
            assertThat(trial.outcomes.getOrDefault(outcome, 0))
                    .as("translations that ended with %s", outcome)
                    .isGreaterThanOrEqualTo(possible ? TRANSLATIONS_PER_MACHINE / 2_000 : 0);
        }
        for (int level = 0; level < mode.levels(); level++) {
            assertThat(trial.leavesByLevel[level])
                    .as("pages of level %d", level)
                    .isGreaterThan(TRANSLATIONS_PER_MACHINE / 1_000);
        }
        if (accessedDirty == AccessedDirty.UPDATED) {
            assertThat(trial.entriesWritten).as("A and D set").isGreaterThan(TRANSLATIONS_PER_MACHINE / 100);
        } else {
            assertThat(trial.entriesWritten).as("A and D set").isZero();
        }
    }

    /** One machine in three copies of its RAM: the manual's, the walker's and the MMU's. */
    private static final class Trial {
        private final AccessedDirty accessedDirty;
        private final SplittableRandom random = new SplittableRandom(SEED);
        private final RandomTables tables;
        private final ManualWalker manual;
        private final PhysicalMemory walkerMemory = new PhysicalMemory(RAM_BYTES);
        private final PhysicalMemory mmuMemory = new PhysicalMemory(RAM_BYTES);
        private final PageTableWalker walker;
        private final WalkResult result = new WalkResult();
        private final Mmu mmu;

        final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        final int[] leavesByLevel;
        int entriesWritten;

        Trial(PagingMode mode, AccessedDirty accessedDirty) {
            this.accessedDirty = accessedDirty;
            Scheme scheme = Scheme.valueOf(mode.name());
            boolean hardwareUpdates = accessedDirty == AccessedDirty.UPDATED;
            tables = new RandomTables(random, scheme, PhysicalMemory.RAM_BASE, RAM_BYTES);
            manual = new ManualWalker(scheme, PhysicalMemory.RAM_BASE, RAM_BYTES);
            walker = new PageTableWalker(
                    walkerMemory,
                    mode,
                    new WalkCache(WalkCacheParameters.NONE, 0),
                    READ_CYCLES,
                    UPDATE_CYCLES,
                    hardwareUpdates);
            MmuParameters parameters = new MmuParameters(
                    TlbGeometry.fullyAssociative(4, 0, ReplacementPolicy.LRU),
                    TlbGeometry.fullyAssociative(4, 0, ReplacementPolicy.LRU),
                    new TlbGeometry(8, 2, 3, ReplacementPolicy.FIFO),
                    new WalkCacheParameters(4, ReplacementPolicy.FIFO, 1, true),
                    READ_CYCLES,
                    UPDATE_CYCLES,
                    hardwareUpdates);
            mmu = new Mmu(mmuMemory, new StoreGuards(mmuMemory), mode, parameters, SEED);
            leavesByLevel = new int[mode.levels()];
        }

        void fillMemory() {
            for (int word = 0; word < manual.words.length; word++) {
                long pte = tables.anyPte();
                manual.words[word] = pte;
                walkerMemory.writeLong(PhysicalMemory.RAM_BASE + 8L * word, pte);
                mmuMemory.writeLong(PhysicalMemory.RAM_BASE + 8L * word, pte);
            }
        }

        void translate(int number) {
            long rootFrame = tables.anyRoot();
            long va = tables.anyAddress();
            AccessType access = AccessType.values()[random.nextInt(3)];
            Question question = new Question(number, rootFrame, va, access);

            manual.translate(rootFrame, va, access, AccessedDirty.IGNORED);
            TranslationFault probed = walker.probe(rootFrame * 4096, va, access, result);
            check(question, "probe's fault", faultOf(manual.outcome), probed);
            check(question, "probe's address", addressOf(manual), probed == null ? result.physicalAddress() : -1L);
            mmu.flush(TlbFlush.all());
            mmu.setAddressSpace(rootFrame * 4096, ASID);
            if (access == AccessType.FETCH) {
                check(question, "what the MMU lets peek at", addressOf(manual), mmu.peekFetch(va));
            }

            manual.translate(rootFrame, va, access, accessedDirty);
            TranslationFault expected = faultOf(manual.outcome);
            check(question, "the walker's fault", expected, walker.walk(rootFrame * 4096, ASID, va, access, result));
            check(question, "the walker's reads", manual.entriesRead, result.pteReads());
            int cycles = manual.entriesRead * READ_CYCLES + (manual.entryWritten ? UPDATE_CYCLES : 0);
            check(question, "the walker's cycles", (long) cycles, result.cycles());
            if (expected == null) {
                check(question, "the walker's address", manual.physicalAddress, result.physicalAddress());
                check(question, "the walker's level", manual.leafLevel, result.level());
                check(question, "the walker's global", manual.global, result.global());
                check(question, "the leaf's address", manual.entryAddress, result.leafAddress());
                check(question, "the leaf", entry(), result.leaf());
                leavesByLevel[manual.leafLevel]++;
            }

            // First by a walk, then by whatever the walk has left in the TLBs.
            for (String when : new String[] {"the MMU's", "the filled MMU's"}) {
                long translated = mmu.translate(va, access);
                check(question, when + " address", addressOf(manual), translated);
                if (translated == -1) {
                    check(question, when + " fault", expected, mmu.fault());
                }
            }
            if (manual.entriesRead > 0 && manual.outcome != Outcome.TABLE_NOT_IN_RAM) {
                check(question, "the entry after the walk", entry(), walkerMemory.readLong(manual.entryAddress));
                check(question, "the entry after the MMU", entry(), mmuMemory.readLong(manual.entryAddress));
            }
            outcomes.merge(manual.outcome, 1, Integer::sum);
            entriesWritten += manual.entryWritten ? 1 : 0;
        }

        void compareMemory(int number) {
            for (int word = 0; word < manual.words.length; word++) {
                long address = PhysicalMemory.RAM_BASE + 8L * word;
                Question question = new Question(number, 0, address, null);
                check(question, "the walker's RAM", manual.words[word], walkerMemory.readLong(address));
                check(question, "the MMU's RAM", manual.words[word], mmuMemory.readLong(address));
            }
        }

        /** The word that the manual's walk has read last, as it is now. */
        private long entry() {
            return manual.words[(int) ((manual.entryAddress - PhysicalMemory.RAM_BASE) / 8)];
        }
    }

    /** For the message. */
    private record Question(int number, long rootFrame, long va, AccessType access) {}

    private static TranslationFault faultOf(Outcome outcome) {
        return switch (outcome) {
            case TRANSLATED -> null;
            case TABLE_NOT_IN_RAM -> TranslationFault.ACCESS_FAULT;
            default -> TranslationFault.PAGE_FAULT;
        };
    }

    private static long addressOf(ManualWalker manual) {
        return manual.outcome == Outcome.TRANSLATED ? manual.physicalAddress : -1;
    }

    private static void check(Question question, String what, Object expected, Object actual) {
        if (!Objects.equals(expected, actual)) {
            throw new AssertionError(String.format(
                    "seed %d, translation %d (root frame 0x%x, %s 0x%x): %s is %s, by the manual %s",
                    SEED,
                    question.number,
                    question.rootFrame,
                    question.access,
                    question.va,
                    what,
                    hex(actual),
                    hex(expected)));
        }
    }

    private static String hex(Object value) {
        return value instanceof Long number ? String.format("0x%x", number) : String.valueOf(value);
    }
}
