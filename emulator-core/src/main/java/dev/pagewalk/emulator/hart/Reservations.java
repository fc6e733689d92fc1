package dev.pagewalk.emulator.hart;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.bus.StoreObserver;
import dev.pagewalk.mmu.memory.StoreGuards;
import dev.pagewalk.mmu.state.Snapshotable;
import java.util.Arrays;

/**
 * The reservations of LR and SC: per hart at most one 64-byte physical line.
 *
 * <p>While a line is reserved its frame is guarded, so no hart has it in its store L0 and every store into it is
 * announced here; any store to the line, by any hart or by the kernel, breaks the reservation. Source: RISC-V
 * Unprivileged ISA, "Load-Reserved/Store-Conditional Instructions".
 */
public final class Reservations implements Snapshotable, StoreObserver {
    /** The size of the reservation set, in bytes. */
    public static final int LINE_BYTES = 64;

    private static final long NONE = -1;
    private static final long LINE_MASK = -LINE_BYTES;
    private static final long FRAME_MASK = -4096;

    private final StoreGuards guards;
    private final long[] lines;

    public Reservations(int harts, StoreGuards guards) {
        this.guards = guards;
        this.lines = new long[harts];
        Arrays.fill(lines, NONE);
    }

    /** LR: replaces the hart's reservation by the line of a physical address. */
    public void reserve(int hartId, long address) {
        long line = address & LINE_MASK;
        if (lines[hartId] != line) {
            release(hartId);
            lines[hartId] = line;
            guards.add(address, StoreGuards.RESERVATION);
        }
    }

    /** SC: whether the hart still holds the line of a physical address. */
    public boolean holds(int hartId, long address) {
        return lines[hartId] == (address & LINE_MASK);
    }

    /** Gives up the hart's reservation, if any. */
    public void release(int hartId) {
        long line = lines[hartId];
        if (line != NONE) {
            lines[hartId] = NONE;
            unguard(line & FRAME_MASK);
        }
    }

    @Override
    public void onStore(long address, int lengthBytes) {
        long first = address & LINE_MASK;
        long last = address + lengthBytes - 1 & LINE_MASK;
        for (int hartId = 0; hartId < lines.length; hartId++) {
            if (lines[hartId] != NONE && lines[hartId] >= first && lines[hartId] <= last) {
                release(hartId);
            }
        }
    }

    private void unguard(long frame) {
        for (long line : lines) {
            if (line != NONE && (line & FRAME_MASK) == frame) {
                return;
            }
        }
        guards.remove(frame, StoreGuards.RESERVATION);
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        for (long line : lines) {
            out.writeLong(line);
        }
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        for (int hartId = 0; hartId < lines.length; hartId++) {
            release(hartId);
        }
        for (int hartId = 0; hartId < lines.length; hartId++) {
            lines[hartId] = in.readLong();
            if (lines[hartId] != NONE) {
                guards.add(lines[hartId], StoreGuards.RESERVATION);
            }
        }
    }
}
