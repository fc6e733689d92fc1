package dev.pagewalk.emulator.engine.differential;

import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.isa.RegisterNames;
import dev.pagewalk.mmu.MmuParameters;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.state.Snapshotable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Names what is not the same in two machines. */
final class StateDifference {
    private static final int MOST_BYTES_NAMED = 8;

    private final FuzzGuest left;
    private final FuzzGuest right;
    private final List<String> found = new ArrayList<>();

    private StateDifference(FuzzGuest left, FuzzGuest right) {
        this.left = left;
        this.right = right;
    }

    /**
     * What differs, the first machine's first; empty where nothing does.
     *
     * @param thorough whether what is expensive to compare is compared, too: every entry of every TLB
     */
    static List<String> of(FuzzGuest left, FuzzGuest right, boolean thorough) {
        StateDifference difference = new StateDifference(left, right);
        difference.compare(thorough);
        return difference.found;
    }

    private void compare(boolean thorough) {
        same("position", left.machine.position(), right.machine.position());
        same("time", left.machine.longestCycle(), right.machine.longestCycle());
        for (int id = 0; id < left.machine.harts().size(); id++) {
            compareHarts(
                    "hart " + id + " ",
                    left.machine.harts().get(id),
                    right.machine.harts().get(id));
        }
        same("traps and interrupts", left.kernel.calls, right.kernel.calls);
        same("accesses of the device", left.device.accesses, right.device.accesses);
        compareMemory();
        if (thorough && found.isEmpty() && !Arrays.equals(state(left), state(right))) {
            for (int id = 0; id < left.machine.harts().size(); id++) {
                compareParts(
                        "hart " + id + " MMU",
                        left.machine.harts().get(id).mmu(),
                        right.machine.harts().get(id).mmu());
            }
            compareParts("reservations", left.machine.reservations(), right.machine.reservations());
            compareParts("kernel", left.kernel, right.kernel);
            compareParts("device", left.device, right.device);
            if (found.isEmpty()) {
                found.add("other bytes of the machine's state");
            }
        }
    }

    private static byte[] state(FuzzGuest guest) {
        return guest.machine.snapshot().state();
    }

    private void compareHarts(String name, Hart one, Hart other) {
        for (int register = 0; register < 32; register++) {
            if (one.x[register] != other.x[register]) {
                hex(name + RegisterNames.abiName(register), one.x[register], other.x[register]);
            }
        }
        hex(name + "pc", one.pc, other.pc);
        same(name + "cycle", one.cycle, other.cycle);
        same(name + "retired", one.retired, other.retired);
        same(name + "extra fetches", one.extraFetches, other.extraFetches);
        same(name + "deadline", one.deadlineCycle, other.deadlineCycle);
        same(name + "stays on page", one.staysOnPage, other.staysOnPage);
        same(name + "phase", one.phase(), other.phase());
        same(name + "trap", one.trapCause(), other.trapCause());
        hex(name + "trap value", one.trapValue(), other.trapValue());
        hex(name + "address space", one.mmu().satp(), other.mmu().satp());
        same(name + "counters", one.mmu().counters(), other.mmu().counters());
        // Nothing depends on the stamps of other TLBs, and no snapshot holds them.
        MmuParameters translation = left.test.config().profile().translation();
        if (translation.l1Instruction().replacement().usesStamps()) {
            stamps(
                    name + "instruction TLB",
                    one.mmu().instructionStamps(),
                    other.mmu().instructionStamps());
        }
        if (translation.l1Data().replacement().usesStamps()) {
            stamps(name + "data TLB", one.mmu().dataStamps(), other.mmu().dataStamps());
        }
    }

    private void stamps(String name, long[] one, long[] other) {
        int entry = Arrays.mismatch(one, other);
        if (entry >= 0) {
            same(name + " stamp of entry " + entry, one[entry], other[entry]);
        }
    }

    private void compareMemory() {
        for (long[] range : left.usedRanges()) {
            byte[] one = left.memory().chunk(range[0]);
            byte[] other = right.memory().chunk(range[0]);
            int from = PhysicalMemory.chunkOffset(range[0]);
            int end = from + (int) range[1];
            int named = 0;
            for (int at = from; at < end && named < MOST_BYTES_NAMED; at++) {
                int mismatch = Arrays.mismatch(one, at, end, other, at, end);
                if (mismatch < 0) {
                    break;
                }
                at += mismatch;
                hex("memory at %x".formatted(range[0] + at - from), one[at], other[at]);
                named++;
            }
        }
    }

    private void compareParts(String name, Snapshotable one, Snapshotable other) {
        byte[] first = bytes(one);
        byte[] second = bytes(other);
        int at = Arrays.mismatch(first, second);
        if (at >= 0) {
            found.add("%s: byte %d of %d and %d".formatted(name, at, first.length, second.length));
        }
    }

    private static byte[] bytes(Snapshotable part) {
        ByteArrayDataOutput out = ByteStreams.newDataOutput();
        part.save(out);
        return out.toByteArray();
    }

    private void hex(String name, long one, long other) {
        if (one != other) {
            found.add("%s: 0x%x and 0x%x".formatted(name, one, other));
        }
    }

    private void same(String name, Object one, Object other) {
        if (!Objects.equals(one, other)) {
            found.add(name + ": " + one + " and " + other);
        }
    }
}
