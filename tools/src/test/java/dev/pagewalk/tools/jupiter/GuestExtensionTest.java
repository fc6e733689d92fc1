package dev.pagewalk.tools.jupiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.frame.FrameUse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Whatever goes wrong in a test around a guest is one clear failure. */
class GuestExtensionTest {
    private static final String SPINS = "        .globl _start\n_start: j _start\n";

    /** Two threads would be needed to wake it. */
    private static final String WAITS_FOR_EVER = """
                    .globl _start
            _start: la a0, word
                    li a1, 0
                    li a2, 0
                    li a3, 0
                    li a7, 98
                    ecall
                    j _start
                    .bss
                    .balign 4
            word:   .zero 4
            """;

    private static final String PRINTS_FOR_EVER = """
                    .globl _start
            _start: li a0, 1
                    la a1, text
                    li a2, 1048576
                    li a7, 64
                    ecall
                    j _start
                    .bss
            text:   .zero 1048576
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wrongCounter | expected: 1",
                "neverEnds | guest 'guest' has run for 100000 cycles, of maxCycles = 100000, and has not ended",
                "deadlocks | guest 'guest' is deadlocked, for nothing can wake any task (",
                "printsForEver | guest 'guest' prints more than 16 MiB",
                "waitsForText | guest 'hello' has ended with status 0 and has not printed \"bye\"",
                "waitsForTextBeforeInput | guest 'echo' waits for input that nobody has typed and has not printed \"x\"",
                "waitsForInput | guest 'hello' has ended with status 0 and has not read input",
                "isInterrupted | guest 'guest' is interrupted",
                "runsTooLong | before 200000 cycles were over",
            })
    void aGuestThatDoesNotDoWhatATestWantsFailsIt(String method, String message) {
        Throwable failure = failureOf(Failing.class, method);

        assertThat(failure).isInstanceOf(AssertionError.class);
        assertThat(failure.getMessage()).contains(message);
    }

    @Test
    void aFailureSaysWhereTheGuestStoodAndWhatItHadPrinted() {
        assertThat(failureOf(Failing.class, "waitsForText")).hasMessageEndingWith("\nits console:\n  hello, world");
        assertThat(failureOf(Failing.class, "deadlocks")).hasMessageEndingWith("\nit has printed nothing");
        assertThat(failureOf(Failing.class, "wrongCounter").getSuppressed())
                .singleElement()
                .hasToString(
                        "guest 'hello' has ended with status 0 after 19988 cycles\n" + "its console:\n  hello, world");
    }

    @Test
    void whatAGuestPrintsDoesNothingToTheTerminalThatShowsTheFailure() {
        assertThat(failureOf(Failing.class, "echoesEscapes"))
                .hasMessage("guest 'echo' waits for input that nobody has typed and has not printed \"\\x1bc\"\n"
                        + "its console:\n  one\\x1b[2J\\r\\u202e");
    }

    @Test
    void lostFramesFailATestThatDidNotAskForThem() {
        Throwable failure = failureOf(Failing.class, "losesAFrame");

        assertThat(failure)
                .isInstanceOf(AssertionError.class)
                .hasMessageMatching("(?s)the kernel is wrong: frames are lost: [0-9]+ were free at boot, [0-9]+ are at"
                        + " exit\nguest 'hello' has ended .*\n  hello, world");
    }

    @Test
    void aGuestThatHasNotEndedMayHoldFrames() {
        run(Failing.class, "doesNotRun").assertStatistics(events -> events.succeeded(1));
    }

    @Test
    void anAbortedTestIsNoFailure() {
        run(Failing.class, "isAborted")
                .assertStatistics(events -> events.aborted(1).failed(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing | give either an image or a source",
                "both | give either an image or a source",
                "noImage | no image 'nosuch': neither a guest of the catalog, nor a file, nor a resource of ",
                "badSource | guest.s:1: ",
                "badHarts | 1 to 64, not 65",
                "badPolicy | 'all' must be broadcast, targeted,",
                "badEngine | 'jit' must be auto, interpreter or translator",
                "badOption | Unknown option: '--nosuch",
                "optionWithoutHyphens | options are written --name=value, not 'seed=7'",
                "optionTwice | --harts is there twice",
                "limitAsOption | the limit is maxCycles, no option",
                "badLimit | maxCycles must be 1 or more, not 0",
                "badFile | --file wants GUEST=HOST, not 'x'",
                "badEnvironment | env wants KEY=VALUE, not 'novalue'",
                "doesNotFit | guest.s: ",
            })
    void aGuestThatCannotBeBootedFailsItsTestBeforeItBegins(String method, String message) {
        Throwable failure = failureOf(Unbootable.class, method);

        assertThat(failure.getMessage())
                .startsWith("@GuestTest " + method + ": ")
                .contains(message);
    }

    @Test
    void testsOfAClassHaveGuestsOfTheirOwn() {
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(Parallel.class))
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .execute()
                .testEvents()
                .assertStatistics(events -> events.started(3).succeeded(3));
    }

    private static Throwable failureOf(Class<?> tests, String method) {
        return run(tests, method).failed().stream()
                .findFirst()
                .orElseThrow(() -> new AssertionError(method + " has not failed"))
                .getRequiredPayload(TestExecutionResult.class)
                .getThrowable()
                .orElseThrow();
    }

    private static Events run(Class<?> tests, String method) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(tests, method, Guest.class.getName()))
                .execute()
                .testEvents();
    }

    static class Failing {
        @GuestTest(image = "hello")
        void wrongCounter(Guest guest) {
            guest.run();
            assertThat(guest.counters().instructions()).isEqualTo(1);
        }

        @GuestTest(source = SPINS, maxCycles = 100_000)
        void neverEnds(Guest guest) {
            guest.run();
        }

        @GuestTest(source = WAITS_FOR_EVER)
        void deadlocks(Guest guest) {
            guest.run();
        }

        @GuestTest(source = PRINTS_FOR_EVER)
        void printsForEver(Guest guest) {
            guest.run();
        }

        @GuestTest(image = "hello")
        void waitsForText(Guest guest) {
            guest.runUntilConsole("hello").runUntilConsole("bye");
        }

        @GuestTest(image = "echo")
        void echoesEscapes(Guest guest) {
            guest.type("one\u001b[2J\r\u202e\n").runUntilConsole("\u001bc");
        }

        @GuestTest(image = "echo")
        void waitsForTextBeforeInput(Guest guest) {
            guest.runUntilConsole("x");
        }

        @GuestTest(image = "hello")
        void waitsForInput(Guest guest) {
            guest.runUntilInputWanted();
        }

        @GuestTest(source = SPINS, maxCycles = 100_000)
        void runsTooLong(Guest guest) {
            guest.runFor(50_000).runFor(200_000);
        }

        @GuestTest(source = SPINS)
        void isInterrupted(Guest guest) {
            // What a timeout of Jupiter's does.
            Thread.currentThread().interrupt();
            try {
                guest.run();
            } finally {
                Thread.interrupted();
            }
        }

        @GuestTest(image = "hello")
        void losesAFrame(Guest guest) throws KernelException {
            guest.run();
            guest.assembly().kernel().frames().allocate(FrameUse.USER);
        }

        @GuestTest(image = "hello")
        void doesNotRun(Guest guest) {
            assertThat(guest.hasEnded()).isFalse();
        }

        @GuestTest(image = "hello")
        void isAborted(Guest guest) {
            Assumptions.assumeTrue(guest.hasEnded());
        }
    }

    static class Unbootable {
        @GuestTest
        void nothing(Guest guest) {}

        @GuestTest(image = "hello", source = SPINS)
        void both(Guest guest) {}

        @GuestTest(image = "nosuch")
        void noImage(Guest guest) {}

        @GuestTest(source = "nonsense")
        void badSource(Guest guest) {}

        @GuestTest(image = "hello", harts = 65)
        void badHarts(Guest guest) {}

        @GuestTest(image = "hello", shootdown = "all")
        void badPolicy(Guest guest) {}

        @GuestTest(image = "hello", engine = "jit")
        void badEngine(Guest guest) {}

        @GuestTest(image = "hello", options = "--nosuch=1")
        void badOption(Guest guest) {}

        @GuestTest(image = "hello", options = "seed=7")
        void optionWithoutHyphens(Guest guest) {}

        @GuestTest(image = "hello", harts = 2, options = "--harts=3")
        void optionTwice(Guest guest) {}

        @GuestTest(image = "hello", options = "--max-cycles=3")
        void limitAsOption(Guest guest) {}

        @GuestTest(image = "hello", maxCycles = 0)
        void badLimit(Guest guest) {}

        @GuestTest(image = "hello", files = "x")
        void badFile(Guest guest) {}

        @GuestTest(image = "hello", env = "novalue")
        void badEnvironment(Guest guest) {}

        @GuestTest(source = SPINS + ".bss\n.space 0x6000000000\n", paging = "sv39")
        void doesNotFit(Guest guest) {}
    }

    static class Parallel {
        private Guest mine;

        @GuestTest(image = "hello")
        void one(Guest guest) {
            use(guest);
        }

        @GuestTest(image = "hello")
        void another(Guest guest) {
            use(guest);
        }

        @GuestTest(image = "hello")
        void third(Guest guest) {
            use(guest);
        }

        private void use(Guest guest) {
            assertThat(mine).isNull();
            mine = guest;
            assertThat(guest.cycles()).isZero();
            guest.run();
            assertThat(guest.counters().cycles()).isEqualTo(19_988);
        }

        @AfterEach
        void isStillThere(Guest guest) {
            assertThat(guest).isSameAs(mine);
        }
    }
}
