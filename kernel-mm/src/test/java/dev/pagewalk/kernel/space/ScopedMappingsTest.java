package dev.pagewalk.kernel.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.FaultClass;
import dev.pagewalk.kernel.testing.Errors;
import dev.pagewalk.kernel.testing.TestMemory;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Mappings with an owner: a scope's, and a thread's stack. */
class ScopedMappingsTest {
    private static final long AT = 0x20_0000;

    private final TestMemory memory = new TestMemory(1 << 20, PagingMode.SV48);
    private final AddressSpace space = memory.space();

    @Test
    @Tag("S9")
    void aGuardedRegionIsUnmappedWhenItsScopeEnds() throws KernelException {
        int free = memory.frames.freeFrames();
        try (GuardedRegion region = space.mapGuarded(AT, 3 * 4096, RegionKind.DATA, Protection.READ)) {
            assertThat(region.start()).isEqualTo(AT);
            assertThat(region.lengthBytes()).isEqualTo(3 * 4096);
            assertThat(space.userPages()).isEqualTo(3);
        }
        assertThat(space.regions().size()).isZero();
        assertThat(space.userPages()).isZero();
        assertThat(memory.frames.freeFrames()).isEqualTo(free);
    }

    @Test
    @Tag("S9")
    void closingTwiceDoesNotUnmapWhatHasComeSince() throws KernelException {
        GuardedRegion region = space.mapGuarded(AT, 4096, RegionKind.DATA, Protection.READ);
        region.close();
        space.mapRegion(AT, 4096, RegionKind.DATA, Protection.READ);
        region.close();
        assertThat(space.userPages()).isEqualTo(1);
    }

    @Test
    @Tag("S9")
    void aGuardedRegionThatDoesNotFitLeavesNothing() throws KernelException {
        space.mapRegion(AT + 4096, 4096, RegionKind.DATA, Protection.READ);
        assertThat(Errors.of(() -> space.mapGuarded(AT, 2 * 4096, RegionKind.DATA, Protection.READ)))
                .isEqualTo(KernelError.ALREADY_EXISTS);
        assertThat(space.regions().size()).isEqualTo(1);
    }

    @Test
    @Tag("S25")
    void threadStacksAreDistinctAndSoAreTheirGuards() throws KernelException {
        ThreadStack first = space.mapThreadStack(10_000);
        ThreadStack second = space.mapThreadStack(1);
        assertThat(first.lengthBytes()).isEqualTo(4 * 4096);
        assertThat(first.usableBytes()).isEqualTo(3 * 4096);
        assertThat(second.lengthBytes()).isEqualTo(ThreadStack.SMALLEST_BYTES);
        assertThat(second.base()).isEqualTo(first.top());
        for (ThreadStack stack : new ThreadStack[] {first, second}) {
            assertThat(memory.faults.handle(space, stack.top() - 8, AccessType.STORE))
                    .isNull();
            assertThat(memory.faults.handle(space, stack.usableStart(), AccessType.STORE))
                    .isNull();
            assertThat(memory.faults.handle(space, stack.base(), AccessType.STORE))
                    .isEqualTo(FaultClass.PERMISSION);
            assertThat(memory.faults.handle(space, stack.usableStart() - 1, AccessType.LOAD))
                    .isEqualTo(FaultClass.PERMISSION);
        }
    }

    @Test
    @Tag("S25")
    void aThreadStackKnowsWhatIsInItAndWhatInItsGuard() {
        ThreadStack stack = new ThreadStack(0x10000, 0x3000);
        assertThat(stack.isInGuard(0x10000)).isTrue();
        assertThat(stack.isInGuard(0x10fff)).isTrue();
        assertThat(stack.isInGuard(0x11000)).isFalse();
        assertThat(stack.isInGuard(0xffff)).isFalse();
        assertThat(stack.contains(0x10fff)).isFalse();
        assertThat(stack.contains(0x11000)).isTrue();
        assertThat(stack.contains(0x12fff)).isTrue();
        assertThat(stack.contains(0x13000)).isFalse();
    }

    @Test
    @Tag("S25")
    void aStackHasTwoWholePagesAtLeast() {
        assertThatThrownBy(() -> new ThreadStack(0x10000, 4096)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ThreadStack(0x10000, 8193)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ThreadStack(0x10001, 8192)).isInstanceOf(IllegalArgumentException.class);
    }
}
