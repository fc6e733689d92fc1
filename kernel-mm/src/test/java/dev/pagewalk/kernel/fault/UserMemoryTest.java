package dev.pagewalk.kernel.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.MapRequest;
import dev.pagewalk.kernel.space.MemoryAdvice;
import dev.pagewalk.kernel.space.Protection;
import dev.pagewalk.kernel.testing.Errors;
import dev.pagewalk.kernel.testing.TestMemory;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The kernel's copies into and out of a space that does not run. */
@Tag("S36")
@Tag("S48")
class UserMemoryTest {
    private static final long PAGE = 4096;
    private static final long AT = 0x10_0000;

    private final TestMemory memory = new TestMemory(1 << 20, PagingMode.SV48);
    private final int freeAtBoot = memory.frames.freeFrames();
    private final UserMemory user = memory.userMemory;
    private AddressSpace space;

    @BeforeEach
    void mapThreePages() throws KernelException {
        space = memory.space();
        space.map(new MapRequest(AT, 3 * PAGE, 3, false, MapRequest.Placement.FIXED));
    }

    @AfterEach
    void everyFrameComesBack() {
        space.destroy();
        memory.refill();
        assertThat(memory.frames.freeFrames()).isEqualTo(freeAtBoot);
    }

    @Test
    void copiesCrossPagesAndComeBack() throws KernelException {
        byte[] sent = new byte[6000];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = (byte) (i * 7);
        }
        assertThat(user.copyToUser(space, AT + 3000, sent, sent.length)).isEqualTo(6000);
        byte[] received = new byte[6000];
        assertThat(user.copyFromUser(space, AT + 3000, received, 6000)).isEqualTo(6000);
        assertThat(received).isEqualTo(sent);
        assertThat(user.peek(space, AT + 3000, 6000)).isEqualTo(sent);
    }

    @Test
    void copiesSetAccessedAndDirtyAsTheHardwareWould() throws KernelException {
        user.copyFromUser(space, AT, new byte[1], 1);
        long afterLoad = space.pageTable().peek(AT);
        assertThat(afterLoad & (Pte.A | Pte.D)).isEqualTo(Pte.A);
        user.copyToUser(space, AT, new byte[1], 1);
        assertThat(space.pageTable().peek(AT)).isEqualTo(afterLoad | Pte.D);
        space.pageTable().write(space.pageTable().find(AT), afterLoad & ~(Pte.A | Pte.D));
        user.copyFromUser(space, AT, new byte[1], 1);
        assertThat(space.pageTable().peek(AT)).isEqualTo(afterLoad);
    }

    @Test
    void copiesStopAtTheFirstPageThatIsNotThere() throws KernelException {
        assertThat(user.copyToUser(space, AT + 3 * PAGE - 5, new byte[10], 10)).isEqualTo(5);
        assertThat(user.copyFromUser(space, AT + 3 * PAGE - 5, new byte[10], 10))
                .isEqualTo(5);
        assertThat(user.prefault(space, AT + PAGE, 5 * 4096, AccessType.STORE)).isEqualTo(2 * 4096);
        assertThat(Errors.of(() -> user.copyAllToUser(space, AT + 3 * PAGE - 5, new byte[10])))
                .isEqualTo(KernelError.INVALID_ADDRESS);
        assertThat(Errors.of(() -> user.copyToUser(space, AT - 1, new byte[10], 10)))
                .isEqualTo(KernelError.INVALID_ADDRESS);
    }

    @Test
    void copiesHonourProtectionsAndPeekDoesNot() throws KernelException {
        user.copyToUser(space, AT, new byte[] {5}, 1);
        space.protect(AT, PAGE, Protection.READ);
        assertThat(Errors.of(() -> user.copyToUser(space, AT, new byte[1], 1))).isEqualTo(KernelError.INVALID_ADDRESS);
        space.protect(AT, PAGE, Protection.NONE);
        assertThat(Errors.of(() -> user.copyFromUser(space, AT, new byte[1], 1)))
                .isEqualTo(KernelError.INVALID_ADDRESS);
        assertThat(user.peek(space, AT, 1)).containsExactly(5);
    }

    @Test
    void rangesThatWrapOrLeaveUserSpaceAreRefusedWhole() {
        long end = space.layout().userEnd();
        long[][] ranges = {{-1, 1}, {-PAGE, 2}, {end, 1}, {end - 1, 2}, {AT, -1}, {AT, Long.MIN_VALUE}, {AT, end}};
        for (long[] range : ranges) {
            assertThat(Errors.of(() -> UserMemory.checkRange(space, range[0], range[1])))
                    .isEqualTo(KernelError.INVALID_ADDRESS);
        }
        assertThat(Errors.of(() -> UserMemory.checkRange(space, end, 0))).isNull();
        assertThat(Errors.of(() -> UserMemory.checkRange(space, 0, end))).isNull();
        assertThat(Errors.of(() -> user.prefault(space, -1, 0, AccessType.LOAD)))
                .isEqualTo(KernelError.INVALID_ADDRESS);
        assertThat(Errors.of(() -> user.prefault(space, 0, 0, AccessType.LOAD))).isNull();
    }

    @Test
    void runningOutOfMemoryIsAnErrorAndLeavesNothing() throws KernelException {
        user.copyToUser(space, AT, new byte[1], 1);
        memory.drainTo(1);
        assertThat(user.copyToUser(space, AT, new byte[3 * 4096], 3 * 4096)).isEqualTo(2 * 4096);
        assertThat(Errors.of(() -> user.copyToUser(space, AT + 2 * PAGE, new byte[1], 1)))
                .isEqualTo(KernelError.INVALID_ADDRESS);
        assertThat(memory.frames.freeFrames()).isZero();
        assertThat(space.userPages()).isEqualTo(2);
    }

    @Test
    @Tag("S26")
    void peekingAtAFileSeesAllOfItsLastPageAndNothingBeyond() throws KernelException {
        memory.files.preload("/file", new byte[] {1, 2});
        MapRequest.FileRange range = new MapRequest.FileRange(memory.file("/file"), 0, true);
        space.map(new MapRequest(AT, 2 * PAGE, 3, true, MapRequest.Placement.FIXED, range));
        assertThat(user.peek(space, AT + 1, 2)).containsExactly(2, 0);
        assertThat(user.peek(space, AT + 100, 2)).as("beyond the last byte").containsExactly(0, 0);
        assertThat(user.peek(space, AT + PAGE, 1)).as("the next page").isEmpty();

        user.copyAllToUser(space, AT + 100, new byte[] {7});
        space.advise(AT, PAGE, MemoryAdvice.DONTNEED);
        assertThat(user.peek(space, AT + 100, 1)).as("what a load would see").containsExactly(7);
        space.unmap(AT, 2 * PAGE);
        assertThat(memory.files.dropStep()).isTrue();
    }

    @Test
    void peekingBringsNoPageIn() {
        int free = memory.frames.freeFrames();
        assertThat(user.peek(space, AT, 100)).as("what a load would see").isEqualTo(new byte[100]);
        assertThat(user.peek(space, AT - 50, 100)).isEmpty();
        assertThat(user.peek(space, -5, 100)).isEmpty();
        assertThat(user.peek(space, Long.MAX_VALUE, 100)).isEmpty();
        assertThat(memory.frames.freeFrames()).isEqualTo(free);
    }
}
