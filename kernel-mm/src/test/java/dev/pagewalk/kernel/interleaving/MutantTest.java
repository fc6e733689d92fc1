package dev.pagewalk.kernel.interleaving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.shootdown.BrokenPolicies;
import dev.pagewalk.kernel.testing.BrokenInvalidation;
import java.util.List;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Machines with broken kernels: the sanitizer names each mistake, and says nothing of the same guest without it. */
class MutantTest {
    /** A mistake shows in some orders of events only; in one of so many at least. */
    private static final int SEEDS = 20;

    static List<Mutant> mutants() {
        return List.of(
                Mutant.telling(
                        "a hart is left out of the mask",
                        "replace",
                        "targeted",
                        (right, frames) -> BrokenPolicies.leavingOneOut(right),
                        "frame freed while it can be reached: HEX (user) by hart 0 at CYCLE; hart 2 has it in L1D for va "
                                + "HEX, asid 1; the PTE was changed from leaf HEX rw-u-ad to invalid by hart 0 at CYCLE; "
                                + "ISSUED; told: hart 1 (ANSWERED); hart 2 was not told; since then hart 2 has flushed nothing"),
                Mutant.telling(
                        "frames are freed before the answer",
                        "replace",
                        "targeted",
                        BrokenPolicies::freeingBeforeTheAnswer,
                        "frame freed while it can be reached: HEX (user) by hart 0 at CYCLE; hart 1 has it in L1D for va "
                                + "HEX, asid 1; the PTE was changed from leaf HEX rw-u-ad to invalid by hart 0 at CYCLE; "
                                + "ISSUED; told: hart 1 (interrupted, has not answered), hart 2 (interrupted, has not "
                                + "answered); since then hart 1 has flushed nothing"),
                Mutant.telling(
                        "early answers where tables are freed",
                        "replace",
                        "early-ack",
                        (right, frames) -> BrokenPolicies.answeringEarlyForTables(),
                        "frame freed while it can be reached: HEX (page table) by hart 0 at CYCLE; hart N has it in its "
                                + "walk cache for tables from va HEX on, asid 1; the PTE was changed from table HEX to "
                                + "invalid by hart 0 at CYCLE; ISSUED; told: hart 1 (ANSWERED), hart 2 (ANSWERED); since "
                                + "then hart N has flushed nothing"),
                Mutant.telling(
                        "a generation is skipped",
                        "copies",
                        "targeted",
                        (right, frames) -> BrokenPolicies.ignoringGaps(),
                        "frame freed while it can be reached: HEX (user) by hart N at CYCLE; hart N has it in L1D for va "
                                + "HEX, asid 1; the PTE was changed from leaf HEX r--u-ad to invalid by hart N at CYCLE; "
                                + "ISSUED; told: ANY; since then hart N has flushed HEX to HEX of asid 1 at cycle NANY"),
                Mutant.flushing(
                        "the wrong ASID is flushed",
                        "copies",
                        "targeted",
                        BrokenInvalidation::ofAnotherAsid,
                        "stale translation used: hart 0, va HEX, asid 1, pc HEX, cycle N, store; the PTE was changed "
                                + "from leaf HEX rw-u-ad to leaf HEX r--u-ad by hart 0 at CYCLE, completed at cycle N; ISSUED; "
                                + "told: ANY; never flushed from L1D; since then hart 0 has flushed all of asid 2 at cycle N"),
                Mutant.flushing(
                        "a huge page is flushed by its first 4 KiB only",
                        "pieces",
                        "targeted",
                        BrokenInvalidation::asIfHuge,
                        "frame freed while it can be reached: HEX (user) by hart 0 at CYCLE; hart 0 has it in L1D for va "
                                + "0x4000006000, asid 1; the PTE was changed from leaf HEX rw-u-ad to invalid by hart 0 at "
                                + "CYCLE; ISSUED; told: ANY; since then hart 0 has flushed 0x4000000000 to 0x4000000fff of "
                                + "asid 1 at cycle N"),
                Mutant.flushing(
                        "leaves only are flushed before a table is freed",
                        "replace",
                        "targeted",
                        BrokenInvalidation::byAddressOnly,
                        "frame freed while it can be reached: HEX (page table) by hart 0 at CYCLE; hart 0 has it in its "
                                + "walk cache for tables from va HEX on, asid 1; the PTE was changed from table HEX to "
                                + "invalid by hart 0 at CYCLE; ISSUED; told: hart 1 (ANSWERED), hart 2 (ANSWERED); since "
                                + "then hart 0 has flushed 0x0 to 0x7fffffffffff of asid 1 at cycle N"),
                Mutant.telling(
                        "latr parks no frames",
                        "replace",
                        "latr",
                        (right, frames) -> BrokenPolicies.latrWithoutParking(frames),
                        "frame freed while it can be reached: HEX (user) by hart 0 at CYCLE; hart N has it in L1D for va "
                                + "HEX, asid 1; the PTE was changed from leaf HEX rw-u-ad to invalid by hart 0 at CYCLE; "
                                + "ISSUED; told: hart 1 (left a note), hart 2 (left a note); since then hart N has flushed nothing"),
                Mutant.telling(
                        "latr does not park the range",
                        "replace",
                        "latr",
                        (right, frames) -> BrokenPolicies.latrWithoutParkingTheRange(),
                        "page mapped while another can be used there: va HEX, leaf HEX rw-u-ad, by hart 0 at CYCLE; hart N "
                                + "still has leaf HEX rw-u-ad in L1D, asid 1; the PTE was changed from leaf HEX rw-u-ad to "
                                + "invalid by hart 0 at CYCLE; ISSUED; told: hart 1 (left a note), hart 2 (left a note); "
                                + "since then hart N has flushed nothing"),
                Mutant.telling(
                        "fork does not flush the parent",
                        "copies",
                        "targeted",
                        (right, frames) -> BrokenPolicies.forgettingForks(right),
                        "stale translation used: hart 0, va HEX, asid 1, pc HEX, cycle N, store; the PTE was changed "
                                + "from leaf HEX rw-u-ad to leaf HEX r--u-ad by hart 0 at CYCLE, completed at cycle N; ISSUED; "
                                + "never flushed from L1D; since then hart 0 has flushed nothing"),
                Mutant.telling(
                        "a lazy hart does not flush at its switch",
                        "copies",
                        "lazy",
                        (right, frames) -> BrokenPolicies.lazyWithoutFlushAtSwitch(),
                        "frame freed while it can be reached: HEX (user) by hart N at CYCLE; hart N has it in L1D for va "
                                + "HEX, asid 1; the PTE was changed from leaf HEX r--u-ad to invalid by hart N at CYCLE; "
                                + "ISSUED; told: ANYhart N (left to flush at its next switch)ANY; since then hart N has "
                                + "flushed ANY"),
                Mutant.telling(
                        "a copied page is installed before the answer",
                        "copies",
                        "targeted",
                        (right, frames) -> BrokenPolicies.installingAtOnce(right),
                        "page mapped while another can be used there: va HEX, leaf HEX rw-u-ad, by hart N at CYCLE; hart N "
                                + "still has leaf HEX r--u-ad in L1D, asid 1; the PTE was changed from leaf HEX r--u-ad to "
                                + "invalid by hart N at CYCLE; ISSUED; told: ANY(interrupted, has not answered)ANY; since "
                                + "then hart N has flushed nothing"),
                Mutant.flushing(
                        "ASIDs roll over without a flush",
                        "asid-rollover with 3 ASID bits",
                        "targeted",
                        BrokenInvalidation::exceptEveryAsid,
                        "ASID reused without a flush: hart N, va HEX, asid N, pc HEX, cycle N, fetch; L1I still holds a "
                                + "translation of root HEX (leaf HEX r-xu-a-), but root HEX is loaded"),
                Mutant.flushing(
                        "harts answer and do not flush",
                        "discard",
                        "targeted",
                        BrokenInvalidation::onFirstHartOnly,
                        "frame freed while it can be reached: HEX (user) by hart 0 at CYCLE; hart 1 has it in L1D for va "
                                + "HEX, asid 1; the PTE was changed from leaf HEX rw-u-ad to invalid by hart 0 at CYCLE; "
                                + "ISSUED; told: hart 1 (ANSWERED)ANY; since then hart 1 has flushed nothing"));
    }

    /** Stands for what changes with the order of events. */
    private static String pattern(String report) {
        return report.replace("(", "\\(")
                .replace(")", "\\)")
                .replace("CYCLE", "cycle N \\(pc HEX\\)")
                .replace("ISSUED", "shootdown N was issued by hart N at cycle N")
                .replace("ANSWERED", "interrupted, answered at cycle N")
                .replace("ANY", ".*")
                .replace("HEX", "0x[0-9a-f]+")
                .replace("N", "[0-9]+");
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void isCaught(Mutant mutant, TestReporter reporter) {
        int seed = 0;
        String report = mutant.caught(seed);
        while (report == null && seed < SEEDS) {
            seed++;
            report = mutant.caught(seed);
        }
        reporter.publishEntry(mutant.name(), String.valueOf(report));
        assertThat(report).matches(pattern(mutant.report()));
        mutant.runWithout(seed);
    }
}
