package dev.pagewalk.devices.power;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.bus.MemoryMappedDevice;
import dev.pagewalk.emulator.trap.PowerPort;

/**
 * The machine's off switch: one write-only register of 4 bytes whose low half says pass or fail and whose high half is
 * the code of a failure.
 *
 * <p>Source: SiFive's test finisher as QEMU's virt machine has it, {@code hw/misc/sifive_test.c}. Unlike there, a
 * failure with code 0 ends with status 1, because a failed test must not look like a passed one; and a reset is ignored.
 */
public final class TestFinisher implements MemoryMappedDevice {
    public static final long BASE_ADDRESS = 0x0010_0000L;
    public static final long LENGTH_BYTES = 0x1000;
    /** Written to pass. */
    public static final int PASS = 0x5555;
    /** Written, with the code in bits 16 to 31, to fail. */
    public static final int FAIL = 0x3333;

    private final PowerPort port;

    public TestFinisher(PowerPort port) {
        this.port = port;
    }

    @Override
    public String name() {
        return "finisher";
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
        return 0;
    }

    @Override
    public void write(long offset, int sizeBytes, long value, long nowCycle) {
        if (offset != 0 || sizeBytes < 2) {
            return;
        }
        int code = sizeBytes == 2 ? 0 : (int) (value >>> 16) & 0xFFFF;
        switch ((int) value & 0xFFFF) {
            case PASS -> port.powerOff(0);
            case FAIL -> port.powerOff(Math.max(code, 1));
            default -> {
                // A reset (0x7777) and whatever else is written is ignored.
            }
        }
    }

    /** There is no state: what was written has already happened. */
    @Override
    public void save(ByteArrayDataOutput out) {}

    @Override
    public void restore(ByteArrayDataInput in) {}
}
