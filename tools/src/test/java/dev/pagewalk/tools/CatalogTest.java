package dev.pagewalk.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.images.suite.Expectation;
import dev.pagewalk.images.suite.ExpectationException;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.tools.testing.TestGuest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every guest of the catalog does what its expectation says, whatever machine it runs on, and gives everything back. */
class CatalogTest {

    static List<String> guests() {
        return ImageCatalog.names();
    }

    @ParameterizedTest
    @MethodSource("guests")
    void aGuestShowsTheSameWithEachPagingModeAndProfile(String name) throws ExpectationException {
        Expectation expectation = TestGuest.expectation(name);
        List<String> consoles = new ArrayList<>();
        for (MachineConfig config : machines()) {
            TestGuest guest = TestGuest.booted(name, config);

            int status = guest.finish();

            String machine = config.pagingMode() + " " + config.profile().name();
            assertThat(status).as(machine).isEqualTo(expectation.exit());
            assertThat(expectation.allowsConsole(guest.console()))
                    .as("%s: %s", machine, guest.console())
                    .isTrue();
            assertThat(guest.assembly().kernel().frames().freeFrames())
                    .as("free frames, %s", machine)
                    .isEqualTo(guest.assembly().kernel().freeFramesAtBoot());
            consoles.add(withoutFigures(guest.console()));
        }
        assertThat(consoles).containsOnly(consoles.get(0));
    }

    private static List<MachineConfig> machines() {
        List<MachineConfig> machines = new ArrayList<>();
        for (PagingMode mode : PagingMode.values()) {
            machines.add(TestGuest.config(mode, TimingProfiles.DEFAULT_NAME));
        }
        for (TimingProfile profile : TimingProfiles.list()) {
            machines.add(TestGuest.config(PagingMode.SV48, profile.name()));
        }
        return machines;
    }

    /** Where stacks and maps lie depends on how much the paging mode can address. */
    private static String withoutFigures(String console) {
        return console.replaceAll("0x[0-9a-f]{16}", "ADDRESS").replaceAll("[0-9]+ cycles", "CYCLES cycles");
    }
}
