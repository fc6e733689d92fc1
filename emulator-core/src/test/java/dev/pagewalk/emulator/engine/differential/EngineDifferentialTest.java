package dev.pagewalk.emulator.engine.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.engine.DropReason;
import dev.pagewalk.emulator.engine.EngineLog;
import dev.pagewalk.emulator.engine.ExitReason;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Both engines bring every machine into the same state, wherever it is stopped. */
class EngineDifferentialTest {
    private static final String SEED = "pagewalk.engines.seed";
    private static final String BACKGROUND = "pagewalk.engines.background";
    private static final int LENGTH = Integer.getInteger("pagewalk.engines.length", 1);
    private static final long FIRST_SEED = 1;
    private static final int PROGRAMS = Integer.getInteger("pagewalk.engines.programs", 1_000);
    private static final int NIGHTLY_PROGRAMS = Integer.getInteger("pagewalk.engines.nightly", 100_000);
    private static final int BACKGROUND_PROGRAMS = 100;
    private static final int STOPS = 120;
    private static final long NO_PROGRESS_MILLISECONDS = 120_000;

    /** HotSpot compiles no longer method; see DontCompileHugeMethods. */
    private static final int LONGEST_METHOD_BYTES = 8_000;

    /** What several tests look at, done once. */
    private static final class Done {
        static final Tally TALLY = compare(FIRST_SEED, PROGRAMS, false);
    }

    @Test
    void randomProgramsComeToTheSameStates() {
        assertThat(Done.TALLY.programs()).isEqualTo(PROGRAMS);
    }

    @Test
    void mostOfWhatTheyExecuteIsTranslated() {
        assertThat(Done.TALLY.translatedInstructions())
                .as("%s", Done.TALLY)
                .isGreaterThan(Done.TALLY.instructions() / 2);
    }

    @Test
    void theyLeaveRegionsForEveryReason() {
        assertThat(ExitReason.values())
                .allSatisfy(reason -> assertThat(Done.TALLY.exits().getOrDefault(reason, 0L))
                        .as("%s of %s", reason, Done.TALLY)
                        .isGreaterThan(PROGRAMS));
    }

    @Test
    void theirRegionsAreDroppedForEveryReason() {
        // A region has to be entered thousands of times before it is said to be too short: RegionLifeTest does that.
        assertThat(DropReason.values())
                .filteredOn(reason -> reason != DropReason.SHORT)
                .allSatisfy(reason -> assertThat(Done.TALLY.drops().getOrDefault(reason, 0L))
                        .as("%s of %s", reason, Done.TALLY)
                        .isGreaterThan(PROGRAMS / 10));
    }

    @Test
    void noRegionIsTooLongForTheHostsCompilers() {
        assertThat(Done.TALLY.mostBytecodeBytes()).isBetween(3_000, LONGEST_METHOD_BYTES);
    }

    @Test
    void translationInTheBackgroundChangesNothing() {
        Tally tally = compare(FIRST_SEED, BACKGROUND_PROGRAMS, true);
        assertThat(tally.translatedInstructions()).as("%s", tally).isPositive();
    }

    @Test
    void aStopAtAnyCycleOfAProgramIsAtTheSameInstruction() {
        stopAtEachCycle(FIRST_SEED, 4);
    }

    @Test
    @Tag("nightly")
    void aStopAtAnyCycleOfManyProgramsIsAtTheSameInstruction() {
        stopAtEachCycle(FIRST_SEED, 200);
    }

    /** Each time in a machine that has not been stopped before. */
    private static void stopAtEachCycle(long firstSeed, int programs) {
        for (long seed = firstSeed; seed < firstSeed + programs; seed++) {
            FuzzCase test = FuzzCase.of(seed);
            FuzzGuest expected = Comparison.interpreting(test);
            long first = 20_000L * test.config().profile().instructions().alu();
            for (long pause = first; pause < first + STOPS; pause++) {
                FuzzGuest fresh = Comparison.translating(test, EngineLog.NONE);
                assertThat(fresh.machine.run(Long.MAX_VALUE, pause))
                        .isEqualTo(expected.machine.run(Long.MAX_VALUE, pause));
                assertThat(StateDifference.of(expected, fresh, true))
                        .as("pause %d of %s", pause, test)
                        .isEmpty();
            }
        }
    }

    @Test
    @Tag("nightly")
    void veryManyRandomProgramsComeToTheSameStates() {
        compare(FIRST_SEED + PROGRAMS, NIGHTLY_PROGRAMS, false);
    }

    @Test
    @EnabledIfSystemProperty(named = SEED, matches = "\\d+")
    void aProgramOfTheUsersChoice() {
        compare(Long.getLong(SEED), 1, Boolean.getBoolean(BACKGROUND));
    }

    /** On another thread, so that one that does not end is named. */
    private static Tally compare(long firstSeed, int programs, boolean inBackground) {
        Campaign campaign = new Campaign();
        AtomicLong seed = new AtomicLong(firstSeed);
        Throwable[] failure = new Throwable[1];
        Thread thread = new Thread(() -> {
            for (; seed.get() < firstSeed + programs; seed.incrementAndGet()) {
                FuzzCase test = FuzzCase.of(seed.get(), LENGTH);
                campaign.assertSame(inBackground ? test.translatedInBackground() : test);
            }
        });
        thread.setUncaughtExceptionHandler((dead, error) -> failure[0] = error);
        thread.setDaemon(true);
        thread.start();
        try {
            long before;
            do {
                before = seed.get();
                thread.join(NO_PROGRESS_MILLISECONDS);
            } while (thread.isAlive() && seed.get() != before);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (thread.isAlive()) {
            AssertionError error = new AssertionError("the program of seed " + seed.get() + " does not end");
            error.setStackTrace(thread.getStackTrace());
            throw error;
        }
        if (failure[0] != null) {
            throw new AssertionError(failure[0].getMessage(), failure[0]);
        }
        return campaign.tally;
    }
}
