package dev.pagewalk.kernel.sanitizer;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.shootdown.Invalidation;
import dev.pagewalk.kernel.testing.BrokenInvalidation;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole machines with kernels that invalidate wrongly: the sanitizer names each mistake, and is silent without it. */
class BrokenKernelTest {
    private static final long PAGE = 4096;
    private static final long AT = 0x2000_0000L;

    /** Takes a page away whose neighbour stays, and goes on using it. */
    private static final Guest UNMAPPING = new Guest()
            .mmap(AT, 2 * PAGE, RW, ANON | FIXED)
            .store(AT, 1)
            .store(AT + PAGE, 1)
            .munmap(AT, PAGE)
            .load(AT);

    /** Makes a page read-only, and goes on writing to it. */
    private static final Guest NARROWING = new Guest()
            .mmap(AT, 2 * PAGE, RW, ANON | FIXED)
            .store(AT, 1)
            .store(AT + PAGE, 1)
            .mprotect(AT, PAGE, R)
            .store(AT, 2);

    /** Takes all of a region away, tables included, and maps another one in its place. */
    private static final Guest REPLACING = new Guest()
            .mmap(AT, PAGE, RW, ANON | FIXED)
            .store(AT, 1)
            .munmap(AT, PAGE)
            .mmap(AT, PAGE, RW, ANON | FIXED)
            .store(AT, 1);

    private static List<String> reports(String profile, Guest guest, UnaryOperator<Invalidation> broken) {
        return TestMachine.options()
                .profile(profile)
                .invalidations(broken)
                .boot(guest.source())
                .finishBroken();
    }

    private static List<String> reports(Guest guest, UnaryOperator<Invalidation> broken) {
        return reports("u74", guest, broken);
    }

    private static Pattern pattern(String text) {
        return Pattern.compile(text.replace("(", "\\(")
                .replace(")", "\\)")
                .replace("HEX", "0x[0-9a-f]+")
                .replace("NUMBER", "[0-9]+"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ideal", "rocket", "u74", "skylake"})
    void aGoodKernelIsNotReported(String profile) {
        for (Guest guest : List.of(UNMAPPING, NARROWING, REPLACING)) {
            assertThat(reports(profile, guest, UnaryOperator.identity())).isEmpty();
        }
    }

    @Test
    @Tag("S34")
    void noFlushAfterMunmap() {
        List<String> reports = reports(UNMAPPING, BrokenInvalidation::none);
        assertThat(reports.get(0))
                .matches(pattern(
                        "frame freed while it can be reached: HEX (user) by hart 0 at cycle NUMBER (pc HEX); hart 0 "
                                + "has it in L1D for va 0x20000000, asid 1; the PTE was changed from leaf HEX rw-u-ad to invalid "
                                + "by hart 0 at cycle NUMBER (pc HEX); shootdown NUMBER was issued by hart 0 at cycle NUMBER; "
                                + "since then hart 0 has flushed nothing"));
        assertThat(reports.get(1))
                .matches(
                        pattern(
                                "stale translation used: hart 0, va 0x20000000, asid 1, pc HEX, cycle NUMBER, load; the PTE "
                                        + "was changed from leaf HEX rw-u-ad to invalid by hart 0 at cycle NUMBER (pc HEX), completed at "
                                        + "cycle NUMBER; shootdown NUMBER was issued by hart 0 at cycle NUMBER; never flushed from L1D; since then hart 0 has flushed nothing"));
    }

    @Test
    void noFlushAfterMprotect() {
        assertThat(reports(NARROWING, BrokenInvalidation::none).get(0))
                .matches(pattern(
                        "stale translation used: hart 0, va 0x20000000, asid 1, pc HEX, cycle NUMBER, store; the PTE "
                                + "was changed from leaf HEX rw-u-ad to leaf HEX r--u-ad by hart 0 at cycle NUMBER (pc HEX), "
                                + "completed at cycle NUMBER; shootdown NUMBER was issued by hart 0 at cycle NUMBER; "
                                + "never flushed from L1D; since then hart 0 has flushed nothing"));
    }

    @Test
    void aFlushOfTheWrongAsid() {
        assertThat(reports(NARROWING, BrokenInvalidation::ofAnotherAsid).get(0))
                .startsWith("stale translation used: hart 0, va 0x20000000, asid 1, ")
                .contains("never flushed from L1D")
                .contains("since then hart 0 has flushed 0x20000000 to 0x20000fff of asid 2 at cycle ");
    }

    @Test
    void aFlushOfTheWrongPage() {
        assertThat(reports(NARROWING, BrokenInvalidation::ofAnotherPage).get(0))
                .startsWith("stale translation used: hart 0, va 0x20000000, asid 1, ")
                .contains("never flushed from L1D")
                .contains("since then hart 0 has flushed 0x20001000 to 0x20001fff of asid 1 at cycle ");
    }

    @Test
    @Tag("S23")
    void framesFreedBeforeTheFlush() {
        Guest guest = new Guest()
                .mmap(AT, 2 * PAGE, RW, ANON | FIXED)
                .store(AT, 1)
                .store(AT + PAGE, 1)
                .munmap(AT, PAGE)
                .mprotect(AT + PAGE, PAGE, R);
        assertThat(reports(guest, BrokenInvalidation::oneLate).get(0))
                .startsWith("frame freed while it can be reached: ")
                .contains("hart 0 has it in L1D for va 0x20000000, asid 1; the PTE was changed from leaf ");
    }

    @Test
    @Tag("S23")
    void aProcessThatEndsNeedsNoFlushSinceNobodyGetsItsAsidBeforeOne() {
        assertThat(reports(new Guest().store("sp", 1), BrokenInvalidation::oneLate))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rocket", "u74"})
    @Tag("S23")
    void aTablePageFreedAfterAFlushOfAddressesOnly(String profile) {
        AtomicReference<TestMachine> machine = new AtomicReference<>();
        machine.set(TestMachine.options()
                .profile(profile)
                .invalidations(right -> BrokenInvalidation.byAddressOnly(right))
                .boot(REPLACING.source()));
        Hart hart = machine.get().hart();
        assertThat(hart.mmu().walkCache().parameters().addressFlushDropsTables())
                .isFalse();
        List<String> reports = machine.get().finishBroken();
        assertThat(reports.get(0))
                .startsWith("frame freed while it can be reached: ")
                .contains("(page table)")
                .contains(
                        "hart 0 has it in its walk cache for tables from va 0x20000000 on, asid 1; the PTE was changed from "
                                + "table ");
        assertThat(reports)
                .anyMatch(report -> report.startsWith("stale translation used: hart 0, va 0x20000000, asid 1, ")
                        && report.contains("never flushed from walk cache"));
    }

    @Test
    @Tag("S38")
    void noFlushAfterForkHasWriteProtectedTheParent() {
        Guest guest = new Guest()
                .mmap(AT, PAGE, RW, ANON | FIXED)
                .store(AT, 1)
                .fork("child")
                .store(AT, 2)
                .wait4(-1, "status")
                .exit(0)
                .text("child:")
                .words("status");
        assertThat(reports(guest, UnaryOperator.identity())).isEmpty();
        assertThat(reports(guest, BrokenInvalidation::none))
                .anyMatch(report -> report.startsWith("stale translation used: hart 0, va 0x20000000, asid 1, ")
                        && report.contains(", store; the PTE was changed from leaf ")
                        && report.contains(" rw-u-ad to leaf ")
                        && report.contains(" r--u-ad by hart 0"));
    }

    @Test
    void aHartThatGoesOnUsingTheSameIsToldOfOnceButCounted() {
        Guest guest = new Guest()
                .mmap(AT, PAGE, RW, ANON | FIXED)
                .store(AT, 1)
                .mprotect(AT, PAGE, R)
                .line("li s2, 1000")
                .line("6: sd s2, 0(t1)")
                .line("addi s2, s2, -1")
                .line("bnez s2, 6b");
        TestMachine test =
                TestMachine.options().invalidations(BrokenInvalidation::none).boot(guest.source());
        List<String> reports = test.finishBroken();
        assertThat(reports).filteredOn(report -> report.startsWith("stale")).hasSize(1);
        assertThat(test.kernel().sanitizer().violations()).isBetween(1000L, 1100L);
    }

    @Test
    void reportsEndAfterAHundred() {
        Guest guest = new Guest()
                .mmap(AT, 150 * PAGE, RW, ANON | FIXED | POPULATE)
                .line("li s1, " + AT)
                .line("li s2, 150")
                .line("li s3, " + PAGE)
                .line("6: sd s2, 0(s1)")
                .line("mv a0, s1")
                .line("li a1, " + PAGE)
                .line("li a2, 1")
                .line("li a7, " + MPROTECT)
                .line("ecall")
                .line("sd s2, 0(s1)")
                .line("add s1, s1, s3")
                .line("addi s2, s2, -1")
                .line("bnez s2, 6b");
        TestMachine test =
                TestMachine.options().invalidations(BrokenInvalidation::none).boot(guest.source());
        assertThat(test.finishBroken()).hasSize(100);
        assertThat(test.kernel().sanitizer().violations()).isGreaterThanOrEqualTo(150);
    }
}
