package dev.pagewalk.tools.jupiter;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A process of the guest as it is now, or was when it ended.
 *
 * @param pid from 1
 * @param parentPid of the process that will learn of its end; 0 where nobody will
 * @param program the path of the file that it runs; empty once it has ended
 * @param exitStatus as a shell shows it, 128 + signal where one has killed it; empty while it lives
 * @param regions what it has mapped, by address; none once it has ended
 */
public record GuestProcess(int pid, int parentPid, String program, OptionalInt exitStatus, List<GuestRegion> regions) {
    public GuestProcess {
        regions = List.copyOf(regions);
    }

    /** Whether it will never execute again. */
    public boolean hasEnded() {
        return exitStatus.isPresent();
    }

    /** The region that an address lies in. */
    public Optional<GuestRegion> regionAt(long address) {
        return regions.stream().filter(region -> region.contains(address)).findFirst();
    }
}
