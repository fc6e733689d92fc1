package dev.pagewalk.kernel.frame;

import static dev.pagewalk.kernel.frame.FrameFixture.address;
import static dev.pagewalk.kernel.frame.FrameFixture.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.testing.Errors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random use by many harts, held against nothing but a count of owners for each frame. */
@Tag("S44")
@Tag("S45")
class FrameModelTest {
    private static final int STEPS = 20_000;
    private static final FrameUse[] USES = FrameUse.values();

    private FrameFixture fixture;
    private FrameAllocator frames;
    private Random random;
    private int[] owners;
    private FrameUse[] uses;
    /** A frame is here once for each of its owners. */
    private List<Integer> owned;

    @ParameterizedTest
    @CsvSource({
        "1, 16, 1, 1",
        "2, 37, 1, 4",
        "3, 64, 4, 4",
        "4, 1000, 1, 1",
        "5, 1000, 3, 4",
        "6, 2048, 2, 64",
        "7, 1055, 64, 8",
        "8, 4096, 5, 3"
    })
    void noFrameIsGivenTwiceAndNoneIsLost(long seed, int total, int nodes, int harts) throws KernelException {
        fixture = new FrameFixture(total, nodes, harts);
        frames = fixture.frames;
        random = new Random(seed);
        owners = new int[total];
        uses = new FrameUse[total];
        owned = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            fixture.on(random.nextInt(harts));
            boolean growing = step / 2000 % 2 == 0;
            step(growing ? 60 : 35, "seed " + seed + ", step " + step);
            if (step % 1999 == 0) {
                byte[] state = fixture.state();
                fixture = new FrameFixture(total, nodes, harts).on(0);
                fixture.restore(state);
                frames = fixture.frames;
            }
        }
        while (!owned.isEmpty()) {
            fixture.on(random.nextInt(harts));
            release("seed " + seed + ", at the end");
        }
        assertThat(frames.freeFrames()).isEqualTo(total);
        // Nobody has a run that long, but looking for it drains the caches.
        assertThat(Errors.of(() -> frames.allocateContiguous(24, FrameUse.USER)))
                .isEqualTo(KernelError.OUT_OF_MEMORY);
        NumaNodes split = new NumaNodes(nodes, total, harts);
        for (int node = 0; node < nodes; node++) {
            takeWholeNode(split.firstFrame(node), split.firstFrame(node + 1), node);
        }
        assertThat(frames.freeFrames()).isZero();
    }

    private void step(int percentTaken, String where) throws KernelException {
        int choice = random.nextInt(100);
        if (choice < 10 && !owned.isEmpty()) {
            int frame = owned.get(random.nextInt(owned.size()));
            frames.share(address(frame));
            owners[frame]++;
            owned.add(frame);
        } else if (choice < percentTaken) {
            take(random.nextInt(5) == 0 ? random.nextInt(5) : 0, where);
        } else if (!owned.isEmpty()) {
            release(where);
        }
        long taken = Arrays.stream(owners).filter(count -> count > 0).count();
        assertThat(frames.freeFrames()).as(where).isEqualTo(owners.length - (int) taken);
        int byNode = 0;
        for (int node = 0; node < frames.nodeCount(); node++) {
            byNode += frames.node(node).freeFrames();
        }
        assertThat(byNode).as(where).isEqualTo(frames.freeFrames());
    }

    private void take(int order, String where) throws KernelException {
        FrameUse use = USES[random.nextInt(USES.length)];
        boolean possible = order == 0 ? frames.freeFrames() > 0 : hasRun(order);
        long address;
        try {
            address = order == 0 && random.nextBoolean()
                    ? frames.allocateToOverwrite(use)
                    : order == 0 ? frames.allocate(use) : frames.allocateContiguous(order, use);
        } catch (KernelException outOfMemory) {
            assertThat(possible)
                    .as("%s: out of memory for order %d", where, order)
                    .isFalse();
            return;
        }
        assertThat(possible).as(where).isTrue();
        int first = number(address);
        assertThat(first % (1 << order)).as(where).isZero();
        for (int frame = first; frame < first + (1 << order); frame++) {
            assertThat(owners[frame]).as("%s: frame %d", where, frame).isZero();
            assertThat(frames.owners(address(frame))).isEqualTo(1);
            owners[frame] = 1;
            uses[frame] = use;
            owned.add(frame);
        }
    }

    private void release(String where) {
        int at = random.nextInt(owned.size());
        int frame = owned.get(at);
        owned.set(at, owned.get(owned.size() - 1));
        owned.remove(owned.size() - 1);
        assertThat(frames.owners(address(frame))).as(where).isEqualTo(owners[frame]);
        assertThat(frames.use(address(frame))).as(where).isEqualTo(uses[frame]);
        assertThat(frames.release(address(frame))).as(where).isEqualTo(--owners[frame] == 0);
    }

    /** Whether there is an aligned run of free frames in one node: then neither caches nor missed unions may hide it. */
    private boolean hasRun(int order) {
        NumaNodes split = new NumaNodes(frames.nodeCount(), owners.length, 1);
        int length = 1 << order;
        for (int first = 0; first + length <= owners.length; first += length) {
            boolean free = split.ofFrame(first) == split.ofFrame(first + length - 1);
            for (int frame = first; frame < first + length && free; frame++) {
                free = owners[frame] == 0;
            }
            if (free) {
                return true;
            }
        }
        return false;
    }

    /** Takes the largest aligned blocks that tile a node: all of them are there when buddies have united. */
    private void takeWholeNode(int start, int end, int node) throws KernelException {
        List<Integer> orders = new ArrayList<>();
        int frame = start;
        while (frame < end) {
            int fits = 31 - Integer.numberOfLeadingZeros(end - frame);
            int order = Math.min(frame == 0 ? fits : Integer.numberOfTrailingZeros(frame), fits);
            orders.add(order);
            frame += 1 << order;
        }
        orders.sort(Comparator.reverseOrder());
        for (int order : orders) {
            int first = number(frames.allocateContiguous(order, FrameUse.USER, node));
            assertThat(first).isBetween(start, end - 1);
        }
    }
}
