package dev.pagewalk.kernel.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.testing.Errors;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import dev.pagewalk.mmu.table.PagingMode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("S6")
class UserLayoutTest {
    @Test
    void theTwoPresetsAreTheSeedsFigures() {
        UserLayout a = UserLayout.SET_A;
        assertThat(a.heapStart()).isEqualTo(0x2000_0000_0000L);
        assertThat(a.mmapStart()).isEqualTo(0x4000_0000_0000L);
        assertThat(a.stackTop()).isEqualTo(0x7FFF_FFFF_0000L);
        assertThat(a.stackLimitBytes()).isEqualTo(8 << 20);
        UserLayout b = UserLayout.SET_B;
        assertThat(b.userStart()).isEqualTo(0x1_0000L);
        assertThat(b.userEnd()).isEqualTo(0x7FFF_FFFF_0000L);
        assertThat(b.heapStart()).isEqualTo(0x1000_0000L);
        assertThat(b.heapLimitBytes()).isEqualTo(8L << 30);
        assertThat(b.stackTop()).isEqualTo(0x7FFF_0000_0000L);
        assertThat(b.stackLimitBytes()).isEqualTo(8 << 20);
        assertThat(UserLayout.DEFAULT.heapStart()).isEqualTo(UserLayout.HEAP_AFTER_IMAGE);
        assertThat(UserLayout.DEFAULT.stackTop()).isEqualTo(b.stackTop());
    }

    @Test
    @Tag("S24")
    void theStacksBoundsFollowFromItsTop() {
        UserLayout b = UserLayout.SET_B;
        assertThat(b.stackLimit()).isEqualTo(0x7FFE_FF80_0000L);
        assertThat(b.stackReserveStart()).isEqualTo(b.stackLimit() - (1 << 20));
        assertThat(b.isInStackGuard(b.stackLimit())).isFalse();
        assertThat(b.isInStackGuard(b.stackLimit() - 1)).isTrue();
        assertThat(b.isInStackGuard(b.stackReserveStart())).isTrue();
        assertThat(b.isInStackGuard(b.stackReserveStart() - 1)).isFalse();
    }

    @Test
    void aLayoutThatFitsTheModeStaysAsItIs() {
        for (UserLayout layout : new UserLayout[] {UserLayout.SET_A, UserLayout.SET_B, UserLayout.DEFAULT}) {
            assertThat(layout.clampedTo(PagingMode.SV48)).isSameAs(layout);
            assertThat(layout.clampedTo(PagingMode.SV57)).isSameAs(layout);
        }
    }

    @Test
    void sv39ClampsEveryPartIntoItsUserHalf() {
        for (UserLayout layout : new UserLayout[] {UserLayout.SET_A, UserLayout.SET_B, UserLayout.DEFAULT}) {
            UserLayout clamped = layout.clampedTo(PagingMode.SV39);
            long end = PagingMode.SV39.userHalfEnd();
            assertThat(clamped.userStart()).isEqualTo(layout.userStart());
            assertThat(clamped.userEnd()).isLessThanOrEqualTo(end);
            assertThat(clamped.stackTop()).isLessThanOrEqualTo(end);
            assertThat(clamped.stackLimitBytes()).isEqualTo(layout.stackLimitBytes());
            assertThat(clamped.heapStart() + clamped.heapLimitBytes()).isLessThanOrEqualTo(clamped.mmapStart());
            assertThat(clamped.mmapStart()).isLessThan(clamped.stackReserveStart());
            assertThat(layout.heapStart() == 0).isEqualTo(clamped.heapStart() == 0);
        }
        assertThat(UserLayout.SET_B.clampedTo(PagingMode.SV39).heapStart()).isEqualTo(UserLayout.SET_B.heapStart());
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void aGuestFindsHeapMappingsAndStackWhereItsLayoutSays(PagingMode mode) {
        for (UserLayout layout : new UserLayout[] {UserLayout.SET_A, UserLayout.SET_B, UserLayout.DEFAULT}) {
            UserLayout clamped = layout.clampedTo(mode);
            Guest guest = new Guest().brk(0).keep("s0");
            if (clamped.heapStart() != UserLayout.HEAP_AFTER_IMAGE) {
                guest.expect(clamped.heapStart());
            }
            guest.line("addi a0, s0, 16")
                    .brk("a0")
                    .store("s0", 5)
                    .mmap(0, 4096, Guest.RW, Guest.ANON)
                    .expect(clamped.mmapStart())
                    .store("a0", 6)
                    .line("addi a0, sp, 2047")
                    .line("addi a0, a0, 1")
                    .line("srli a0, a0, 12")
                    .line("slli a0, a0, 12")
                    .expect(clamped.stackTop())
                    .store(clamped.stackLimit(), 7);
            TestMachine.options().mode(mode).layout(layout).run(guest);
        }
    }

    @Test
    void partsThatAreNoPagesOrOutOfOrderAreRefused() {
        refuse(0x1_0001, 0x8000_0000L, 0, 0x1000, 0x4000_0000L, 0x7000_0000L, 0x10000, 0x1000);
        refuse(0x1_0000, 0x8000_0000L, 0, 0x1000, 0x1_0000, 0x7000_0000L, 0x10000, 0x1000);
        refuse(0x1_0000, 0x8000_0000L, 0, 0x1000, 0x4000_0000L, 0x9000_0000L, 0x10000, 0x1000);
        refuse(0x1_0000, 0x8000_0000L, 0, 0x1000, 0x6FFF_0000L, 0x7000_0000L, 0x10000, 0x1000);
        refuse(-4096, 0x8000_0000L, 0, 0x1000, 0x4000_0000L, 0x7000_0000L, 0x10000, 0x1000);
        refuse(0x1_0000, 0x8000_0000L, 0x1000, 0x1000, 0x4000_0000L, 0x7000_0000L, 0x10000, 0x1000);
        refuse(0x1_0000, 0x8000_0000L, 0x7FFF_0000L, 0x1000, 0x4000_0000L, 0x7000_0000L, 0x10000, 0x1000);
        refuse(0x1_0000, 0x8000_0000L, 0, 0x1000, 0x4000_0000L, 0x7000_0000L, 0, 0x1000);
        refuse(0x1_0000, 0x8000_0000L, 0, 0x1000, 0x4000_0000L, 0x7000_0000L, Long.MAX_VALUE & -4096, 0x1000);
    }

    private static void refuse(
            long userStart, long userEnd, long heap, long heapLimit, long mmap, long top, long stack, long guard) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new UserLayout(userStart, userEnd, heap, heapLimit, mmap, top, stack, guard));
    }

    @Test
    void aUserRangeNeitherWrapsNorLeavesUserSpace() {
        UserLayout b = UserLayout.SET_B;
        assertThat(b.isUserRange(b.userStart(), b.userEnd() - b.userStart())).isTrue();
        assertThat(b.isUserRange(b.userStart(), b.userEnd())).isFalse();
        assertThat(b.isUserRange(b.userStart() - 4096, 4096)).isFalse();
        assertThat(b.isUserRange(b.userEnd(), 0)).isTrue();
        assertThat(b.isUserRange(b.userEnd(), 1)).isFalse();
        assertThat(b.isUserRange(-4096, 8192)).isFalse();
        assertThat(b.isUserRange(b.userStart(), -1)).isFalse();
        assertThat(b.isUserRange(b.userEnd() - 1, Long.MAX_VALUE)).isFalse();
    }

    @Test
    @Tag("S18")
    void aBreakMovesUpToItsLimitInclusive() throws KernelException {
        ProgramBreak heap = new ProgramBreak(0x10000, 0x3000);
        heap.moveTo(0x13000);
        assertThat(heap.sizeBytes()).isEqualTo(0x3000);
        assertThat(Errors.of(() -> heap.moveTo(0x13001))).isEqualTo(KernelError.OUT_OF_MEMORY);
        assertThat(Errors.of(() -> heap.moveTo(0xFFFF))).isEqualTo(KernelError.INVALID_ADDRESS);
        assertThat(Errors.of(() -> heap.moveTo(-1))).isEqualTo(KernelError.INVALID_ADDRESS);
        assertThat(Errors.of(() -> heap.moveTo(Long.MAX_VALUE))).isEqualTo(KernelError.OUT_OF_MEMORY);
        assertThat(heap.current()).isEqualTo(0x13000);
        heap.moveTo(0x10000);
        assertThat(heap.sizeBytes()).isZero();
    }
}
