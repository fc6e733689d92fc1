package dev.pagewalk.kernel.sanitizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.FaultClass;
import dev.pagewalk.kernel.shootdown.Invalidation;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.HugePages;
import dev.pagewalk.kernel.space.MapRequest;
import dev.pagewalk.kernel.space.UserLayout;
import dev.pagewalk.kernel.testing.BrokenInvalidation;
import dev.pagewalk.kernel.testing.TellsNobody;
import dev.pagewalk.kernel.testing.TestMemory;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.walk.PageTableWalker;
import dev.pagewalk.mmu.walk.WalkResult;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One hart among several address spaces, which change at random under its accesses: the kernel's own invalidations leave
 * nothing to report and no wrong translation, and each broken one is found out.
 */
class RandomSpacesTest {
    private static final long PAGE = 4096;
    private static final long AT = 0x4000_0000L;
    private static final int PAGES = 24;
    private static final int SPACES = 3;
    private static final int STEPS = 20_000;

    /** Three ASIDs beside the kernel's: roll-overs come soon. */
    private static final int ASID_BITS = 2;

    private static final AccessType[] ACCESSES = AccessType.values();

    private static final class Run {
        final TestMemory memory;
        final PageTableWalker walker;
        final WalkResult truth = new WalkResult();
        final AddressSpace[] spaces = new AddressSpace[SPACES];
        final Random random;
        final long seed;
        AddressSpace loaded;
        int wrongTranslations;

        Run(PagingMode mode, long seed, UnaryOperator<Invalidation> invalidations) {
            this.memory = new TestMemory(
                    8 << 20, mode, HugePages.NEVER, invalidations, 1, new TellsNobody(), ASID_BITS, "ideal");
            this.walker = new PageTableWalker(memory.ram, mode);
            this.random = new Random(seed);
            this.seed = seed;
            memory.workOn(0);
            for (int i = 0; i < SPACES; i++) {
                spaces[i] = newSpace();
            }
            load(spaces[0]);
        }

        private AddressSpace newSpace() {
            AddressSpace space = memory.space(UserLayout.DEFAULT);
            try {
                space.map(request(AT, PAGES * PAGE));
            } catch (KernelException e) {
                throw new AssertionError(e);
            }
            return space;
        }

        private static MapRequest request(long start, long lengthBytes) {
            return new MapRequest(start, lengthBytes, 3, false, MapRequest.Placement.FIXED);
        }

        private void load(AddressSpace space) {
            loaded = space;
            memory.run(0, space);
        }

        void steps(int count) throws KernelException {
            for (int step = 0; step < count; step++) {
                step();
            }
        }

        private void step() throws KernelException {
            int what = random.nextInt(100);
            long start = AT + random.nextInt(PAGES) * PAGE;
            long lengthBytes = Math.min((1 + random.nextInt(6)) * PAGE, AT + PAGES * PAGE - start);
            if (what < 80) {
                access(start + random.nextInt(512) * 8L);
                return;
            }
            memory.workOn(0);
            AddressSpace next = loaded;
            if (what < 85) {
                loaded.unmap(start, lengthBytes);
            } else if (what < 90) {
                loaded.map(request(start, lengthBytes));
            } else if (what < 95) {
                protect(start, lengthBytes);
            } else if (what < 99) {
                next = spaces[random.nextInt(SPACES)];
            } else {
                next = replaceSpace();
            }
            load(next);
        }

        private void protect(long start, long lengthBytes) {
            try {
                loaded.protect(start, lengthBytes, random.nextInt(4));
            } catch (KernelException gap) {
                // What was mapped before it has been changed.
            }
        }

        /** Another process ends, and a new one takes an ASID: after a while that of one that is gone. */
        private AddressSpace replaceSpace() {
            int index = random.nextInt(SPACES);
            memory.leave(0);
            spaces[index].destroy();
            spaces[index] = newSpace();
            return spaces[index];
        }

        private void access(long address) {
            AccessType type = ACCESSES[random.nextInt(ACCESSES.length)];
            for (int attempt = 0; attempt < 2; attempt++) {
                long physical = memory.touch(0, address, type);
                if (physical >= 0) {
                    boolean right = walker.probe(loaded.pageTable().rootAddress(), address, type, truth) == null
                            && truth.physicalAddress() == physical;
                    wrongTranslations += right ? 0 : 1;
                    return;
                }
                memory.workOn(0);
                FaultClass fault = memory.faults.handle(loaded, address, type);
                load(loaded);
                if (fault != null) {
                    return;
                }
            }
        }

        String first() {
            List<String> reports = memory.sanitizer.reports();
            return reports.isEmpty() ? "nothing, seed " + seed : reports.get(0);
        }
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    @Tag("S34")
    void aGoodKernelLeavesNothingToReport(PagingMode mode) throws KernelException {
        Run run = new Run(mode, 77 + mode.levels(), UnaryOperator.identity());
        run.steps(STEPS);
        assertThat(run.memory.sanitizer.reports()).as("seed %d", run.seed).isEmpty();
        assertThat(run.memory.sanitizer.staleHitsInWindow()).isZero();
        assertThat(run.wrongTranslations).isZero();
        assertThat(run.memory.shootdowns.asidRollOvers()).isGreaterThan(10);
        assertThat(run.memory.harts.get(0).mmu().counters().walks()).isGreaterThan(STEPS / 20);
    }

    static Stream<UnaryOperator<Invalidation>> mistakes() {
        return Stream.of(
                BrokenInvalidation::none,
                BrokenInvalidation::ofAnotherAsid,
                BrokenInvalidation::ofAnotherPage,
                BrokenInvalidation::oneLate);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void nothingGoesWrongThatIsNotReportedByThen(UnaryOperator<Invalidation> broken) throws KernelException {
        Run run = new Run(PagingMode.SV48, 5, broken);
        for (int step = 0; step < STEPS && run.wrongTranslations == 0; step++) {
            run.steps(1);
        }
        assertThat(run.wrongTranslations).as("the mistake has shown").isPositive();
        assertThat(run.memory.sanitizer.violations()).as(run.first()).isPositive();
    }
}
