package dev.pagewalk.emulator.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.hart.Hart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Everything that a guest or a statistic can see of a machine, for comparison. */
public final class MachineState {
    private final List<String> harts = new ArrayList<>();
    private final List<String> frames = new ArrayList<>();
    private final byte[] bytes;

    public MachineState(Machine machine) {
        for (Hart hart : machine.harts()) {
            harts.add("hart " + hart.id() + " " + hart.phase() + " pc " + Long.toHexString(hart.pc) + " cycle "
                    + hart.cycle
                    + " retired " + hart.retired + " " + hart.mmu().counters() + " x "
                    + Arrays.toString(Arrays.copyOf(hart.x, 32)));
        }
        machine.bus()
                .memory()
                .forEachNonZeroFrame((address, chunk, offset) -> frames.add(Long.toHexString(address) + " "
                        + Arrays.hashCode(Arrays.copyOfRange(chunk, offset, offset + 4096))));
        bytes = machine.snapshot().state();
    }

    /** Compares the telling parts first. */
    public void assertSame(MachineState expected, String what) {
        assertThat(harts).as(what).isEqualTo(expected.harts);
        assertThat(frames).as(what).isEqualTo(expected.frames);
        assertThat(bytes).as(what).isEqualTo(expected.bytes);
    }
}
