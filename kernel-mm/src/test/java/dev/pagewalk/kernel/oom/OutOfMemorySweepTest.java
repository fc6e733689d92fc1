package dev.pagewalk.kernel.oom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.error.KernelException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every allocation of every operation fails once: the region map, the page tables, the frame counts and user memory are as
 * before, the operation succeeds when it is tried again, and in the end every frame is back.
 */
@Tag("S31")
class OutOfMemorySweepTest {
    /** How many failures all rows together inject at least. */
    private static final int LEAST_FAILURES = 900;

    private static int rowsSwept;
    private static int failuresInjected;

    static List<Row> rows() {
        return Stream.of(MemoryRows.all(), FaultRows.all(), ProcessRows.all(), FileRows.all())
                .flatMap(List::stream)
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void whatFailsLeavesNoTrace(Row row) throws KernelException {
        failuresInjected += row.sweep();
        rowsSwept++;
    }

    @AfterAll
    static void manyFailuresWereInjected() {
        if (rowsSwept == rows().size()) {
            assertThat(failuresInjected).as("failures injected").isGreaterThanOrEqualTo(LEAST_FAILURES);
        }
    }
}
