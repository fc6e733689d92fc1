package dev.pagewalk.tools.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pagewalk.emulator.trace.TraceCategory;
import dev.pagewalk.emulator.trace.TraceSink;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentEventsTest {
    private static List<String> names(RecentEvents events) {
        return events.last(100, event -> true).stream()
                .map(RecentEvents.Event::what)
                .toList();
    }

    @Test
    void theOldestGoWhenThereIsNoRoom() {
        RecentEvents events = new RecentEvents(3);
        for (int number = 1; number <= 5; number++) {
            events.span(0, TraceCategory.FAULT, "fault " + number, number * 10, number * 10 + 5);
        }

        assertThat(names(events)).containsExactly("fault 3", "fault 4", "fault 5");
        assertThat(events.told()).isEqualTo(5);
    }

    @Test
    void theyComeInTheOrderOfTheirBeginnings() {
        RecentEvents events = new RecentEvents(10);
        events.span(1, TraceCategory.FLUSH, "inner", 20, 30);
        events.arrow(0, 15, 2, 40, "interrupt");
        events.span(1, TraceCategory.SYSTEM_CALL, "outer", 10, 50);

        assertThat(names(events)).containsExactly("outer", "interrupt to hart 2", "inner");
    }

    @Test
    void whatEnclosesOthersAndWalksIsLeftOut() {
        RecentEvents events = new RecentEvents(10);
        events.span(0, TraceCategory.WALK, "load walk", 1, 2);
        events.span(0, TraceCategory.TRAP, "system call", 1, 9);
        events.span(0, TraceCategory.SCHEDULE, "process 1", 1, 9);
        events.span(0, TraceCategory.WAIT, "waiting", 1, 9);

        assertThat(names(events)).isEmpty();
        assertThat(events.wantsWalks()).isFalse();
    }

    @Test
    void aMachineThatGoesBackHasNotDoneWhatCameLater() {
        RecentEvents events = new RecentEvents(10);
        events.span(0, TraceCategory.FAULT, "before", 10, 20);
        events.span(0, TraceCategory.FAULT, "across", 15, 31);
        events.span(0, TraceCategory.FAULT, "after", 40, 50);

        events.forgetAfter(30);

        assertThat(names(events)).containsExactly("before");
        assertThat(events.told()).isEqualTo(1);
    }

    @Test
    void besideASinkThatWantsWalksItGetsNone() {
        RecentEvents events = new RecentEvents(10);
        RecentEvents others = new RecentEvents(10);

        assertThat(TraceSink.NONE.and(events)).isSameAs(events);
        assertThat(events.and(TraceSink.NONE)).isSameAs(events);
        TraceSink both = events.and(others);
        both.span(0, TraceCategory.FAULT, "fault", 1, 2);
        both.arrow(0, 3, 1, 4, "interrupt");
        both.instant(0, TraceCategory.IPI, "instant", 5);

        assertThat(names(events)).containsExactly("fault", "interrupt to hart 1", "instant");
        assertThat(names(others)).isEqualTo(names(events));
        assertThat(both.wantsWalks()).isFalse();
    }

    @Test
    void theNumberThatIsKeptHasBounds() {
        assertThatThrownBy(() -> new RecentEvents(0)).hasMessage("1 to 1048576 events can be kept, not 0");
        assertThatThrownBy(() -> new RecentEvents((1 << 20) + 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
