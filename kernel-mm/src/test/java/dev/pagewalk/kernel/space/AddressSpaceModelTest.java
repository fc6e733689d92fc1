package dev.pagewalk.kernel.space;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.space.MapRequest.Placement;
import dev.pagewalk.kernel.testing.TestMemory;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.walk.PageTableWalker;
import dev.pagewalk.mmu.walk.WalkResult;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random memory calls against a model that knows every page: mapped or not, protection, kind, contents. */
@Tag("S16")
@Tag("S10")
@Tag("S20")
@Tag("S17")
class AddressSpaceModelTest {
    private static final long PAGE = 4096;
    private static final int PAGES = 48;
    private static final int GAP = -1;
    private static final UserLayout LAYOUT = new UserLayout(
            0x1_0000,
            0x1_0000 + (PAGES + 64) * PAGE,
            0x1_0000,
            12 * PAGE,
            0x1_0000 + 16 * PAGE,
            0x1_0000 + (PAGES + 64) * PAGE,
            32 * PAGE,
            32 * PAGE);

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void tenThousandCallsAgreeWithTheModel(PagingMode mode) throws KernelException {
        new Run(mode, 10 + mode.levels(), 10_000).go();
    }

    @Test
    @Tag("nightly")
    void aMillionCallsAgreeWithTheModel() throws KernelException {
        for (int seed = 0; seed < 20; seed++) {
            new Run(PagingMode.SV48, seed, 50_000).go();
        }
    }

    private static final class Run {
        final TestMemory memory;
        final AddressSpace space;
        final int freeAtBoot;
        final Random random;
        final int seed;
        final int steps;
        final PageTableWalker walker;
        final int[] protection = new int[PAGES];
        final RegionKind[] kind = new RegionKind[PAGES];
        final int[] content = new int[PAGES];
        final boolean[] resident = new boolean[PAGES];
        long modelBreak = LAYOUT.heapStart();
        String where;

        Run(PagingMode mode, int seed, int steps) {
            this.memory = new TestMemory(1 << 20, mode);
            this.freeAtBoot = memory.frames.freeFrames();
            this.space = memory.space(LAYOUT);
            this.random = new Random(seed);
            this.seed = seed;
            this.steps = steps;
            this.walker = new PageTableWalker(memory.ram, mode);
            space.startHeap(0);
            java.util.Arrays.fill(protection, GAP);
        }

        void go() throws KernelException {
            for (int step = 0; step < steps; step++) {
                where = "seed " + seed + ", step " + step;
                int from = random.nextInt(PAGES);
                int count = 1 + random.nextInt(Math.min(10, PAGES - from));
                switch (random.nextInt(10)) {
                    case 0, 1 -> mapFixed(from, count);
                    case 2 -> mapAnywhere(count);
                    case 3 -> unmap(from, count);
                    case 4, 5 -> protect(from, count);
                    case 6 -> moveBreak();
                    default -> access(from);
                }
                check();
            }
            space.destroy();
            assertThat(memory.frames.freeFrames()).isEqualTo(freeAtBoot);
        }

        long address(int page) {
            return LAYOUT.userStart() + page * PAGE;
        }

        void set(int from, int count, RegionKind newKind, int newProtection) {
            for (int i = from; i < from + count; i++) {
                protection[i] = newProtection;
                kind[i] = newKind;
                content[i] = 0;
                resident[i] = false;
            }
        }

        boolean anyMapped(int from, int count) {
            for (int i = from; i < Math.min(PAGES, from + count); i++) {
                if (protection[i] != GAP) {
                    return true;
                }
            }
            return false;
        }

        void mapFixed(int from, int count) throws KernelException {
            boolean replace = random.nextBoolean();
            boolean shared = random.nextInt(4) == 0;
            boolean populate = random.nextInt(4) == 0;
            int prot = random.nextInt(8);
            MapRequest request = new MapRequest(
                    address(from),
                    count * PAGE - random.nextInt(4096),
                    prot,
                    shared,
                    replace ? Placement.FIXED : Placement.FIXED_NOREPLACE);
            if (!replace && anyMapped(from, count)) {
                expect(KernelError.ALREADY_EXISTS, () -> space.map(request));
                return;
            }
            assertThat(space.map(request)).as(where).isEqualTo(address(from));
            if (populate) {
                long end = address(from + count);
                assertThat(space.populateStep(address(from), end)).as(where).isEqualTo(end);
            }
            set(from, count, shared ? RegionKind.SHARED : RegionKind.ANONYMOUS, prot);
            for (int i = from; i < from + count; i++) {
                resident[i] = populate && prot != 0;
            }
        }

        void mapAnywhere(int count) throws KernelException {
            int hint = random.nextInt(PAGES);
            boolean hinted = random.nextBoolean();
            int wanted = hinted && hint + count <= PAGES && !anyMapped(hint, count) ? hint : firstFit(16, count);
            wanted = wanted < 0 ? firstFit(0, count) : wanted;
            MapRequest request = new MapRequest(
                    hinted ? address(hint) + random.nextInt(4096) : 0, count * PAGE, 3, false, Placement.ANYWHERE);
            if (wanted < 0) {
                expect(KernelError.OUT_OF_MEMORY, () -> space.map(request));
            } else {
                assertThat(space.map(request)).as(where).isEqualTo(address(wanted));
                set(wanted, count, RegionKind.ANONYMOUS, 3);
            }
        }

        int firstFit(int from, int count) {
            for (int i = from; i + count <= PAGES; i++) {
                if (!anyMapped(i, count)) {
                    return i;
                }
            }
            return -1;
        }

        void unmap(int from, int count) throws KernelException {
            space.unmap(address(from), count * PAGE - random.nextInt(4096));
            set(from, count, null, GAP);
        }

        void protect(int from, int count) {
            int prot = random.nextInt(8);
            boolean gap = false;
            for (int i = from; i < from + count && !gap; i++) {
                gap = protection[i] == GAP;
                protection[i] = gap ? GAP : prot;
            }
            expect(gap ? KernelError.UNMAPPED_MEMORY : null, () -> space.protect(address(from), count * PAGE, prot));
        }

        void moveBreak() {
            long wanted = LAYOUT.heapStart() - PAGE + random.nextInt((int) (15 * PAGE));
            if (wanted >= LAYOUT.heapStart() && wanted <= LAYOUT.heapStart() + LAYOUT.heapLimitBytes()) {
                int oldEnd = page(modelBreak);
                int newEnd = page(wanted);
                if (newEnd <= oldEnd) {
                    set(newEnd, oldEnd - newEnd, null, GAP);
                    modelBreak = wanted;
                } else if (!anyMapped(oldEnd, newEnd + 1 - oldEnd)) {
                    set(oldEnd, newEnd - oldEnd, RegionKind.HEAP, 3);
                    modelBreak = wanted;
                }
            }
            assertThat(space.moveBreak(wanted)).as(where).isEqualTo(modelBreak);
        }

        int page(long address) {
            return (int) ((address - LAYOUT.userStart() + PAGE - 1) / PAGE);
        }

        void access(int page) {
            AccessType access = AccessType.values()[random.nextInt(3)];
            boolean allowed = protection[page] != GAP && Protection.permits(protection[page], access);
            long at = address(page) + random.nextInt(4096);
            assertThat(memory.faults.handle(space, at, access) == null)
                    .as(where)
                    .isEqualTo(allowed);
            if (!allowed) {
                return;
            }
            resident[page] = true;
            WalkResult result = new WalkResult();
            assertThat(walker.probe(space.pageTable().rootAddress(), at, access, result))
                    .isNull();
            long frame = result.physicalAddress() & -PAGE;
            assertThat(memory.ram.readInt(frame + 64)).as(where).isEqualTo(content[page]);
            if (access == AccessType.STORE) {
                content[page] = random.nextInt();
                memory.ram.writeInt(frame + 64, content[page]);
            }
        }

        void check() {
            int pages = 0;
            int regions = 0;
            for (int i = 0; i < PAGES; i++) {
                Region region = space.regions().find(address(i));
                assertThat(region == null ? GAP : region.protection())
                        .as("%s, page %d", where, i)
                        .isEqualTo(protection[i]);
                assertThat(region == null ? null : region.kind()).as(where).isEqualTo(kind[i]);
                pages += resident[i] ? 1 : 0;
                boolean begins = i == 0 || protection[i - 1] != protection[i] || kind[i - 1] != kind[i];
                regions += protection[i] != GAP && begins ? 1 : 0;
            }
            assertThat(space.regions().size()).as(where).isEqualTo(regions);
            assertThat(space.userPages()).as(where).isEqualTo(pages);
            assertThat(memory.frames.inUse(FrameUse.USER)).as(where).isEqualTo(pages);
        }

        void expect(KernelError error, dev.pagewalk.kernel.testing.Errors.Operation operation) {
            assertThat(dev.pagewalk.kernel.testing.Errors.of(operation))
                    .as(where)
                    .isEqualTo(error);
        }
    }
}
