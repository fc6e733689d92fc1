package dev.pagewalk.kernel.timeline;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import dev.pagewalk.emulator.trace.TraceCategory;
import dev.pagewalk.emulator.trace.TraceSink;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.RecordedTrace;
import dev.pagewalk.kernel.testing.RecordedTrace.Arrow;
import dev.pagewalk.kernel.testing.RecordedTrace.Span;
import dev.pagewalk.kernel.testing.TestMachine;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a trace shows of the kernel. */
class KernelTimelineTest {
    private static final long PAGE = 4096;
    private static final long AT = 0x2000_0000L;

    /** One thread uses four pages, of which the other one unmaps three. */
    private static Guest unmapsWhatAnotherUses() {
        return new Guest()
                .mmap(AT, 4 * PAGE, RW, ANON | FIXED)
                .thread("use", "user")
                .line("5: lw t0, used")
                .line("beqz t0, 5b")
                .munmap(AT, 3 * PAGE)
                .storeWord("=stop", 1)
                .join("user")
                .exit(0)
                .text("use:")
                .store(AT, 1)
                .store(AT + PAGE, 1)
                .store(AT + 2 * PAGE, 1)
                .store(AT + 3 * PAGE, 1)
                .storeWord("=used", 1)
                .line("5: lw t0, stop")
                .line("beqz t0, 5b")
                .exitThread(0)
                .words("user", "used", "stop");
    }

    /** Threads take each other's pages away and bring them again; a child is made of all that. */
    private static Guest contenders() {
        return new Guest()
                .mmap(AT, 16 * PAGE, RW, ANON | FIXED)
                .thread("touch", "first")
                .thread("touch", "second")
                .line("li s1, 20")
                .line("7:")
                .mmap(AT + 256 * PAGE, 16 * PAGE, RW, ANON | FIXED | POPULATE)
                .munmap(AT + 256 * PAGE, 16 * PAGE)
                .nap()
                .line("addi s1, s1, -1")
                .line("bnez s1, 7b")
                .fork("child")
                .wait4(-1, "status")
                .join("first")
                .join("second")
                .exit(0)
                .text("child:")
                .exit(0)
                .text("touch:")
                .line("li s1, 20")
                .line("7:")
                .line("li s2, " + AT)
                .line("li s3, 16")
                .line("li s4, 4096")
                .line("6: sd s1, 0(s2)")
                .line("add s2, s2, s4")
                .line("addi s3, s3, -1")
                .line("bnez s3, 6b")
                .madvise(AT, 16 * PAGE, 4)
                .line("addi s1, s1, -1")
                .line("bnez s1, 7b")
                .exitThread(0)
                .words("first", "second", "status");
    }

    private static RecordedTrace trace(TestMachine.Options options, Guest guest) {
        RecordedTrace trace = new RecordedTrace();
        TestMachine test = options.trace(trace).run(guest);
        test.kernel().endTrace(test.machine().longestCycle());
        return trace;
    }

    private static Span only(List<Span> spans) {
        assertThat(spans).hasSize(1);
        return spans.get(0);
    }

    private static List<Span> within(Span outer, List<Span> spans) {
        return spans.stream().filter(outer::encloses).toList();
    }

    /** Issue, interrupt, flush, answer, completion: all in one picture. */
    @Test
    void aShootdownIsSeenFromItsIssueToTheLastAnswer() {
        RecordedTrace trace = trace(TestMachine.options().harts(2), unmapsWhatAnotherUses());

        Span munmap = only(trace.spans(TraceCategory.SYSTEM_CALL).stream()
                .filter(span -> span.name().equals("munmap"))
                .toList());
        Span shootdown = only(within(munmap, trace.spans(TraceCategory.SHOOTDOWN)).stream()
                .filter(span -> span.name().startsWith("shootdown"))
                .toList());
        assertThat(shootdown.name()).matches("shootdown [0-9]+: 3 pages, 1 other hart");
        assertThat(shootdown.hartId()).isEqualTo(munmap.hartId());
        Span own = only(within(shootdown, trace.spans(TraceCategory.FLUSH)));
        assertThat(own.name()).isEqualTo("flush of 3 pages");
        Span wait = only(within(shootdown, trace.spans(TraceCategory.WAIT)));
        assertThat(wait.endCycle()).as("the last answer ends it").isEqualTo(shootdown.endCycle());

        int other = 1 - munmap.hartId();
        Arrow interrupt = trace.arrows().stream()
                .filter(arrow -> arrow.name().equals("shootdown interrupt")
                        && arrow.fromHart() == munmap.hartId()
                        && arrow.fromCycle() >= shootdown.startCycle())
                .findFirst()
                .orElseThrow();
        assertThat(interrupt.toHart()).isEqualTo(other);
        assertThat(interrupt.fromCycle())
                .as("the initiator flushes first")
                .isBetween(own.endCycle(), wait.startCycle());
        Span flush = trace.spans(TraceCategory.FLUSH).stream()
                .filter(span -> span.hartId() == other && span.startCycle() >= interrupt.toCycle())
                .findFirst()
                .orElseThrow();
        assertThat(flush.name()).isEqualTo("flush of 3 pages");
        assertThat(flush.startCycle()).as("receiving comes before flushing").isGreaterThan(interrupt.toCycle());
        assertThat(flush.endCycle()).isEqualTo(shootdown.endCycle());

        Arrow answer = trace.arrows().stream()
                .filter(arrow -> arrow.name().equals("answer") && arrow.fromCycle() >= interrupt.toCycle())
                .findFirst()
                .orElseThrow();
        assertThat(answer.fromHart()).isEqualTo(other);
        assertThat(answer.toHart()).isEqualTo(munmap.hartId());
        assertThat(answer.fromCycle()).isBetween(flush.startCycle(), flush.endCycle());
        assertThat(answer.toCycle()).isEqualTo(shootdown.endCycle());
    }

    @Test
    void faultsAreOfAKindAndGuestsHaveNames() {
        RecordedTrace trace = trace(TestMachine.options().harts(2), unmapsWhatAnotherUses());

        assertThat(trace.spans(TraceCategory.FAULT))
                .filteredOn(span -> span.name().equals("demand-zero fault"))
                .hasSizeGreaterThanOrEqualTo(3);
        assertThat(trace.spans(TraceCategory.SCHEDULE))
                .extracting(Span::name)
                .contains("process 1", "thread 2 of process 1");
        assertThat(trace.spans(TraceCategory.SYSTEM_CALL))
                .extracting(Span::name)
                .contains("mmap", "clone", "munmap", "futex", "exit", "exit_group");
    }

    @Test
    void whoWaitsForALockSaysForWhoseMemory() {
        RecordedTrace trace = new RecordedTrace();
        TestMachine test = TestMachine.options().harts(3).trace(trace).run(contenders());

        List<Span> locks = trace.spans(TraceCategory.LOCK).stream()
                .filter(span -> span.name().equals("lock on the memory of process 1"))
                .toList();
        assertThat(locks).isNotEmpty();
        long cycles = locks.stream()
                .mapToLong(span -> span.endCycle() - span.startCycle())
                .sum();
        long waited = test.process().lockWaits().cycles();
        assertThat(cycles)
                .as("what was waited, but for interrupts that were served at its beginning or end")
                .isBetween(waited * 9 / 10, waited * 11 / 10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"broadcast", "batched", "targeted", "lazy", "latr", "early-ack", "hardware-broadcast"})
    void spansNestAndArrowsLeadFromSpanToSpan(String policy) {
        for (String profile : List.of("u74", "ideal", "neoverse-n1")) {
            for (long seed = 1; seed <= 10; seed++) {
                RecordedTrace trace = trace(
                        TestMachine.options()
                                .harts(4)
                                .profile(profile)
                                .shootdown(policy)
                                .seed(seed),
                        contenders());
                trace.assertWellFormed(4);
                assertThat(trace.spans(TraceCategory.SHOOTDOWN))
                        .as("seed %d, profile %s", seed, profile)
                        .isNotEmpty();
            }
        }
    }

    @Test
    void listeningChangesNothing() {
        for (long seed = 1; seed <= 5; seed++) {
            TestMachine silent = TestMachine.options().harts(4).seed(seed).run(contenders());
            TestMachine heard = TestMachine.options()
                    .harts(4)
                    .seed(seed)
                    .trace(new RecordedTrace())
                    .run(contenders());
            assertThat(heard.machine().longestCycle())
                    .isEqualTo(silent.machine().longestCycle());
            assertThat(statistics(heard)).isEqualTo(statistics(silent));
        }
    }

    private static byte[] statistics(TestMachine test) {
        ByteArrayDataOutput out = ByteStreams.newDataOutput();
        test.kernel().shootdowns().statistics().save(out);
        test.process().lockWaits().save(out);
        return out.toByteArray();
    }

    @Test
    void whatIsUnderWayIsToldWhenTheTraceEnds() {
        RecordedTrace trace = new RecordedTrace();
        TestMachine test =
                TestMachine.options().harts(4).trace(trace).boot(contenders().source());
        for (long cycle = 50_000; cycle < 300_000; cycle += 50_000) {
            test.machine().run(cycle, Long.MAX_VALUE);
        }
        long now = test.machine().longestCycle();
        test.kernel().endTrace(now);
        test.machine().traceTo(TraceSink.NONE);
        trace.assertWellFormed(4);
        int told = trace.spans().size();
        test.finish();
        assertThat(trace.spans()).hasSize(told);
    }
}
