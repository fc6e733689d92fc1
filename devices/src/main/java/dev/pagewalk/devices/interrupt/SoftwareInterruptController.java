package dev.pagewalk.devices.interrupt;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.bus.MemoryMappedDevice;
import dev.pagewalk.emulator.trap.InterruptLine;
import dev.pagewalk.emulator.trap.InterruptPort;
import java.util.function.LongSupplier;

/**
 * The machine's sender of inter-processor interrupts: one {@code msip} register of 4 bytes per hart, of which bit 0 is
 * that hart's software interrupt.
 *
 * <p>Writing 1 makes the interrupt arrive one interrupt latency later, writing 0 withdraws it. Writing 1 again before
 * that raises the line again, which changes nothing: interrupts coalesce at the port.
 *
 * <p>Source: RISC-V ACLINT specification, "Machine-level Software Interrupt Device (MSWI)"; the address is QEMU virt's.
 */
public final class SoftwareInterruptController implements MemoryMappedDevice {
    public static final long BASE_ADDRESS = 0x0200_0000L;
    public static final long LENGTH_BYTES = 0x4000;
    /** The state is a bit per hart in one long. */
    public static final int MAX_HARTS = 64;

    private static final int REGISTER_BYTES = 4;

    private final int harts;
    private final LongSupplier interruptLatencyCycles;
    private final InterruptPort port;
    private long pending;

    /**
     * @param harts 1..64; registers beyond them read 0 and ignore writes
     * @param interruptLatencyCycles from a store to the line being pending, at least 0; asked once for each
     */
    public SoftwareInterruptController(int harts, LongSupplier interruptLatencyCycles, InterruptPort port) {
        if (harts < 1 || harts > MAX_HARTS) {
            throw new IllegalArgumentException("harts is " + harts + ", but must be 1 to " + MAX_HARTS);
        }
        this.harts = harts;
        this.interruptLatencyCycles = interruptLatencyCycles;
        this.port = port;
    }

    @Override
    public String name() {
        return "mswi";
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
        long value = 0;
        for (int i = 0; i < sizeBytes; i++) {
            if (isLowByteOfRegister(offset + i)) {
                value |= (pending >>> hartAt(offset + i) & 1) << 8 * i;
            }
        }
        return value;
    }

    @Override
    public void write(long offset, int sizeBytes, long value, long nowCycle) {
        for (int i = 0; i < sizeBytes; i++) {
            if (isLowByteOfRegister(offset + i)) {
                writeRegister(hartAt(offset + i), (value >>> 8 * i & 1) != 0, nowCycle);
            }
        }
    }

    private void writeRegister(int hartId, boolean raised, long nowCycle) {
        if (raised) {
            pending |= 1L << hartId;
            port.raise(hartId, InterruptLine.SOFTWARE, nowCycle + interruptLatencyCycles.getAsLong());
        } else {
            pending &= ~(1L << hartId);
            port.clear(hartId, InterruptLine.SOFTWARE);
        }
    }

    /** Bit 0 lies in the lowest byte of each register; the other bytes are hardwired to 0. */
    private boolean isLowByteOfRegister(long byteOffset) {
        return byteOffset % REGISTER_BYTES == 0 && byteOffset / REGISTER_BYTES < harts;
    }

    private static int hartAt(long byteOffset) {
        return (int) (byteOffset / REGISTER_BYTES);
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeLong(pending);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        pending = in.readLong();
    }
}
