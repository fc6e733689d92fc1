package dev.pagewalk.devices.timer;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.bus.MemoryMappedDevice;
import dev.pagewalk.emulator.trap.InterruptLine;
import dev.pagewalk.emulator.trap.InterruptPort;
import java.util.Arrays;

/**
 * The machine's timer: {@code mtime} counts ticks of the simulated clock, and a hart's timer interrupt is pending while
 * {@code mtime >= mtimecmp}, both unsigned, for its {@code mtimecmp}.
 *
 * <p>{@code mtime} is a view of the accessing hart's clock, so writes to it are ignored. A comparison value that no
 * cycle count can reach means never, as do all ones, the value after power-on.
 *
 * <p>Source: RISC-V ACLINT specification, "Machine-level Timer Device (MTIMER)"; the address is QEMU virt's.
 */
public final class TimerDevice implements MemoryMappedDevice {
    public static final long BASE_ADDRESS = 0x0200_4000L;
    public static final long LENGTH_BYTES = 0x8000;
    /** The offset of mtime; mtimecmp of hart i is at 8 i. */
    public static final long TIME_OFFSET = 0x7FF8;

    private static final int REGISTER_BYTES = 8;
    private static final int MAX_HARTS = (int) (TIME_OFFSET / REGISTER_BYTES);
    private static final long NEVER = -1;

    private final int cyclesPerTimerTick;
    private final InterruptPort port;
    /** Unsigned. */
    private final long[] compareTicks;

    /**
     * @param harts 1..4095; registers beyond them read 0 and ignore writes
     * @param cyclesPerTimerTick at least 1, the timing profile's
     */
    public TimerDevice(int harts, int cyclesPerTimerTick, InterruptPort port) {
        if (harts < 1 || harts > MAX_HARTS) {
            throw new IllegalArgumentException("harts is " + harts + ", but must be 1 to " + MAX_HARTS);
        }
        if (cyclesPerTimerTick < 1) {
            throw new IllegalArgumentException(
                    "cyclesPerTimerTick is " + cyclesPerTimerTick + ", but must be at least 1");
        }
        this.cyclesPerTimerTick = cyclesPerTimerTick;
        this.port = port;
        compareTicks = new long[harts];
        Arrays.fill(compareTicks, NEVER);
    }

    @Override
    public String name() {
        return "mtimer";
    }

    @Override
    public long baseAddress() {
        return BASE_ADDRESS;
    }

    @Override
    public long lengthBytes() {
        return LENGTH_BYTES;
    }

    @Override
    public long read(long offset, int sizeBytes, long nowCycle) {
        long registerOffset = offset - offset % REGISTER_BYTES;
        long register = 0;
        if (registerOffset == TIME_OFFSET) {
            register = nowCycle / cyclesPerTimerTick;
        } else if (isCompareRegister(registerOffset)) {
            register = compareTicks[hartOf(registerOffset)];
        }
        return register >>> shiftOf(offset) & maskOf(sizeBytes);
    }

    @Override
    public void write(long offset, int sizeBytes, long value, long nowCycle) {
        long registerOffset = offset - offset % REGISTER_BYTES;
        if (!isCompareRegister(registerOffset)) {
            return;
        }
        int hartId = hartOf(registerOffset);
        long written = maskOf(sizeBytes) << shiftOf(offset);
        compareTicks[hartId] = compareTicks[hartId] & ~written | value << shiftOf(offset) & written;
        setAlarm(hartId, nowCycle);
    }

    private void setAlarm(int hartId, long nowCycle) {
        port.clear(hartId, InterruptLine.TIMER);
        long ticks = compareTicks[hartId];
        long lastReachableTick = Long.MAX_VALUE / cyclesPerTimerTick;
        if (Long.compareUnsigned(ticks, lastReachableTick) < 0) {
            port.raise(hartId, InterruptLine.TIMER, Math.max(nowCycle, ticks * cyclesPerTimerTick));
        }
    }

    private boolean isCompareRegister(long registerOffset) {
        return registerOffset / REGISTER_BYTES < compareTicks.length;
    }

    private static int hartOf(long registerOffset) {
        return (int) (registerOffset / REGISTER_BYTES);
    }

    private static int shiftOf(long offset) {
        return (int) (offset % REGISTER_BYTES) * 8;
    }

    private static long maskOf(int sizeBytes) {
        return -1L >>> 64 - 8 * sizeBytes;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        for (long ticks : compareTicks) {
            out.writeLong(ticks);
        }
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        for (int hartId = 0; hartId < compareTicks.length; hartId++) {
            compareTicks[hartId] = in.readLong();
        }
    }
}
