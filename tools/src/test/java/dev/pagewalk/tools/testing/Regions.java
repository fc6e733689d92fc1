package dev.pagewalk.tools.testing;

import dev.pagewalk.emulator.engine.ExitReason;
import dev.pagewalk.emulator.engine.RegionReport;
import java.util.Map;

/** Reports of regions that no engine has translated. */
public final class Regions {
    private Regions() {}

    /** One that has executed so many instructions, in a page of RAM. */
    public static RegionReport region(int id, long virtualAddress, long physicalAddress, long executed) {
        Map<ExitReason, Long> exits = Map.of(ExitReason.DEADLINE, 2L, ExitReason.TRAP, 1234L);
        return new RegionReport(id, virtualAddress, physicalAddress, 1, 3, 12, 845, 1236, executed, exits);
    }
}
