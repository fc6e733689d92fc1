package dev.pagewalk.tools.debug.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.tools.testing.TestGuest;
import org.junit.jupiter.api.Test;

/** What {@code cow} foretells is what the next store does. */
class CowCommandTest {
    /** The child has copied the first two of the eight pages that it shares with its parent, or its stack and one. */
    private static Monitored twoCopies() {
        return Monitored.booted("fork-cow").until(kernel -> kernel.faultCounters().copyOnWrite == 2);
    }

    @Test
    void aPageSharedByForkNamesAllItsOwners() {
        Monitored monitored = twoCopies();
        long frame =
                Pte.physicalAddress(monitored.process(1).space().pageTable().peek(Guests.BASE + 7 * 4096));

        assertThat(monitored.lines("cow 0x400000007000 2"))
                .contains(
                        "frame " + Text.hex(frame) + ", of user memory, 2 owners:",
                        "process 1 0x400000007000 VR--U-AD",
                        "process 2 0x400000007000 VR--U-AD")
                .anyMatch(line -> line.startsWith("store COPY: 4 KiB are copied in 1,024 cycles;"));
    }

    @Test
    void theLastOwnerReusesAndTheCopyIsStoredTo() {
        Monitored monitored = twoCopies();

        assertThat(monitored.ask("cow 0x400000000000 1"))
                .contains("store   REUSE:")
                .contains("1 owner:");
        assertThat(monitored.ask("cow 0x400000000000 2"))
                .contains("store   ALLOWED:")
                .contains("1 owner:");
    }

    @Test
    void theForetoldCopyAndReuseAreWhatTheGuestThenDoes() {
        Monitored monitored = twoCopies();
        long page = nextCopy(monitored);
        assertThat(page).isLessThan(Guests.BASE + 3 * 4096);

        monitored.until(kernel -> kernel.faultCounters().copyOnWrite == 3);
        assertThat(monitored.ask("cow " + Text.hex(page) + " 2")).containsAnyOf("store   ALLOWED:", "store   WAIT:");

        monitored.until(kernel -> kernel.faultCounters().copyOnWriteReuse < 3
                && kernel.processes().get(0).tasks().iterator().next().waitsFor() == null
                && kernel.processes().get(1).hasEnded());
        assertThat(monitored.ask("cow 0x400000007000 1")).contains("store   REUSE:");
        monitored.until(kernel -> kernel.faultCounters().copyOnWriteReuse == 9);
        assertThat(monitored.ask("cow 0x400000007000 1")).contains("store   ALLOWED:");
    }

    private static long nextCopy(Monitored monitored) {
        long page = Guests.BASE;
        while (!monitored.ask("cow " + Text.hex(page) + " 2").contains("store   COPY:")) {
            page += 4096;
        }
        return page;
    }

    @Test
    void codeIsSharedWithThePageCacheAndRefusesStores() {
        assertThat(twoCopies().lines("cow 0x10000 1"))
                .anyMatch(line -> line.endsWith(", of the page cache, 3 owners:"))
                .contains(
                        "the page cache",
                        "process 1 0x10000 VR-XU-A-",
                        "process 2 0x10000 VR-XU-A-",
                        "store REFUSED: the region is r-x; SIGSEGV");
    }

    @Test
    void whatIsNotThereYetIsForetoldToo() {
        Monitored monitored = Monitored.assembled(Guests.FIVE_PAGES).at(200_000);

        assertThat(monitored.ask("cow 0x400000002000"))
                .contains("page    none: demand-zero")
                .contains("store   ZERO:");
        assertThat(monitored.ask("cow 0x400000003000")).contains("store   REFUSED: the region is ---; SIGSEGV");
        assertThat(monitored.ask("cow 0x400000009000")).contains("store   REFUSED: nothing is mapped; SIGSEGV");
        assertThat(monitored.ask("cow 0x7ffeffffe000")).contains("store   ZERO: the stack grows to here");
    }

    @Test
    void aStoreToACleanPageSetsDAsTheCoreDoesIt() {
        for (TimingProfile profile : TimingProfiles.list()) {
            Monitored monitored = Monitored.assembled(
                            Guests.FIVE_PAGES, new MachineConfig(1, 64 << 20, PagingMode.SV48, profile))
                    .at(1_000_000);

            assertThat(monitored.ask("cow 0x400000001000"))
                    .as(profile.name())
                    .contains("page    leaf ")
                    .contains(
                            profile.translation().hardwareUpdatesAccessedDirty()
                                    ? "store   ALLOWED: the PTE has W, so no fault; the walk of the first one sets D"
                                    : "store   ALLOWED: the PTE has W, so no fault but that by which the kernel sets D");
        }
    }

    @Test
    void aPageInTransitIsWaitedFor() {
        Monitored monitored = Monitored.booted("cow-race", TestGuest.config(), KernelConfig.quiet())
                .until(kernel -> kernel.processes().stream()
                        .filter(process -> !process.hasEnded())
                        .anyMatch(process ->
                                !process.space().translations().inTransit().isEmpty()));
        var process = monitored.kernel().processes().stream()
                .filter(one -> !one.hasEnded()
                        && !one.space().translations().inTransit().isEmpty())
                .findFirst()
                .orElseThrow();
        long page = process.space().translations().inTransit().firstIn(0, Long.MAX_VALUE);

        assertThat(monitored.ask("cow " + Text.hex(page) + " " + process.pid()))
                .contains("to be installed: it is in transit")
                .contains("store   WAIT:");
        assertThat(monitored.ask("walk " + Text.hex(page) + " " + process.pid()))
                .contains("in transit: copy-on-write has cleared the PTE")
                .contains("shootdown ");
    }
}
