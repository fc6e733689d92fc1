package dev.pagewalk.kernel.space;

/**
 * Physical memory that is no RAM.
 *
 * @param physicalAddress of the region's first byte, a multiple of 4096
 */
public record DeviceBacking(long physicalAddress) implements Backing {
    public DeviceBacking {
        if (physicalAddress < 0 || (physicalAddress & 4095) != 0) {
            throw new IllegalArgumentException(String.format("no physical page begins at 0x%x", physicalAddress));
        }
    }

    @Override
    public DeviceBacking shiftedBy(long bytes) {
        return new DeviceBacking(physicalAddress + bytes);
    }

    @Override
    public boolean isContinuedBy(Backing next, long bytes) {
        return next instanceof DeviceBacking device && physicalAddress + bytes == device.physicalAddress;
    }
}
