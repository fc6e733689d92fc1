package dev.pagewalk.tools.debug.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.shootdown.AnswerState;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.HugePages;
import dev.pagewalk.mmu.MmuParameters;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.tools.testing.TestGuest;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code walk} says is what page tables, TLBs and regions hold. */
class WalkCommandTest {
    private static final MachineConfig ONE_HART =
            new MachineConfig(1, 64 << 20, PagingMode.SV48, TimingProfiles.find("u74"));

    private static Monitored fivePages() {
        return Monitored.assembled(Guests.FIVE_PAGES, ONE_HART).at(200_000);
    }

    private static AddressSpace space(Monitored monitored) {
        return monitored.process(1).space();
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void everyLevelIsThereWithItsTableAndItsEntry(PagingMode mode) {
        Monitored monitored = Monitored.assembled(
                        Guests.FIVE_PAGES, new MachineConfig(1, 64 << 20, mode, TimingProfiles.find("u74")))
                .at(200_000);
        long base = space(monitored).layout().mmapStart();
        PhysicalMemory memory = monitored.guest.assembly().machine().bus().memory();

        var lines = monitored.lines("walk " + Text.hex(base));

        long table = space(monitored).pageTable().rootAddress();
        for (int level = mode.levels() - 1; level >= 0; level--) {
            int index = mode.index(base, level);
            long pte = memory.readLong(table + 8L * index);
            assertThat(lines)
                    .anyMatch(String.format(
                            Locale.ROOT,
                            "%d 0x%x %d 0x%x 0x%016x %s 0 0x%x PMA %s",
                            level,
                            table,
                            index,
                            table + 8L * index,
                            pte,
                            level == 0 ? "VRW-U-AD" : "V-------",
                            pte >>> 10,
                            level == 0 ? "the page" : "the next table")::equals);
            table = Pte.physicalAddress(pte);
        }
        assertThat(lines)
                .anyMatch(("result " + Text.hex(base) + " is physical " + Text.hex(table)
                        + ", in a frame of user memory with 1 owner")::equals);
    }

    @Test
    void theOffsetInThePageIsKept() {
        Monitored monitored = fivePages();
        long frame = Pte.physicalAddress(space(monitored).pageTable().peek(Guests.BASE));

        assertThat(monitored.ask("walk 0x400000000abc"))
                .contains("0x400000000abc is physical " + Text.hex(frame + 0xabc) + ",");
    }

    @Test
    void addressesMayBeDecimalAndRegisters() {
        Monitored monitored = fivePages();
        long pc = monitored.guest.assembly().machine().harts().get(0).pc;
        long sp = monitored.guest.assembly().machine().harts().get(0).x[2];

        assertThat(monitored.ask("walk " + Guests.BASE)).isEqualTo(monitored.ask("walk 0x400000000000"));
        assertThat(monitored.ask("walk pc")).startsWith("walk of " + Text.hex(pc) + " in process 1");
        assertThat(monitored.ask("walk $sp")).startsWith("walk of " + Text.hex(sp) + " in process 1");
    }

    @Test
    void registersOfAThreadWithoutAHartAreThoseThatItHasLeft() {
        Monitored monitored = Monitored.booted("fork-cow").until(kernel -> kernel.faultCounters().copyOnWrite == 2);

        assertThat(monitored.monitor.execute(1, "walk pc"))
                .as("the parent waits for its child in a system call")
                .startsWith("walk of 0x10")
                .isNotEqualTo(monitored.monitor.execute(2, "walk pc"));
    }

    @Test
    void aMissingPageIsExplainedByItsRegion() {
        Monitored monitored = fivePages();

        assertThat(monitored.ask("walk 0x400000002000"))
                .contains("page fault: not valid")
                .contains("anonymous memory")
                .contains("demand-zero, not touched yet");
        assertThat(monitored.ask("walk 0x400000003000"))
                .contains("0x400000003000-0x400000005000 ---p")
                .contains("guard: the region allows no access (PROT_NONE)");
        assertThat(monitored.ask("walk 0x400000009000"))
                .contains(
                        "region   none; the next one below ends at 0x400000005000; the next one above begins at 0x7ff")
                .contains("nothing mapped: an access ends in SIGSEGV");
        assertThat(monitored.ask("walk 0x0")).contains("null pointers");
        assertThat(monitored.ask("walk 0x7ffeffffe000")).contains("the stack, which may grow to here");
        assertThat(monitored.ask("walk 0x7ffeff7ff000")).contains("the guard below the stack");
        assertThat(monitored.ask("walk 0x11000"))
                .contains("read-only data")
                .contains("file page 2, not used by this process yet: a fault reads it into the page cache");
    }

    @Test
    void aResidentPageWithoutAnyRightShowsWhatRswMeans() {
        Monitored monitored = fivePages();
        long frame = Pte.physicalAddress(space(monitored).pageTable().peek(Guests.BASE + 4 * 4096));

        assertThat(monitored.lines("walk 0x400000004000"))
                .anyMatch(line -> line.startsWith("0 ")
                        && line.contains(" ----U-AD 1 " + Text.hex(frame >>> 12) + " PMA page fault: not valid"))
                .anyMatch(line -> line.contains("the page keeps its frame, as RSW says"));
    }

    @Test
    void costsAreThoseOfTheProfile() {
        Monitored monitored = fivePages();
        MmuParameters translation = TimingProfiles.find("u74").translation();
        int read = translation.pteReadCycles();
        int cache = translation.walkCache().latencyCycles();
        int second = translation.l2().latencyCycles();

        assertThat(monitored.ask("walk 0x400000000000"))
                .contains("4 PTEs to read, " + read + " cycles each")
                .contains(": " + (cache + 4 * read) + " cycles;");
        assertThat(monitored.lines("walk 0x400000000000"))
                .as("the page that the guest loads again and again")
                .anyMatch(("0 loaded - agrees agrees level 0 agrees " + (cache + read) + " 0")::equals);
        assertThat(monitored.lines("walk 0x400000002000"))
                .as("a neighbour that was never touched: the walk begins at the last table, and ends in a fault")
                .anyMatch(("0 loaded - - - level 0 agrees " + (cache + read) + " " + (second + cache + read)
                        + ", fault")::equals);
    }

    /** The very cycles that the next load then costs. */
    @Test
    void theForetoldCostIsWhatAWalkThenTakes() {
        Monitored monitored = fivePages();
        var hart = monitored.guest.assembly().machine().harts().get(0);
        String line = monitored.lines("walk 0x400000001000").stream()
                .filter(text -> text.startsWith("0 loaded"))
                .findFirst()
                .orElseThrow();
        long foretold = Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));

        hart.mmu().takeExtraCycles();
        hart.mmu().dataAccesses++;
        hart.mmu().translate(Guests.BASE + 4096, AccessType.LOAD);

        assertThat(hart.mmu().takeExtraCycles()).as(line).isEqualTo(foretold);
    }

    @Test
    void aHugePageEndsTheWalkALevelHigher() {
        Monitored monitored = Monitored.booted(
                        "huge-page", TestGuest.config(), KernelConfig.quiet().withHugePages(HugePages.ALWAYS))
                .until(kernel ->
                        kernel.processes().get(0).space().survey().stream().anyMatch(use -> use.hugePages() > 0));
        long huge = space(monitored).survey().stream()
                .filter(use -> use.hugePages() > 0)
                .findFirst()
                .orElseThrow()
                .region()
                .start();
        long start = huge + (1 << 21) - 1 & -(1 << 21);
        while (!space(monitored).pageTable().look(start).isHuge()) {
            start += 1 << 21;
        }

        assertThat(monitored.ask("walk " + Text.hex(start + 0x12345)))
                .contains("leaf     a page of 2 MiB at level 1;")
                .contains("is physical "
                        + Text.hex(
                                Pte.physicalAddress(space(monitored).pageTable().peek(start)) + 0x12345));
    }

    @Test
    void duringAShootdownOtherHartsAreStaleAndAfterwardsTheyAreNot() {
        Monitored monitored = Monitored.booted("shootdown-storm")
                .until(kernel -> kernel.shootdowns().unfinished().stream()
                        .anyMatch(
                                shootdown -> kernel.shootdowns().answerOf(shootdown, 0) == AnswerState.INTERRUPT_SENT));
        long number = monitored.kernel().shootdowns().unfinished().get(0).number();

        String during = monitored.ask("walk 0x400000000000");
        monitored.until(kernel -> kernel.shootdowns().unfinished().isEmpty());
        String after = monitored.ask("walk 0x400000000000");

        assertThat(during)
                .contains("STALE")
                .contains("no PTE maps this address any more")
                .contains("stale, as it may be: shootdown " + number + " is under way and awaits the answer"
                        + " (interrupt not taken yet)")
                .contains("shootdown " + number + " of process 1, issued by hart 3");
        assertThat(after).doesNotContain("STALE").contains("No shootdown is under way for this address.");
    }

    @Test
    void anEntryThatNoFlushIsDueForIsTheKernelsMistake() {
        Monitored monitored = fivePages();
        PhysicalMemory memory = monitored.guest.assembly().machine().bus().memory();
        var entry = space(monitored).pageTable().look(Guests.BASE);

        memory.writeLong(entry.slot(), entry.pte() & ~(Pte.W | Pte.D));
        String narrowed = monitored.ask("walk 0x400000000000");
        memory.writeLong(entry.slot(), entry.pte() + (1L << Pte.PPN_SHIFT));
        String replaced = monitored.ask("walk 0x400000000000");
        memory.writeLong(entry.slot(), entry.pte() | Pte.X);
        String widened = monitored.ask("walk 0x400000000000");

        assertThat(narrowed)
                .contains("but it grants what the PTE does not")
                .contains("and no flush is due: either the operation that has changed the PTE is not over, or the"
                        + " kernel is wrong");
        assertThat(replaced).contains("but the PTE names another frame");
        assertThat(widened).doesNotContain("STALE").contains("it grants less than the PTE");
    }

    @Test
    void aSpaceThatAHartHasLeftIsFlushedBeforeItIsUsedAgain() {
        Monitored monitored = Monitored.booted(
                        "fork-cow",
                        new MachineConfig(1, 64 << 20, PagingMode.SV48, TimingProfiles.find("u74")),
                        KernelConfig.quiet())
                .until(kernel -> kernel.faultCounters().copyOnWrite == 2);

        assertThat(monitored.lines("walk 0x10000 1"))
                .as("the parent's code is still cached on the hart that now runs the child")
                .anyMatch(line -> line.startsWith("0 left"));
    }

    @Test
    void wrongArgumentsAreOneLineThatSaysWhatWouldBeRight() {
        Monitored monitored = fivePages();

        assertThat(monitored.ask("walk")).isEqualTo("walk: it needs an address; usage: walk VA [PID]\n");
        assertThat(monitored.ask("walk zz"))
                .isEqualTo("walk: 'zz' is not an address: give 0x and up to 16 hexadecimal digits, a decimal number,"
                        + " pc or sp; usage: walk VA [PID]\n");
        assertThat(monitored.ask("walk 0x11111111111111111")).contains("is not an address");
        assertThat(monitored.ask("walk 0x0000800000000000"))
                .isEqualTo("0x800000000000 is not canonical: bits 63 to 47 must be equal; with sv48 user addresses"
                        + " end below 0x800000000000\n");
        assertThat(monitored.ask("walk 0xffff800000000000")).contains("lies in the kernel's half;");
        assertThat(monitored.ask("walk 0x10000 9")).isEqualTo("there is no process 9; there are: 1\n");
        assertThat(monitored.ask("walk 0x10000 x")).contains("'x' is not a pid: give a decimal number of 1 or more");
        assertThat(monitored.ask("walk 0x10000 1 2")).contains("it takes 2 arguments at most");
        assertThat(monitored.monitor.execute(MonitorCommands.NO_PROCESS, "walk 0x10000"))
                .isEqualTo("walk: no process is selected: name one by its pid, such as 1; usage: walk VA [PID]\n");
        assertThat(monitored.monitor.execute(MonitorCommands.NO_PROCESS, "walk pc"))
                .isEqualTo("no thread is selected whose pc and sp could be taken: give a number\n");
    }
}
