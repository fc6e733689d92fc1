package dev.pagewalk.kernel.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pagewalk.kernel.model.MappingOperation.MapMemory;
import dev.pagewalk.kernel.model.MappingOperation.Unmap;
import dev.pagewalk.kernel.model.ProcessOperation.Exit;
import dev.pagewalk.kernel.model.ProcessOperation.Start;
import dev.pagewalk.kernel.space.HugePages;
import dev.pagewalk.kernel.space.MapRequest.Placement;
import dev.pagewalk.kernel.testing.BrokenInvalidation;
import dev.pagewalk.mmu.table.PagingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How failing sequences become small, and what is said of them. */
class ShrinkerTest {
    private static final Setup SETUP = new Setup(PagingMode.SV39, HugePages.NEVER, Arena.Size.SMALL);

    @Test
    void whatAFailureDoesNotNeedIsLeftOut() {
        List<Operation> failing = new ArrayList<>();
        for (int page = 0; page < 50; page++) {
            failing.add(new Unmap(page % 3, page, 7));
        }
        failing.add(17, new Start(2));
        failing.add(31, new Exit(2));

        assertThat(Shrinker.shrink(failing, operations -> needed(operations) == 2))
                .containsExactly(new Start(0), new Exit(0));
    }

    private static int needed(List<Operation> operations) {
        int found = 0;
        for (Operation operation : operations) {
            found += found == 0 && operation instanceof Start || found == 1 && operation instanceof Exit ? 1 : 0;
        }
        return found;
    }

    @Test
    void argumentsBecomeAsSimpleAsTheFailureAllows() {
        List<Operation> failing = List.of(new MapMemory(3, 60, 9, 7, true, Placement.FIXED, true));

        assertThat(Shrinker.shrink(
                        failing,
                        operations -> operations.size() == 1
                                && operations.get(0) instanceof MapMemory map
                                && map.count() > 4))
                .containsExactly(new MapMemory(0, 0, 5, 0, false, Placement.FIXED, false));
    }

    @Test
    void aKernelThatForgetsToInvalidateIsFoundOutAndDescribedByFewOperations() {
        RandomSequence sequence = new RandomSequence(SETUP, 0, BrokenInvalidation::none);

        assertThatThrownBy(() -> sequence.run(2000, new TreeMap<>()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 0")
                .hasMessageMatching("(?s).*It takes [2-6] operations.*")
                .hasMessageContaining("new Setup(PagingMode.SV39, HugePages.NEVER, Arena.Size.SMALL)")
                .hasMessageContaining("new Start(0)");
    }

    @Test
    void sequencesCanBeRunAgain() {
        SequenceRun.replay(
                SETUP,
                List.of(
                        new Start(0),
                        new MapMemory(0, 0, 5, 3, false, Placement.FIXED, true),
                        new Unmap(0, 2, 1),
                        new Exit(1)));
    }
}
