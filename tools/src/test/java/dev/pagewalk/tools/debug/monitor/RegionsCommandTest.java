package dev.pagewalk.tools.debug.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.emulator.engine.EngineReport;
import dev.pagewalk.emulator.engine.RegionReport;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.tools.testing.Regions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RegionsCommandTest {
    private final Monitored monitored =
            Monitored.booted("fork-cow").until(kernel -> kernel.faultCounters().copyOnWrite == 2);

    private List<String> answer(EngineKind engine, List<RegionReport> regions, String... arguments)
            throws MonitorException {
        EngineReport report = new EngineReport(engine, 9, 0, 80, 845, Map.of(), Map.of(), regions);
        RegionsCommand command = new RegionsCommand(engine, () -> report);
        GuestView guest = new GuestView(monitored.guest.assembly());
        return command.execute(new Request(guest, command, 1, 1, List.of(arguments))).stream()
                .map(line -> line.strip().replaceAll(" +", " "))
                .toList();
    }

    private long physical(int pid, long address) {
        Process process = monitored.process(pid);
        return process.space().entryOf(address).physicalAddress(address);
    }

    @Test
    void anInterpreterHasNoneAndSaysWhichEngineHas() throws MonitorException {
        String nothing =
                "The engine is the interpreter, which translates nothing: boot with --engine auto or translator.";

        assertThat(answer(EngineKind.INTERPRETER, List.of())).containsExactly(nothing);
        assertThat(monitored.ask("regions")).isEqualTo(nothing + "\n");
    }

    @Test
    void withoutAnAddressAllAreListedTheBusiestFirst() throws MonitorException {
        RegionReport idle = Regions.region(1, 0x11000, 0x8000_1000L, 3);
        RegionReport busy = Regions.region(2, 0x12000, 0x8000_2000L, 70);

        List<String> lines = answer(EngineKind.AUTO, List.of(idle, busy));

        assertThat(lines.get(0)).endsWith("instructions executed in translated regions");
        assertThat(lines.get(1)).startsWith("9 regions translated; there are 2 with 845 bytes of bytecode");
        assertThat(lines.get(4)).startsWith("2 0x12000 0x80002000 12 3 1 845 1,236 70 ");
        assertThat(lines.get(5)).startsWith("1 0x11000 0x80001000 ").endsWith("trap 1,234, deadline 2");
    }

    @Test
    void withAnAddressThoseOfItsPageAreInWhicheverProcess() throws MonitorException {
        long code = new GuestView(monitored.guest.assembly()).register(1, 1, GuestView.PC);
        assertThat(physical(1, code)).as("fork shares the code").isEqualTo(physical(2, code));
        RegionReport here = Regions.region(1, code, physical(1, code), 3);
        RegionReport elsewhere = Regions.region(2, code, physical(1, code) + 4096, 70);
        List<RegionReport> regions = List.of(here, elsewhere);

        for (String pid : List.of("1", "2")) {
            List<String> lines = answer(EngineKind.AUTO, regions, Text.hex(code), pid);
            assertThat(lines).hasSize(3);
            assertThat(lines.get(0)).startsWith("1 region in the page of " + Text.hex(code) + " in process " + pid);
            assertThat(lines.get(2)).startsWith("1 ");
        }
        assertThat(answer(EngineKind.AUTO, regions, "sp"))
                .singleElement()
                .asString()
                .matches(
                        "There are no regions in the page of .* in process 1, frame 0x[0-9a-f]+: its code is interpreted.");
        assertThat(answer(EngineKind.AUTO, regions, "0"))
                .containsExactly("There are no regions in the page of 0x0 in process 1: it is not in RAM.");
    }

    @Test
    void helpSaysWhatBreakpointsDo() {
        assertThat(monitored.ask("help regions"))
                .startsWith("monitor regions [VA] [PID]: which guest code is translated")
                .contains("Regions with a breakpoint in them are dropped");
    }
}
