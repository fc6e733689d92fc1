package dev.pagewalk.kernel.syscall;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.space.UserLayout;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What guests get from madvise, mincore, msync and the mlock family. */
@Tag("S16")
class AdviceCallsTest {
    private static final long PAGE = 4096;
    private static final long END = UserLayout.DEFAULT.userEnd();
    private static final long AT = 0x2000_0000L;
    private static final int DONTNEED = 4;
    private static final int FREE = 8;

    private static TestMachine run(Guest guest) {
        return TestMachine.options().run(guest);
    }

    private static Guest mapped(int pages) {
        return new Guest().mmap(AT, pages * PAGE, RW, ANON | FIXED).expect(AT);
    }

    /** Which of the eight pages from an address on are resident, as bytes of one number. */
    private static Guest expectResident(Guest guest, long address, int pages, long bytes) {
        return guest.store("sp", 0)
                .call(MINCORE, address, pages * PAGE, "sp")
                .expect(0)
                .load("sp")
                .expect(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {DONTNEED, FREE})
    void pagesThatAreNotNeededReadZeroAndTheMappingStays(int advice) {
        Guest guest = mapped(4)
                .store(AT, 1)
                .store(AT + PAGE, 2)
                .store(AT + 3 * PAGE, 3)
                .load(AT + PAGE);
        expectResident(guest, AT, 4, 0x01_00_01_01L);
        guest.madvise(AT + PAGE, 2 * PAGE - 1, advice).expect(0);
        expectResident(guest, AT, 4, 0x01_00_00_01L);
        guest.load(AT + PAGE).expect(0).load(AT).expect(1).load(AT + 3 * PAGE).expect(3);
        guest.store(AT + PAGE, 9).load(AT + PAGE).expect(9);
        TestMachine test = run(guest);
        assertThat(test.kernel().faultCounters().killed).isZero();
    }

    @Test
    void madviseRefusesWhatLinuxRefuses() {
        run(mapped(2)
                .madvise(AT, PAGE, 5)
                .expect(EINVAL)
                .madvise(AT, PAGE, -1)
                .expect(EINVAL)
                .madvise(AT, 0, 99)
                .expect(EINVAL)
                .madvise(AT + 1, PAGE, DONTNEED)
                .expect(EINVAL)
                .madvise(AT, -1, DONTNEED)
                .expect(EINVAL)
                .madvise(AT, -AT, DONTNEED)
                .expect(EINVAL)
                .madvise(AT, -PAGE, DONTNEED)
                .expect(EINVAL)
                .madvise(AT, 0, DONTNEED)
                .expect(0)
                .madvise(-PAGE, 0, DONTNEED)
                .expect(0)
                .madvise(-2 * PAGE, PAGE, DONTNEED)
                .expect(ENOMEM)
                .madvise(END, PAGE, DONTNEED)
                .expect(ENOMEM)
                // The upper half of the argument does not count: it is an int.
                .madvise(AT, PAGE, 1L << 32 | DONTNEED)
                .expect(0)
                .mmap(AT, PAGE, RW, SHARED | ANONYMOUS | FIXED)
                .madvise(AT, PAGE, FREE)
                .expect(EINVAL));
    }

    @Test
    void gapsAreAnErrorAfterAllElseHasBeenDone() {
        Guest guest = mapped(5)
                .munmap(AT + PAGE, PAGE)
                .munmap(AT + 3 * PAGE, PAGE)
                .store(AT, 1)
                .store(AT + 2 * PAGE, 2)
                .store(AT + 4 * PAGE, 3)
                .madvise(AT - PAGE, 5 * PAGE, DONTNEED)
                .expect(ENOMEM);
        run(guest.load(AT)
                .expect(0)
                .load(AT + 2 * PAGE)
                .expect(0)
                .load(AT + 4 * PAGE)
                .expect(3));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 10, 11, 14, 15})
    void hintsKeepContents(int advice) {
        run(mapped(3)
                .store(AT + PAGE, 5)
                .madvise(AT + PAGE, PAGE, advice)
                .expect(0)
                .load(AT + PAGE)
                .expect(5));
    }

    @Test
    void mincoreRefusesWhatLinuxRefuses() {
        run(mapped(2)
                .call(MINCORE, AT + 1, PAGE, "sp")
                .expect(EINVAL)
                .call(MINCORE, AT, -1, "sp")
                .expect(ENOMEM)
                .call(MINCORE, END, PAGE, "sp")
                .expect(ENOMEM)
                .call(MINCORE, -PAGE, PAGE, "sp")
                .expect(ENOMEM)
                .call(MINCORE, AT, PAGE, -PAGE)
                .expect(EFAULT)
                .call(MINCORE, AT, PAGE, END)
                .expect(EFAULT)
                .call(MINCORE, AT, PAGE, 8)
                .expect(EFAULT)
                .call(MINCORE, AT, 0, 8)
                .expect(0)
                .call(MINCORE, AT, 2 * PAGE + 1, "sp")
                .expect(ENOMEM)
                .call(MINCORE, AT - PAGE, PAGE, "sp")
                .expect(ENOMEM));
    }

    @Test
    void mincoreCountsInaccessiblePagesAndThoseOfSeveralRegions() {
        Guest guest = mapped(3)
                .store(AT, 1)
                .store(AT + 2 * PAGE, 1)
                .mprotect(AT, PAGE, PROT_NONE)
                .expect(0);
        run(expectResident(guest, AT, 3, 0x01_00_01L));
    }

    @Test
    void msyncChecksItsArguments() {
        run(mapped(3)
                .call(MSYNC, AT, PAGE, 4)
                .expect(0)
                .call(MSYNC, AT, PAGE, 0)
                .expect(0)
                .call(MSYNC, AT, PAGE, 3)
                .expect(0)
                .call(MSYNC, AT, PAGE, 5)
                .expect(EINVAL)
                .call(MSYNC, AT, PAGE, 8)
                .expect(EINVAL)
                .call(MSYNC, AT + 1, PAGE, 4)
                .expect(EINVAL)
                .call(MSYNC, AT, 0, 4)
                .expect(0)
                .call(MSYNC, AT, -PAGE, 4)
                .expect(ENOMEM)
                .call(MSYNC, -PAGE, PAGE, 4)
                .expect(ENOMEM)
                .call(MSYNC, AT - PAGE, 2 * PAGE, 4)
                .expect(ENOMEM)
                .call(MSYNC, AT, 4 * PAGE, 1)
                .expect(ENOMEM)
                .call(MLOCK, AT + PAGE, PAGE)
                .expect(0)
                .call(MSYNC, AT, 3 * PAGE, 2)
                .expect(EBUSY)
                .call(MSYNC, AT, 3 * PAGE, 4)
                .expect(0)
                .call(MSYNC, AT, PAGE, 2)
                .expect(0));
    }

    @Test
    void lockedPagesAreThereAndStay() {
        Guest guest = mapped(4).call(MLOCK, AT + PAGE + 5, PAGE).expect(0);
        expectResident(guest, AT, 4, 0x00_01_01_00L);
        guest.madvise(AT, PAGE, DONTNEED).expect(0);
        guest.madvise(AT + PAGE, PAGE, DONTNEED).expect(EINVAL);
        guest.madvise(AT + PAGE, PAGE, FREE).expect(EINVAL);
        guest.call(MUNLOCK, AT, 4 * PAGE).expect(0);
        guest.madvise(AT, 4 * PAGE, DONTNEED).expect(0);
        run(expectResident(guest, AT, 4, 0));
    }

    @Test
    void lockingOnFaultBringsNothing() {
        Guest guest = mapped(2).call(MLOCK2, AT, 2 * PAGE, 2).expect(EINVAL);
        guest.call(MLOCK2, AT, 2 * PAGE, 1).expect(0);
        expectResident(guest, AT, 2, 0);
        guest.madvise(AT, PAGE, DONTNEED).expect(EINVAL);
        guest.call(MLOCK2, AT, 2 * PAGE, 0).expect(0);
        run(expectResident(guest, AT, 2, 0x01_01L));
    }

    @Test
    void lockingMeetsGapsAndTheInaccessible() {
        Guest guest = mapped(4)
                .munmap(AT + 2 * PAGE, PAGE)
                .call(MLOCK, AT + 2 * PAGE, PAGE)
                .expect(ENOMEM)
                .call(MLOCK, AT, 4 * PAGE)
                .expect(ENOMEM);
        // What lies before the gap is locked, and nothing was brought.
        guest.madvise(AT + PAGE, PAGE, DONTNEED).expect(EINVAL);
        guest.madvise(AT + 3 * PAGE, PAGE, DONTNEED).expect(0);
        expectResident(guest, AT, 2, 0);
        guest.mprotect(AT + 3 * PAGE, PAGE, PROT_NONE)
                .call(MLOCK, AT + 3 * PAGE, PAGE)
                .expect(ENOMEM)
                .call(MLOCK, AT, 0)
                .expect(0)
                .call(MLOCK, AT, -1)
                .expect(0)
                .call(MLOCK, AT, -2 * PAGE)
                .expect(EINVAL)
                .call(MLOCK, -PAGE, PAGE - 1)
                .expect(EINVAL)
                .call(MLOCK, -2 * PAGE, PAGE)
                .expect(ENOMEM)
                .call(MUNLOCK, AT + 2 * PAGE, PAGE)
                .expect(ENOMEM);
        run(guest);
    }

    @Test
    void lockingMoreThanThereIsMustBeTriedAgain() {
        long most = 64L << 20;
        run(new Guest()
                .mmap(AT, most, RW, ANON | FIXED)
                .expect(AT)
                .call(MLOCK, AT, most)
                .expect(EAGAIN)
                .munmap(AT, most)
                .expect(0));
    }

    @Test
    void lockingAllLocksWhatIsThereAndWhatComes() {
        Guest guest =
                mapped(2).mmap(AT + 4 * PAGE, PAGE, PROT_NONE, ANON | FIXED).expect(AT + 4 * PAGE);
        for (int flags : new int[] {0, 4, 8, 9}) {
            guest.call(MLOCKALL, flags).expect(EINVAL);
        }
        guest.call(MLOCKALL, 1).expect(0);
        expectResident(guest, AT, 2, 0x01_01L);
        guest.madvise(AT, PAGE, DONTNEED).expect(EINVAL);
        guest.mmap(AT + 8 * PAGE, PAGE, RW, ANON | FIXED).expect(AT + 8 * PAGE);
        expectResident(guest, AT + 8 * PAGE, 1, 0);
        guest.call(MLOCKALL, 2).expect(0);
        expectResident(guest, AT + 8 * PAGE, 1, 0);
        guest.mmap(AT + 10 * PAGE, 2 * PAGE, RW, ANON | FIXED).expect(AT + 10 * PAGE);
        expectResident(guest, AT + 10 * PAGE, 2, 0x01_01L);
        guest.mremap(AT + 10 * PAGE, 2 * PAGE, 4 * PAGE, 0, 0).expect(AT + 10 * PAGE);
        expectResident(guest, AT + 10 * PAGE, 4, 0x01_01_01_01L);
        guest.brk(0)
                .keep("s1")
                .line("li t0, 8192")
                .line("add s2, s1, t0")
                .brk("s2")
                .expect("s2");
        guest.store("sp", 0)
                .call(MINCORE, "s1", 2 * PAGE, "sp")
                .expect(0)
                .load("sp")
                .expect(0x01_01L);
        guest.call(MUNLOCKALL).expect(0).madvise(AT, 2 * PAGE, DONTNEED).expect(0);
        guest.mmap(AT + 20 * PAGE, PAGE, RW, ANON | FIXED).expect(AT + 20 * PAGE);
        run(expectResident(guest, AT + 20 * PAGE, 1, 0));
    }

    @Test
    void adviceThatDiffersKeepsRegionsApart() {
        TestMachine test = TestMachine.options()
                .boot(mapped(4)
                        .madvise(AT + PAGE, PAGE, 10)
                        .madvise(AT + 2 * PAGE, PAGE, 15)
                        .line("1: j 1b")
                        .source());
        test.pauseAt(2_000_000);
        assertThat(test.process().space().regions().overlapping(AT, AT + 4 * PAGE))
                .hasSize(4);
    }

    @Test
    void aTraceNamesAdviceAndFlags() {
        TestMachine test = TestMachine.options()
                .traced()
                .run(mapped(1)
                        .madvise(AT, PAGE, DONTNEED)
                        .madvise(AT, PAGE, 77)
                        .call(MSYNC, AT, PAGE, 6)
                        .source());
        assertThat(test.trace())
                .contains(
                        "1 madvise(0x20000000, 4096, MADV_DONTNEED) = 0",
                        "1 madvise(0x20000000, 4096, 77) = -1 EINVAL",
                        "1 msync(0x20000000, 4096, MS_INVALIDATE|MS_SYNC) = 0");
    }
}
