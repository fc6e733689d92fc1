package dev.pagewalk.tools.debug.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.mmu.MmuCounters;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.mmu.tlb.Tlb;
import dev.pagewalk.tools.MachineAssembly;
import dev.pagewalk.tools.testing.TestGuest;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The commands that show the machine as a whole: help, tlb, maps, frames, shootdowns, stats, sanitizer, events, harts. */
class MachineCommandsTest {
    private static Monitored storm() {
        return Monitored.booted("shootdown-storm")
                .until(kernel -> kernel.shootdowns().unfinished().stream()
                        .anyMatch(shootdown -> shootdown.number() > 5 && shootdown.awaited() != 0));
    }

    private static Monitored forked() {
        return Monitored.booted("fork-cow").until(kernel -> kernel.faultCounters().copyOnWrite == 2);
    }

    @Test
    void helpNamesAllCommandsAndSaysMoreAboutOne() {
        Monitored monitored = forked();

        for (String name : List.of(
                "cow",
                "events",
                "frames",
                "harts",
                "maps",
                "regions",
                "sanitizer",
                "shootdowns",
                "stats",
                "tlb",
                "walk")) {
            assertThat(monitored.lines("help")).anyMatch(line -> line.startsWith(name + " "));
            assertThat(monitored.ask("help " + name))
                    .startsWith("monitor " + name)
                    .contains("\n");
        }
        assertThat(monitored.ask("")).isEqualTo(monitored.ask("help"));
        assertThat(monitored.ask("HELP Walk")).isEqualTo(monitored.ask("help walk"));
        assertThat(monitored.ask("help wlak")).contains("there is no command 'wlak', only cow, events");
        assertThat(monitored.ask("wlak\u0007 1"))
                .isEqualTo("there is no monitor command 'wlak?': use cow, events, frames, harts, help, maps, regions,"
                        + " sanitizer, shootdowns, stats, tlb, walk\n");
        assertThat(monitored.ask("harts 1")).isEqualTo("harts: it takes no arguments; usage: harts\n");
    }

    @Test
    void tlbListsEachValidEntryOfAHart() {
        Monitored monitored = forked();
        Hart hart = monitored.guest.assembly().machine().harts().get(0);
        List<String> lines = monitored.lines("tlb 0");

        for (Tlb tlb : List.of(
                hart.mmu().instructionTlb(), hart.mmu().dataTlb(), hart.mmu().l2())) {
            assertThat(tlb.validEntries()).isPositive();
            for (int entry = tlb.nextValid(0); entry >= 0; entry = tlb.nextValid(entry + 1)) {
                long leaf = tlb.leaf(entry);
                String expected = String.format(
                        Locale.ROOT,
                        "%d 0x%x %d 4 KiB 0x%x V%s ok process %d",
                        entry,
                        tlb.virtualAddress(entry),
                        tlb.asid(entry),
                        Pte.physicalAddress(leaf),
                        Pte.rights(leaf).toUpperCase(Locale.ROOT),
                        tlb.asid(entry));
                assertThat(lines).contains(expected);
            }
        }
        MmuCounters counters = hart.mmu().counters();
        assertThat(lines)
                .anyMatch(line -> line.startsWith("L1D: " + hart.mmu().dataTlb().validEntries() + " of 40 entries")
                        && line.endsWith(Text.number(counters.dataAccesses() - counters.dataMisses()) + " hits, "
                                + Text.number(counters.dataMisses()) + " misses"));
        assertThat(monitored.lines("tlb")).as("of all, too").anyMatch(line -> line.startsWith("3 0 L1I 0 40 "));
    }

    @Test
    void tlbMarksWhatAShootdownHasYetToTakeAway() {
        Monitored monitored = storm();

        assertThat(monitored.lines("tlb 0"))
                .anyMatch(line -> line.contains(" 0x400000000000 1 4 KiB ") && line.endsWith(" STALE process 1"))
                .anyMatch(line -> line.endsWith(" ok process 1"));
        assertThat(monitored.ask("tlb 4"))
                .isEqualTo("tlb: '4' is not a hart of this machine: give a decimal number from 0 to 3;"
                        + " usage: tlb [HART]\n");
    }

    @Test
    void mapsIsTheReportOfTheKernel() {
        Monitored monitored = forked();

        assertThat(monitored.ask("maps 2").lines())
                .containsExactlyElementsOf(
                        monitored.kernel().maps(monitored.process(2)).lines());
        assertThat(monitored.ask("maps")).startsWith("process 1,");
    }

    @Test
    void framesAddUp() {
        Monitored monitored = storm();
        FrameAllocator frames = monitored.kernel().frames();
        List<String> lines = monitored.lines("frames");

        assertThat(lines)
                .contains("16,384 frames of 4 KiB: 64 MiB of RAM")
                .anyMatch(line -> line.startsWith("user memory " + frames.inUse(FrameUse.USER) + " "))
                .anyMatch(line -> line.startsWith("page tables " + frames.inUse(FrameUse.PAGE_TABLE) + " "))
                .anyMatch(line -> line.startsWith("free " + Text.number(frames.freeFrames()) + " "));
        int inBlocks = 0;
        for (int order = 0; order <= FrameAllocator.MAX_ORDER; order++) {
            inBlocks += frames.freeBlocks(0, order) << order;
        }
        int cached = 0;
        for (int hart = 0; hart < 4; hart++) {
            cached += frames.cachedFrames(hart);
        }
        assertThat(inBlocks + cached).isEqualTo(frames.freeFrames());
        assertThat(lines)
                .anyMatch(line -> line.startsWith("8 frames of user memory that no process maps any more"))
                .anyMatch("process 1 6 5 0 1 10"::equals);
    }

    @Test
    void framesThatProcessesShareAreToldApart() {
        assertThat(forked().lines("frames"))
                .contains("process 1 10 2 7 1 10", "process 2 11 2 7 2 10", "the kernel's half 3");
    }

    @Test
    void shootdownsUnderWayNameTheHartsThatAreAwaited() {
        Monitored monitored = storm();
        long number = monitored.kernel().shootdowns().unfinished().get(0).number();
        String answer = monitored.ask("shootdowns");

        assertThat(answer)
                .startsWith("policy targeted: ")
                .containsPattern("shootdown " + number
                        + " of process 1, issued by hart 3 at cycle [\\d,]+: the whole address space, as page tables go;"
                        + " awaits harts 0, 1 and 2 \\(interrupt not taken yet\\); 11 frames given back afterwards")
                .contains("shootdown " + (number - 1) + ": an address space, 3 other harts");
        monitored.until(kernel -> kernel.shootdowns().unfinished().isEmpty());
        assertThat(monitored.ask("shootdowns")).contains("Nothing is under way.");
    }

    @Test
    void aParkedShootdownNamesTheNotes() {
        Monitored monitored = Monitored.booted(
                        "shootdown-storm",
                        TestGuest.config(),
                        KernelConfig.quiet().withShootdownPolicy("latr"))
                .until(kernel -> kernel.shootdowns().hasParked());

        assertThat(monitored.ask("shootdowns"))
                .contains("parked, nobody waits for it; awaits harts")
                .contains("(note not read yet)");
    }

    @Test
    void statsAreThoseOfTheEnd() {
        Monitored monitored = forked();
        assertThat(monitored.lines("stats"))
                .contains("image guest, exit status none yet")
                .anyMatch(line -> line.startsWith("faults ") && line.contains("cow 2"));

        monitored.guest.finish();

        assertThat(monitored.lines("stats"))
                .contains("image guest, exit 0")
                .anyMatch(line -> line.startsWith("faults ") && line.contains("cow 4"));
    }

    @Test
    void theSanitizerSaysWhetherItWatches() {
        assertThat(forked().ask("sanitizer"))
                .isEqualTo("The sanitizer is off: boot with --sanitize to have it watch.\n");
        Monitored watched = Monitored.booted(
                        "shootdown-storm",
                        TestGuest.config(),
                        KernelConfig.quiet().withSanitizer(true))
                .at(500_000);

        assertThat(watched.ask("sanitizer"))
                .startsWith("The sanitizer is on: 0 violations.\n"
                        + watched.kernel().sanitizer().staleHitsInWindow() + " use");
    }

    @Test
    void eventsAreTheLastOnes() {
        Monitored monitored = storm();

        List<String> lines = monitored.lines("events 7");
        assertThat(lines).hasSize(9);
        assertThat(lines.get(0)).startsWith("the last 7 events of ");
        assertThat(monitored.ask("events 500"))
                .contains("demand-zero fault")
                .contains("munmap")
                .contains("shootdown interrupt to hart 0")
                .contains("answer to hart 3")
                .doesNotContain(" walk");
        assertThat(monitored.ask("events 0")).contains("give a decimal number of 1 or more");
        MachineAssembly assembly = monitored.guest.assembly();
        assertThat(new MonitorCommands(assembly).execute(1, "events")).contains("events are not kept");
    }

    @Test
    void hartsShowWhatTheyDoAndWaitFor() {
        Monitored monitored = storm();
        long number = monitored.kernel().shootdowns().unfinished().get(0).number();
        List<String> lines = monitored.lines("harts");

        for (Hart hart : monitored.guest.assembly().machine().harts()) {
            assertThat(lines)
                    .anyMatch(line -> line.startsWith(
                                    hart.id() + " " + hart.phase().name().toLowerCase(Locale.ROOT) + " ")
                            && line.contains(" " + Text.hex(hart.pc) + " " + Text.number(hart.cycle) + " "
                                    + Text.number(hart.retired) + " "
                                    + Text.hex(hart.mmu().rootAddress()) + " 1 process 1"));
        }
        assertThat(lines)
                .anyMatch(line ->
                        line.matches("hart 3 (will wait|waits) for harts 0, 1 and 2 to answer shootdown " + number));
        Monitored forked = forked();
        assertThat(forked.guest.assembly().machine().harts().get(3).phase()).isEqualTo(HartPhase.IDLE);
        assertThat(forked.lines("harts")).contains("3 idle - - 0 0 - - - -", "process 1 waits for a child to end");
    }

    @Test
    void hartsThatWaitForALockNameItsHolder() {
        Monitored monitored = Monitored.booted("cow-race")
                .until(kernel -> kernel.processes().get(0).space().lock().waitingHarts() != 0);
        var lock = monitored.process(1).space().lock();

        assertThat(monitored.ask("harts"))
                .contains(" for the lock on the memory of process 1, which " + Text.harts(lock.holders())
                        + (lock.isExclusive() ? " has alone" : ""));
    }

    @Test
    void aProcessThatIsGoneIsNamedAsSuch() {
        Monitored monitored = forked();
        monitored.guest.finish();

        assertThat(monitored.ask("maps"))
                .isEqualTo("process 1 has ended, and its address space is gone; there are: none any more\n");
        assertThat(monitored.ask("harts")).contains("4 harts at cycle");
        assertThat(monitored.ask("frames")).contains("the kernel's half");
    }
}
