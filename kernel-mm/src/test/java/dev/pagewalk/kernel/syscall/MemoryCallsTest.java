package dev.pagewalk.kernel.syscall;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.kernel.space.UserLayout;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import dev.pagewalk.mmu.table.PagingMode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What guests get from mmap, munmap, mprotect and brk: results, errnos, and never a stale translation. */
class MemoryCallsTest {
    private static final long PAGE = 4096;
    private static final long BASE = UserLayout.DEFAULT.mmapStart();
    private static final long MIN = UserLayout.DEFAULT.userStart();
    private static final long END = UserLayout.DEFAULT.userEnd();
    private static final long AT = 0x2000_0000L;

    private static TestMachine run(Guest guest) {
        return TestMachine.options().run(guest);
    }

    @Test
    @Tag("S16")
    void mmapRefusesWhatLinuxRefuses() {
        run(new Guest()
                .mmap(0, 0, RW, ANON)
                .expect(EINVAL)
                .call(MMAP, 0, PAGE, RW, ANON, -1, 1)
                .expect(EINVAL)
                .call(MMAP, 0, PAGE, RW, PRIVATE, -1, 0)
                .expect(EBADF)
                .call(MMAP, 0, PAGE, RW, PRIVATE, 7, 0)
                .expect(EBADF)
                .mmap(0, PAGE, RW, ANONYMOUS)
                .expect(EINVAL)
                .mmap(0, PAGE, RW, ANONYMOUS | 3)
                .expect(EINVAL)
                .mmap(0, -1, RW, ANON)
                .expect(ENOMEM)
                .mmap(0, Long.MAX_VALUE, RW, ANON)
                .expect(ENOMEM)
                .mmap(0, Long.MIN_VALUE, RW, ANON)
                .expect(ENOMEM)
                .mmap(0, END, RW, ANON)
                .expect(ENOMEM)
                .mmap(AT + 1, PAGE, RW, ANON | FIXED)
                .expect(EINVAL)
                .mmap(AT + 1, PAGE, RW, ANON | NOREPLACE)
                .expect(EINVAL)
                .mmap(0, PAGE, RW, ANON | FIXED)
                .expect(EPERM)
                .mmap(MIN - PAGE, PAGE, RW, ANON | FIXED)
                .expect(EPERM)
                .mmap(END, PAGE, RW, ANON | FIXED)
                .expect(ENOMEM)
                .mmap(END - PAGE, 2 * PAGE, RW, ANON | FIXED)
                .expect(ENOMEM)
                .mmap(-PAGE, PAGE, RW, ANON | FIXED)
                .expect(ENOMEM)
                .mmap(-PAGE, 2 * PAGE, RW, ANON | FIXED)
                .expect(ENOMEM)
                .mmap(1L << 50, PAGE, RW, ANON | FIXED)
                .expect(ENOMEM)
                .mmap(END + 1, PAGE, RW, ANON | FIXED)
                .expect(ENOMEM));
    }

    @Test
    @Tag("S16")
    void hintsAreTakenWhereTheyAreFree() {
        run(new Guest()
                .mmap(AT, PAGE, RW, ANON)
                .expect(AT)
                .mmap(AT, PAGE, RW, ANON)
                .expect(BASE)
                .mmap(AT + PAGE + 123, PAGE, RW, ANON)
                .expect(AT + PAGE)
                .mmap(AT - PAGE, 2 * PAGE, RW, ANON)
                .expect(BASE + PAGE)
                .mmap(123, PAGE, RW, ANON)
                .expect(BASE + 3 * PAGE)
                .mmap(END, PAGE, RW, ANON)
                .expect(BASE + 4 * PAGE)
                .mmap(-PAGE, PAGE, RW, ANON)
                .expect(BASE + 5 * PAGE)
                .mmap(UserLayout.DEFAULT.stackLimit(), PAGE, RW, ANON)
                .expect(BASE + 6 * PAGE)
                .mmap(UserLayout.DEFAULT.stackReserveStart() - PAGE, PAGE, RW, ANON)
                .expect(UserLayout.DEFAULT.stackReserveStart() - PAGE)
                // The image lies at the minimum, to which a lower hint is moved up.
                .mmap(PAGE, PAGE, RW, ANON)
                .expect(BASE + 7 * PAGE)
                .munmap("=elsewhere", 1)
                .expect(0)
                .data(".section .rodata\nelsewhere: .dword 1"));
    }

    @Test
    @Tag("S16")
    void aHintBelowTheMinimumMovesUpToIt() {
        run(new Guest()
                .line("la t0, moved")
                .line("jr t0")
                .data("        .section .far, \"ax\"\n        .address 0x40000000\nmoved:\n"
                        + new Guest()
                                .munmap(MIN, PAGE)
                                .expect(0)
                                .mmap(1, PAGE, RW, ANON)
                                .expect(BASE)
                                .mmap(0x8000, PAGE, RW, ANON)
                                .expect(MIN)
                                .source()
                                .replace("        .globl _start\n_start:\n", "")
                                .replace("check_failed", "check_failed2")));
    }

    @Test
    @Tag("S16")
    void freedRangesAreReusedAndReadZero() {
        run(new Guest()
                .mmap(0, 4 * PAGE, RW, ANON)
                .expect(BASE)
                .store(BASE + PAGE, 77)
                .load(BASE + PAGE)
                .expect(77)
                .munmap(BASE + PAGE, PAGE)
                .expect(0)
                .mmap(0, PAGE, RW, ANON)
                .expect(BASE + PAGE)
                .load(BASE + PAGE)
                .expect(0)
                .mmap(0, PAGE, RW, ANON)
                .expect(BASE + 4 * PAGE));
    }

    @Test
    @Tag("S16")
    void aFixedMappingReplacesPartsOfSeveral() {
        run(new Guest()
                .mmap(AT, 4 * PAGE, RW, ANON | FIXED)
                .expect(AT)
                .mmap(AT + 6 * PAGE, 4 * PAGE, R, ANON | FIXED)
                .expect(AT + 6 * PAGE)
                .store(AT, 1)
                .store(AT + 3 * PAGE, 2)
                .load(AT + 6 * PAGE)
                .expect(0)
                .mmap(AT + 2 * PAGE, 6 * PAGE, RW, ANON | FIXED)
                .expect(AT + 2 * PAGE)
                .load(AT)
                .expect(1)
                .load(AT + 3 * PAGE)
                .expect(0)
                .store(AT + 6 * PAGE, 3)
                .load(AT + 8 * PAGE)
                .expect(0)
                .mmap(AT + PAGE, PAGE, RW, ANON | NOREPLACE)
                .expect(EEXIST)
                .mmap(AT - PAGE, 2 * PAGE, RW, ANON | NOREPLACE)
                .expect(EEXIST)
                .load(AT)
                .expect(1)
                .mmap(AT + 10 * PAGE, PAGE, RW, ANON | NOREPLACE)
                .expect(AT + 10 * PAGE));
    }

    @Test
    @Tag("S16")
    void populateBringsThePagesAtOnce() {
        TestMachine test = run(new Guest()
                .mmap(AT, 8 * PAGE, RW, ANON | FIXED | POPULATE)
                .expect(AT)
                .store(AT + 7 * PAGE, 5)
                .load(AT + 7 * PAGE)
                .expect(5)
                .mmap(0, 8 * PAGE, PROT_NONE, ANON | POPULATE)
                .expect(BASE)
                .mmap(0, PAGE, X, ANON | POPULATE)
                .expect(BASE + 8 * PAGE));
        assertThat(test.kernel().faultCounters().demandZero).isZero();
        assertThat(test.process().space().peakUserPages()).isEqualTo(2 + 8 + 1);
    }

    @Test
    @Tag("S16")
    void aPopulatedMappingStandsWhereRamIsTooSmallForIt() {
        TestMachine test = TestMachine.options()
                .ramBytes(128 << 10)
                .run(new Guest()
                        .mmap(AT, 1 << 20, RW, ANON | FIXED | POPULATE)
                        .expect(AT)
                        .store(AT, 5)
                        .mprotect(AT, 1 << 20, R)
                        .expect(0)
                        .munmap(AT + PAGE, (1 << 20) - PAGE)
                        .expect(0)
                        .load(AT)
                        .expect(5)
                        .mmap(AT + PAGE, PAGE, RW, ANON | FIXED)
                        .expect(AT + PAGE)
                        .store(AT + PAGE, 6));
        assertThat(test.kernel().frames().peak(dev.pagewalk.kernel.frame.FrameUse.USER))
                .isGreaterThan(8);
    }

    @Test
    @Tag("S16")
    void aLargePopulateIsManyKernelStepsAndCanBeStoppedBetweenThem() {
        TestMachine test = TestMachine.options()
                .ramBytes(128 << 20)
                .boot(new Guest()
                        .mmap(AT, 64 << 20, RW, ANON | FIXED | POPULATE)
                        .expect(AT)
                        .load(AT + (64 << 20) - 8)
                        .expect(0)
                        .source());
        boolean stoppedHalfWay = false;
        for (long limit = 100_000; test.machine().run(limit, Long.MAX_VALUE) == RunStop.CYCLE_LIMIT; limit += 100_000) {
            int pages = test.process().space().userPages();
            stoppedHalfWay |= pages > 1_000 && pages < 15_000;
        }
        assertThat(stoppedHalfWay).isTrue();
        test.finish();
        assertThat(test.process().space().peakUserPages()).isGreaterThan(16 << 10);
    }

    @Test
    @Tag("S10")
    void wanderingThroughTheAddressSpaceKeepsNoPageTables() {
        Guest guest = new Guest();
        for (int i = 0; i < 64; i++) {
            long at = AT + i * (5L << 30);
            guest.mmap(at, PAGE, RW, ANON | FIXED)
                    .expect(at)
                    .store(at, i)
                    .munmap(at, PAGE)
                    .expect(0);
        }
        TestMachine test = run(guest);
        assertThat(test.process().space().pageTable().peakTablePages()).isLessThan(14);
    }

    @Test
    @Tag("S10")
    void aTableThatANeighbourStillNeedsStays() {
        run(new Guest()
                .mmap(AT, 3 * PAGE, RW, ANON | FIXED)
                .expect(AT)
                .store(AT, 1)
                .store(AT + 2 * PAGE, 3)
                .munmap(AT, 2 * PAGE)
                .expect(0)
                .load(AT + 2 * PAGE)
                .expect(3)
                .munmap(AT + 2 * PAGE, PAGE)
                .expect(0)
                .mmap(AT, 3 * PAGE, RW, ANON | FIXED)
                .expect(AT)
                .load(AT + 2 * PAGE)
                .expect(0));
    }

    @Test
    @Tag("S16")
    void sharedAnonymousMemoryWorksAsPrivateInOneProcess() {
        run(new Guest()
                .mmap(0, PAGE, RW, SHARED | ANONYMOUS)
                .expect(BASE)
                .store(BASE, 9)
                .load(BASE)
                .expect(9)
                .mmap(0, PAGE, 0xFF3, ANON)
                .expect(BASE + PAGE)
                .store(BASE + PAGE, 1));
    }

    @Test
    @Tag("S27")
    void flagsHaveTheNumbersOfLinux() {
        run(new Guest()
                .mmap(AT, PAGE, 1 | 2, 0x02 | 0x10 | 0x20)
                .expect(AT)
                .store(AT, 7)
                .load(AT)
                .expect(7)
                .mmap(AT + PAGE, PAGE, 0, 0x01 | 0x10 | 0x20)
                .expect(AT + PAGE)
                .mprotect(AT + PAGE, PAGE, 4)
                .expect(0)
                .mmap(AT, PAGE, 3, 0x02 | 0x20 | 0x100000)
                .expect(EEXIST));
    }

    @Test
    @Tag("S10")
    void munmapRefusesWhatLinuxRefuses() {
        run(new Guest()
                .munmap(AT, 0)
                .expect(EINVAL)
                .munmap(AT + 1, PAGE)
                .expect(EINVAL)
                .munmap(AT, -1)
                .expect(EINVAL)
                .munmap(AT, Long.MAX_VALUE)
                .expect(EINVAL)
                .munmap(-PAGE, PAGE)
                .expect(EINVAL)
                .munmap(-PAGE, 2 * PAGE)
                .expect(EINVAL)
                .munmap(END, PAGE)
                .expect(EINVAL)
                .munmap(END - PAGE, 2 * PAGE)
                .expect(EINVAL)
                .munmap(AT, PAGE)
                .expect(0)
                .munmap(0, PAGE)
                .expect(0)
                .munmap(AT, 1)
                .expect(0));
    }

    @Test
    @Tag("S10")
    void munmapCutsAcrossRegionsAndGapsAndRoundsItsEndUp() {
        run(new Guest()
                .mmap(AT, 3 * PAGE, RW, ANON | FIXED)
                .mmap(AT + 4 * PAGE, PAGE, R, ANON | FIXED)
                .mmap(AT + 6 * PAGE, 3 * PAGE, RW, ANON | FIXED)
                .store(AT + PAGE, 1)
                .store(AT + 2 * PAGE, 2)
                .store(AT + 6 * PAGE, 3)
                .store(AT + 7 * PAGE, 4)
                .munmap(AT + 2 * PAGE, 4 * PAGE + 1)
                .expect(0)
                .load(AT + PAGE)
                .expect(1)
                .load(AT + 7 * PAGE)
                .expect(4)
                .mmap(AT + 2 * PAGE, 5 * PAGE, RW, ANON | NOREPLACE)
                .expect(AT + 2 * PAGE)
                .load(AT + 2 * PAGE)
                .expect(0)
                .load(AT + 6 * PAGE)
                .expect(0));
    }

    @Test
    @Tag("S10")
    void munmapTrimsFrontAndBackAndCutsHoles() {
        Guest guest = new Guest().mmap(AT, 7 * PAGE, RW, ANON | FIXED);
        for (int i = 0; i < 7; i++) {
            guest.store(AT + i * PAGE, i + 1);
        }
        guest.munmap(AT, PAGE)
                .expect(0)
                .munmap(AT + 6 * PAGE, PAGE)
                .expect(0)
                .munmap(AT + 3 * PAGE, PAGE)
                .expect(0);
        for (int i : new int[] {1, 2, 4, 5}) {
            guest.load(AT + i * PAGE).expect(i + 1);
        }
        for (int i : new int[] {0, 3, 6}) {
            guest.mmap(AT + i * PAGE, PAGE, RW, ANON | NOREPLACE)
                    .expect(AT + i * PAGE)
                    .load(AT + i * PAGE)
                    .expect(0);
        }
        run(guest);
    }

    @Test
    @Tag("S20")
    void mprotectRefusesWhatLinuxRefuses() {
        run(new Guest()
                .mmap(AT, 2 * PAGE, RW, ANON | FIXED)
                .mprotect(AT + 1, PAGE, R)
                .expect(EINVAL)
                .mprotect(AT, PAGE, 16)
                .expect(EINVAL)
                .mprotect(AT, PAGE, 1L << 40)
                .expect(EINVAL)
                .mprotect(AT, 0, 16)
                .expect(0)
                .mprotect(AT, -PAGE, 16)
                .expect(ENOMEM)
                .mprotect(AT, PAGE, RW | 8)
                .expect(0)
                .mprotect(0x7000_0000L, 0, R)
                .expect(0)
                .mprotect(0x7000_0000L, PAGE, R)
                .expect(ENOMEM)
                .mprotect(AT, -1, R)
                .expect(ENOMEM)
                .mprotect(AT, Long.MAX_VALUE, R)
                .expect(ENOMEM)
                .mprotect(-PAGE, PAGE, R)
                .expect(ENOMEM)
                .mprotect(0, PAGE, R)
                .expect(ENOMEM)
                .store(AT, 1));
    }

    @Test
    @Tag("S20")
    void mprotectOverAGapChangesWhatStandsBeforeIt() {
        Guest guest = new Guest()
                .mmap(AT, 2 * PAGE, RW, ANON | FIXED)
                .mmap(AT + 3 * PAGE, PAGE, RW, ANON | FIXED)
                .store(AT, 1)
                .store(AT + 3 * PAGE, 1)
                .mprotect(AT, 4 * PAGE, R)
                .expect(ENOMEM)
                .store(AT + 3 * PAGE, 2)
                .load(AT)
                .expect(1)
                .store(AT + PAGE + 8, 2);
        TestMachine test = TestMachine.options().run(guest.source());
        assertThat(test.console()).isEqualTo("[KERN] perm fault at 0x0000000020001008\n");
        assertThat(test.exitStatus()).isEqualTo(139);
    }

    @Test
    @Tag("S20")
    void protNoneKeepsTheContents() {
        run(new Guest()
                .mmap(AT, 3 * PAGE, RW, ANON | FIXED)
                .store(AT, 11)
                .store(AT + PAGE, 12)
                .mprotect(AT, 2 * PAGE, PROT_NONE)
                .expect(0)
                .call(WRITE, 1, AT, 1)
                .expect(EFAULT)
                .mprotect(AT, 2 * PAGE, R)
                .expect(0)
                .load(AT)
                .expect(11)
                .load(AT + PAGE)
                .expect(12)
                .mprotect(AT, PAGE, W)
                .expect(0)
                .load(AT)
                .expect(11)
                .store(AT, 13)
                .load(AT)
                .expect(13)
                .mprotect(AT, 3 * PAGE, PROT_NONE)
                .expect(0)
                .munmap(AT, 3 * PAGE)
                .expect(0));
    }

    @Test
    @Tag("S20")
    void anExecuteOnlyPageRunsAndDoesNotRead() {
        String source = new Guest()
                .mmap(AT, PAGE, RW, ANON | FIXED)
                .line("la t0, stub")
                .line("lw t1, 0(t0)")
                .line("lw t2, 4(t0)")
                .line("li t3, " + AT)
                .line("sw t1, 0(t3)")
                .line("sw t2, 4(t3)")
                .mprotect(AT, PAGE, X)
                .expect(0)
                .line("li t3, " + AT)
                .line("jalr t3")
                .expect(55)
                .load(AT)
                .data("stub: li a0, 55\n ret")
                .source();
        TestMachine test = TestMachine.options().run(source);
        assertThat(test.console()).isEqualTo("[KERN] perm fault at 0x0000000020000000\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"u74", "ideal"})
    @Tag("S10")
    @Tag("S21")
    @Tag("S34")
    void noStaleTranslationSurvivesMunmap(String profile) {
        Guest guest = new Guest();
        for (int i = 0; i < 3; i++) {
            guest.mmap(AT, 200 * PAGE, RW, ANON | FIXED)
                    .expect(AT)
                    .line("li t0, " + AT)
                    .line("li t1, 200")
                    .line("li t2, 4096")
                    .line("8: ld a0, 0(t0)")
                    .line("add s2, s2, a0")
                    .line("sd t1, 0(t0)")
                    .line("ld a1, 0(t0)")
                    .line("add t0, t0, t2")
                    .line("addi t1, t1, -1")
                    .line("bnez t1, 8b")
                    .line("mv a0, s2")
                    .expect(0)
                    // Up to 64 pages are flushed one by one, more by ASID: both.
                    .munmap(AT, 64 * PAGE)
                    .expect(0)
                    .mmap(AT, 64 * PAGE, RW, ANON | FIXED)
                    .expect(AT)
                    .load(AT)
                    .expect(0)
                    .load(AT + 63 * PAGE)
                    .expect(0)
                    .munmap(AT, 200 * PAGE)
                    .expect(0);
        }
        TestMachine.options().profile(profile).run(guest);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 65})
    @Tag("S20")
    void noStoreSlipsThroughAfterMprotect(int pages) {
        long last = AT + (pages - 1) * PAGE;
        String source = new Guest()
                .mmap(AT, pages * PAGE, RW, ANON | FIXED | POPULATE)
                .store(AT, 1)
                .store(last, 1)
                .store(last, 2)
                .mprotect(AT, pages * PAGE, R)
                .expect(0)
                .load(last)
                .expect(2)
                .store(last, 3)
                .source();
        TestMachine test = TestMachine.options().profile("ideal").run(source);
        assertThat(test.console()).isEqualTo(String.format("[KERN] perm fault at 0x%016x\n", last));
    }

    @Test
    @Tag("S20")
    @Tag("S21")
    void wideningIsSeenWithoutAFlush() {
        TestMachine test = run(new Guest()
                .mmap(AT, PAGE, R, ANON | FIXED)
                .load(AT)
                .expect(0)
                .mprotect(AT, PAGE, RW)
                .expect(0)
                .store(AT, 4)
                .load(AT)
                .expect(4));
        assertThat(test.kernel().faultCounters().spurious).isPositive();
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    @Tag("S17")
    void brkGrowsAndShrinks(PagingMode mode) {
        TestMachine.options()
                .mode(mode)
                .run(new Guest()
                        .brk(0)
                        .keep("s0")
                        .line("andi a0, a0, 2047")
                        .expect(0)
                        .line("addi a0, s0, 100")
                        .brk("a0")
                        .keep("s1")
                        .line("addi t3, s0, 100")
                        .line("sub a0, a0, t3")
                        .expect(0)
                        .line("li t1, 1234")
                        .line("sd t1, 0(s0)")
                        .line("li t3, 0x5000")
                        .line("add s2, s0, t3")
                        .brk("s2")
                        .expect("s2")
                        .line("sd t1, -8(s2)")
                        .load("s0")
                        .expect(1234)
                        // Shrinking keeps the page that holds the break.
                        .line("addi a0, s0, 1")
                        .brk("a0")
                        .line("addi t3, s0, 1")
                        .line("sub a0, a0, t3")
                        .expect(0)
                        .load("s0")
                        .expect(1234)
                        .brk("s2")
                        .expect("s2")
                        .line("ld a0, -8(s2)")
                        .expect(0)
                        .load("s0")
                        .expect(1234)
                        // Below the start it only asks.
                        .line("addi a0, s0, -1")
                        .brk("a0")
                        .expect("s2")
                        .brk(0)
                        .expect("s2")
                        .brk(-1)
                        .expect("s2")
                        .brk("s0")
                        .expect("s0")
                        .brk("s2")
                        .expect("s2")
                        .load("s0")
                        .expect(0));
    }

    @Test
    @Tag("S17")
    void growthIntoAnotherRegionReturnsTheOldBreak() {
        run(new Guest()
                .brk(0)
                .keep("s0")
                .line("li t3, 0x4000")
                .line("add s1, s0, t3")
                .mmap("s1", PAGE, RW, ANON | FIXED)
                .expect("s1")
                .line("addi a0, s1, 1")
                .brk("a0")
                .expect("s0")
                .brk("s1")
                .expect("s0")
                .line("li t3, 0x3000")
                .line("add s2, s0, t3")
                .brk("s2")
                .expect("s2"));
    }

    @Test
    @Tag("S17")
    void theHeapIsUnmappedByMunmapLikeAnyMemory() {
        run(new Guest()
                .brk(0)
                .keep("s0")
                .line("li t3, 0x4000")
                .line("add s1, s0, t3")
                .brk("s1")
                .expect("s1")
                .line("li t1, 5")
                .line("sd t1, 0(s0)")
                .munmap("s0", PAGE)
                .expect(0)
                .brk("s0")
                .expect("s0")
                .brk("s1")
                .expect("s1")
                .load("s0")
                .expect(0));
    }

    @Test
    @Tag("S47")
    void manyTouchedPagesComeBackOneByOneInEveryOrder() {
        run(new Guest()
                .mmap(AT, 256 * PAGE, RW, ANON | FIXED)
                .line("li s0, " + AT)
                .line("li s1, 256")
                .line("li s2, 4096")
                .line("2: sd s1, 0(s0)")
                .line("add s0, s0, s2")
                .line("addi s1, s1, -1")
                .line("bnez s1, 2b")
                .line("li s0, " + AT)
                .line("li s1, 128")
                .line("li s2, 8192")
                .line("3: mv a0, s0")
                .line("li a1, 4096")
                .line("li a7, 215")
                .line("ecall")
                .line("add s0, s0, s2")
                .line("addi s1, s1, -1")
                .line("bnez s1, 3b")
                .load(AT + PAGE)
                .expect(255)
                .load(AT + 255 * PAGE)
                .expect(1));
    }
}
