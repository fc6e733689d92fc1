package dev.pagewalk.kernel.syscall;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.space.UserLayout;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What guests get from mremap. */
@Tag("S16")
class MremapTest {
    private static final long PAGE = 4096;
    private static final long BASE = UserLayout.DEFAULT.mmapStart();
    private static final long END = UserLayout.DEFAULT.userEnd();
    private static final long AT = 0x2000_0000L;
    private static final long TO = 0x3000_0000L;
    private static final int MAYMOVE = 1;
    private static final int MOVE_TO = 3;
    private static final int DONTUNMAP = 4;

    private static TestMachine run(Guest guest) {
        return TestMachine.options().run(guest);
    }

    private static Guest mapped(int pages) {
        return new Guest()
                .mmap(AT, pages * PAGE, RW, ANON | FIXED)
                .expect(AT)
                .store(AT, 10)
                .store(AT + (pages - 1) * PAGE, 20);
    }

    /** Whether anything is mapped at an address: mincore says. */
    private static Guest expectMapped(Guest guest, long address, boolean mapped) {
        return guest.call(MINCORE, address, PAGE, "sp").expect(mapped ? 0 : ENOMEM);
    }

    @Test
    void refusesWhatLinuxRefuses() {
        run(mapped(4)
                .mremap(AT, PAGE, PAGE, 8, 0)
                .expect(EINVAL)
                .mremap(AT, PAGE, PAGE, 2, TO)
                .expect(EINVAL)
                .mremap(AT, PAGE, 2 * PAGE, MAYMOVE | DONTUNMAP, TO)
                .expect(EINVAL)
                .mremap(AT, PAGE, PAGE, DONTUNMAP, TO)
                .expect(EINVAL)
                .mremap(AT + 1, PAGE, PAGE, 0, 0)
                .expect(EINVAL)
                .mremap(AT, PAGE, 0, 0, 0)
                .expect(EINVAL)
                .mremap(AT, PAGE, -1, 0, 0)
                .expect(EINVAL)
                .mremap(AT, 0, PAGE, MAYMOVE, 0)
                .expect(EINVAL)
                .mremap(TO, PAGE, PAGE, 0, 0)
                .expect(EFAULT)
                .mremap(0, PAGE, 2 * PAGE, MAYMOVE, 0)
                .expect(EFAULT)
                .mremap(-PAGE, PAGE, 2 * PAGE, MAYMOVE, 0)
                .expect(EFAULT)
                .mremap(AT, 5 * PAGE, 6 * PAGE, MAYMOVE, 0)
                .expect(EFAULT)
                .mremap(AT, -2 * PAGE, -PAGE, MAYMOVE, 0)
                .expect(EFAULT)
                .mremap(AT, PAGE, PAGE, MOVE_TO, TO + 1)
                .expect(EINVAL)
                .mremap(AT, PAGE, PAGE, MOVE_TO, END)
                .expect(EINVAL)
                .mremap(AT, PAGE, PAGE, MOVE_TO, -PAGE)
                .expect(EINVAL)
                .mremap(AT, PAGE, 1L << 60, MOVE_TO, TO)
                .expect(EINVAL)
                .mremap(AT, 4 * PAGE, 4 * PAGE, MOVE_TO, AT + 3 * PAGE)
                .expect(EINVAL)
                .mremap(AT + PAGE, PAGE, 2 * PAGE, MOVE_TO, AT)
                .expect(EINVAL)
                .mremap(AT, PAGE, PAGE, MOVE_TO, 0)
                .expect(EPERM)
                // Elsewhere the new length has no limit but the room for it.
                .mremap(AT, 4 * PAGE, 1L << 60, MAYMOVE, 0)
                .expect(ENOMEM)
                .mremap(AT, 4 * PAGE, Long.MIN_VALUE, MAYMOVE, 0)
                .expect(ENOMEM)
                .mremap(AT, PAGE, 2 * PAGE, 0, 0)
                .expect(ENOMEM)
                .load(AT + 3 * PAGE)
                .expect(20));
    }

    @Test
    void shrinkingGivesTheEndBack() {
        Guest guest = mapped(4)
                .mremap(AT, 4 * PAGE - 5, PAGE + 1, 0, 0)
                .expect(AT)
                .load(AT)
                .expect(10);
        expectMapped(guest, AT + PAGE, true);
        expectMapped(guest, AT + 2 * PAGE, false);
        guest.mremap(AT, 2 * PAGE, 2 * PAGE, 0, 0).expect(AT);
        // Shrinking unmaps what it is told of, gaps and other regions too.
        guest.mmap(AT + 3 * PAGE, PAGE, R, ANON | FIXED)
                .mremap(AT, 4 * PAGE, PAGE, 0, 0)
                .expect(AT);
        expectMapped(guest, AT + PAGE, false);
        expectMapped(guest, AT + 3 * PAGE, false);
        run(guest);
    }

    @Test
    void growsInPlaceWhereThereIsRoom() {
        Guest guest = mapped(2)
                .mremap(AT, 2 * PAGE, 5 * PAGE, 0, 0)
                .expect(AT)
                .load(AT + PAGE)
                .expect(20)
                .load(AT + 4 * PAGE)
                .expect(0)
                .store(AT + 4 * PAGE, 5);
        // Only the end of a region can grow, also where the length given ends before it.
        guest.mremap(AT + 3 * PAGE, 2 * PAGE, 3 * PAGE, 0, 0).expect(AT + 3 * PAGE);
        guest.mremap(AT + 3 * PAGE, PAGE, 2 * PAGE, 0, 0).expect(ENOMEM);
        run(guest.load(AT + 4 * PAGE).expect(5));
    }

    @Test
    void movesWhereItCannotGrow() {
        Guest guest = mapped(2)
                .mmap(AT + 2 * PAGE, PAGE, R, ANON | FIXED)
                .mremap(AT, 2 * PAGE, 3 * PAGE, 0, 0)
                .expect(ENOMEM)
                .load(AT)
                .expect(10)
                .mremap(AT, 2 * PAGE, 3 * PAGE, MAYMOVE, 0)
                .expect(BASE)
                .load(BASE)
                .expect(10)
                .load(BASE + PAGE)
                .expect(20)
                .load(BASE + 2 * PAGE)
                .expect(0);
        expectMapped(guest, AT, false);
        expectMapped(guest, AT + PAGE, false);
        expectMapped(guest, AT + 2 * PAGE, true);
        // What has gone reads zero when it is mapped again.
        run(guest.mmap(AT, PAGE, RW, ANON | FIXED).load(AT).expect(0));
    }

    @Test
    void theOldAddressFaultsAfterAMoveEvenWhereATlbKnewIt() {
        TestMachine test = TestMachine.options()
                .run(mapped(1)
                        .load(AT)
                        .mremap(AT, PAGE, PAGE, MOVE_TO, TO)
                        .expect(TO)
                        .load(AT)
                        .source());
        assertThat(test.exitStatus()).isEqualTo(139);
        assertThat(test.console()).contains("invalid uva at 0x0000000020000000");
    }

    @Test
    void movesToWhereItIsTold() {
        Guest guest = mapped(4)
                .mmap(TO, 6 * PAGE, RW, ANON | FIXED)
                .store(TO, 77)
                .store(TO + PAGE, 78)
                .store(TO + 5 * PAGE, 79)
                .load(TO + PAGE)
                // One page of the middle grows to two.
                .mremap(AT + 3 * PAGE, PAGE, 2 * PAGE, MOVE_TO, TO + PAGE)
                .expect(TO + PAGE)
                .load(TO)
                .expect(77)
                .load(TO + PAGE)
                .expect(20)
                .load(TO + 2 * PAGE)
                .expect(0)
                .load(TO + 5 * PAGE)
                .expect(79)
                // Three shrink to one.
                .mremap(AT, 3 * PAGE, PAGE, MOVE_TO, TO + 8 * PAGE)
                .expect(TO + 8 * PAGE)
                .load(TO + 8 * PAGE)
                .expect(10);
        expectMapped(guest, AT, false);
        expectMapped(guest, AT + PAGE, false);
        expectMapped(guest, TO + 9 * PAGE, false);
        run(guest);
    }

    @Test
    void dontUnmapLeavesTheOldMappingEmpty() {
        run(mapped(2)
                .mremap(AT, 2 * PAGE, 2 * PAGE, MAYMOVE | DONTUNMAP, 0)
                .expect(BASE)
                .load(BASE + PAGE)
                .expect(20)
                .load(AT + PAGE)
                .expect(0)
                .store(AT, 1)
                .load(BASE)
                .expect(10)
                .mremap(AT, PAGE, PAGE, MAYMOVE | DONTUNMAP, TO)
                .expect(TO)
                .load(TO)
                .expect(1)
                .load(AT)
                .expect(0));
    }

    @Test
    @Tag("S17")
    void theHeapCanBeMovedAwayAndGrowsAgain() {
        Guest guest = new Guest()
                .brk(0)
                .keep("s1")
                .line("add s2, s1, 1")
                .line("li t0, 8192")
                .line("add s2, s1, t0");
        guest.brk("s2").expect("s2").store("s1", 5);
        guest.line("li t0, 4096").line("add s3, s1, t0");
        guest.mremap("s1", PAGE, PAGE, MOVE_TO, TO).expect(TO).load(TO).expect(5);
        // The break has not moved; shrinking it over the hole is fine.
        guest.brk(0)
                .expect("s2")
                .brk("s1")
                .expect("s1")
                .brk("s2")
                .expect("s2")
                .load("s1")
                .expect(0);
        run(guest.load(TO).expect(5));
    }

    @Test
    void aTraceNamesTheFlags() {
        TestMachine test = TestMachine.options()
                .traced()
                .run(mapped(1).mremap(AT, PAGE, PAGE, MOVE_TO, TO).expect(TO).source());
        assertThat(test.trace())
                .contains("1 mremap(0x20000000, 4096, 4096, MREMAP_MAYMOVE|MREMAP_FIXED, 0x30000000) = 0x30000000");
    }
}
