package dev.pagewalk.kernel.process;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.space.HugePages;
import dev.pagewalk.kernel.space.RegionKind;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What processes have mapped, for people and for programs. */
@Tag("S22")
@Tag("S49")
class MapsReportTest {
    private static final long AT = 0x2000_0000L;

    /** A parent and a child that have one of everything but files. */
    private static Guest family() {
        return new Guest()
                .mmap(AT, 3 * 4096, RW, ANON | FIXED)
                .store(AT, 1)
                .store(AT + 4096, 2)
                .mprotect(AT + 2 * 4096, 4096, PROT_NONE)
                .mmap(AT + 0x10_0000, 4096, RW, SHARED | ANONYMOUS | FIXED)
                .store(AT + 0x10_0000, 3)
                .call(MLOCK, AT, 4096)
                .brk(0)
                .line("addi a0, a0, 100")
                .brk("a0")
                .fork("child")
                .wait4(-1, "status")
                .exit(5)
                .text("child:")
                .store(AT + 4096, 4)
                .load(0x123450)
                .words("status");
    }

    @Test
    void eachProcessIsALineWithItsSumsAndALineForEachRegion() {
        TestMachine test = TestMachine.options().mapsAtExit().run(family().source());

        // The child has copied the page that it stored to, and nothing else; of locks it inherits none. What is shared
        // when it
        // has gone is shared with the page cache.
        assertThat(String.join("\n", test.maps())).isEqualTo("""
                process 2, /bin/guest, killed by SIGSEGV: 8 regions, 20 KiB resident, 16 KiB of it shared, 8 page tables
                  address                   perm        KiB   resident     shared  huge  what
                  000000010000-000000011000 r-xp          4          4          4     0  code /bin/guest+0x1000
                  000000011000-000000012000 rw-p          4          0          0     0  data
                  000000012000-000000013000 rw-p          4          0          0     0  heap
                  000020000000-000020002000 rw-p          8          8          4     0  anonymous
                  000020002000-000020003000 ---p          4          0          0     0  anonymous
                  000020100000-000020101000 rw-s          4          4          4     0  shared memory
                  7ffefffff000-7fff00000000 rw-p          4          4          4     0  stack
                  7fff00100000-7fff00101000 r-xs          4          0          0     0  [vdso]
                process 1, /bin/guest, exited with 5: 9 regions, 24 KiB resident, 8 KiB of it shared, 8 page tables
                  address                   perm        KiB   resident     shared  huge  what
                  000000010000-000000011000 r-xp          4          4          4     0  code /bin/guest+0x1000
                  000000011000-000000012000 rw-p          4          4          0     0  data
                  000000012000-000000013000 rw-p          4          0          0     0  heap
                  000020000000-000020001000 rw-p          4          4          0     0  anonymous (locked)
                  000020001000-000020002000 rw-p          4          4          0     0  anonymous
                  000020002000-000020003000 ---p          4          0          0     0  anonymous
                  000020100000-000020101000 rw-s          4          4          4     0  shared memory
                  7ffefffff000-7fff00000000 rw-p          4          4          0     0  stack
                  7fff00100000-7fff00101000 r-xs          4          0          0     0  [vdso]""");
    }

    @Test
    void lookingCostsNothingAndChangesNothing() {
        TestMachine plain = TestMachine.options().run(family().source());
        TestMachine shown = TestMachine.options().mapsAtExit().run(family().source());

        assertThat(plain.maps()).isEmpty();
        assertThat(shown.hart().cycle).isEqualTo(plain.hart().cycle).isPositive();
        assertThat(shown.hart().retired).isEqualTo(plain.hart().retired);
        assertThat(shown.hart().mmu().counters()).isEqualTo(plain.hart().mmu().counters());
        assertThat(shown.kernel().faultCounters())
                .usingRecursiveComparison()
                .isEqualTo(plain.kernel().faultCounters());
        assertThat(shown.kernel().systemCallCounts()).isEqualTo(plain.kernel().systemCallCounts());
    }

    @Test
    @Tag("S14")
    void hugePagesAreCountedAndTheirFramesAreResident() {
        Guest guest = new Guest()
                .mmap(0x4000_0000L, 4 << 20, RW, ANON | FIXED)
                .store(0x4000_0000L + 5000, 1)
                .mprotect(0x4000_0000L + (3 << 20), 1 << 20, PROT_NONE);

        TestMachine test =
                TestMachine.options().hugePages(HugePages.ALWAYS).mapsAtExit().run(guest);

        assertThat(test.maps())
                .contains("  000040000000-000040300000 rw-p       3072       2048          0     1  anonymous")
                .contains("  000040300000-000040400000 ---p       1024          0          0     0  anonymous");
    }

    @Test
    void whatRunsCanBeLookedAtToo() {
        TestMachine test = TestMachine.options().boot(family().source());
        Process process = test.process();
        List<MapsReport> reports = new ArrayList<>();
        for (long cycle = 1_000; test.pauseAt(cycle); cycle += 1_000) {
            MapsReport report = test.kernel().maps(process);
            reports.add(report);
            if (process.stage() == ProcessStage.LIVE) {
                assertThat(report.state()).isEqualTo("still running");
                assertThat(report.use().residentPages())
                        .isEqualTo(process.space().userPages());
                assertThat(report.use().regions())
                        .isEqualTo(process.space().regions().size());
            }
        }
        assertThat(reports).hasSizeGreaterThan(10);
        assertThat(test.process().memoryUse().bytes(RegionKind.SHARED)).isEqualTo(4096);
        assertThat(test.process().memoryUse().residentPages()).isPositive();
        assertThat(test.kernel().maps(process).entries()).isEmpty();
        assertThat(test.kernel().maps(process).state()).isEqualTo("exited with 5");
    }

    @Test
    void noLookAtALargeRegionIsLong() {
        Guest guest = new Guest()
                .mmap(AT, 1L << 45, RW, ANON | FIXED)
                .store(AT + (1L << 44), 1)
                .fork("child")
                .wait4(-1, "status")
                .exit(0)
                .text("child:")
                .exit(0)
                .words("status");

        TestMachine test = TestMachine.options().mapsAtExit().run(guest);

        assertThat(test.maps())
                .filteredOn(line -> line.contains("000020000000-200020000000"))
                .hasSize(2)
                .allMatch(line -> line.matches(".* rw-p 34359738368 +4 .*"));
    }

    @Test
    void theHostsLanguageChangesNothing() {
        Locale before = Locale.getDefault();
        List<String> expected =
                TestMachine.options().mapsAtExit().run(family().source()).maps();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(TestMachine.options().mapsAtExit().run(family().source()).maps())
                    .isEqualTo(expected);
        } finally {
            Locale.setDefault(before);
        }
    }
}
