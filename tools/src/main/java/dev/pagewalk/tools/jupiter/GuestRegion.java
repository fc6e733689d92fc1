package dev.pagewalk.tools.jupiter;

import dev.pagewalk.kernel.space.RegionKind;

/**
 * A range of a process's address space.
 *
 * @param start the first byte's address
 * @param end the address behind the last byte
 * @param permissions as /proc/PID/maps has them: {@code rw-p}
 * @param source where its bytes come from: {@code /data/a+0x1000} of a file, {@code at 0x50000000} of a device, else empty
 * @param residentPages what of it is in RAM, in pages of 4 KiB
 * @param sharedPages what of that has another owner too
 */
public record GuestRegion(
        long start,
        long end,
        String permissions,
        RegionKind kind,
        String source,
        long residentPages,
        long sharedPages) {
    public long lengthBytes() {
        return end - start;
    }

    public boolean contains(long address) {
        return address >= start && address < end;
    }
}
