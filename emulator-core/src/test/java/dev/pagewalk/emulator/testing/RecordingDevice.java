package dev.pagewalk.emulator.testing;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.bus.MemoryMappedDevice;
import java.util.ArrayList;
import java.util.List;

/** A page of registers that writes down each access; a test may make a write do something. */
public final class RecordingDevice implements MemoryMappedDevice {
    public static final long BASE = 0x1000_0000L;

    /** One access; a read's value is what was answered. */
    public record Access(boolean isWrite, long offset, int sizeBytes, long value, long cycle) {}

    public interface WriteAction {
        void written(long offset, long value, long nowCycle);
    }

    public final List<Access> accesses = new ArrayList<>();
    public long answer;
    public WriteAction onWrite = (offset, value, nowCycle) -> {};

    private final String name;
    private final long base;
    private long count;

    public RecordingDevice() {
        this("recorder", BASE);
    }

    public RecordingDevice(String name, long base) {
        this.name = name;
        this.base = base;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long baseAddress() {
        return base;
    }

    @Override
    public long lengthBytes() {
        return 4096;
    }

    @Override
    public long read(long offset, int sizeBytes, long nowCycle) {
        long value = sizeBytes == 8 ? answer : answer & (1L << 8 * sizeBytes) - 1;
        accesses.add(new Access(false, offset, sizeBytes, value, nowCycle));
        count++;
        return value;
    }

    @Override
    public void write(long offset, int sizeBytes, long value, long nowCycle) {
        accesses.add(new Access(true, offset, sizeBytes, value, nowCycle));
        count++;
        onWrite.written(offset, value, nowCycle);
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeLong(count);
        out.writeLong(answer);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        count = in.readLong();
        answer = in.readLong();
        accesses.clear();
    }
}
