package dev.pagewalk.kernel.space;

/** What a region is for (S4), with the protection it has unless something else is asked for. */
public enum RegionKind {
    CODE(Protection.READ | Protection.EXEC),
    RODATA(Protection.READ),
    /** Data of the image, .bss included. */
    DATA(Protection.READ | Protection.WRITE),
    HEAP(Protection.READ | Protection.WRITE),
    STACK(Protection.READ | Protection.WRITE),
    /** Private memory that mmap made. */
    ANONYMOUS(Protection.READ | Protection.WRITE),
    /** Shared memory that mmap made. */
    SHARED(Protection.READ | Protection.WRITE),
    /** A file that mmap mapped, privately or shared; protected as asked. */
    FILE(Protection.READ),
    /** Memory of a device. */
    DEVICE(Protection.READ | Protection.WRITE),
    /** Code of the kernel's that user programs execute. */
    VDSO(Protection.READ | Protection.EXEC);

    private final int defaultProtection;

    RegionKind(int defaultProtection) {
        this.defaultProtection = defaultProtection;
    }

    public int defaultProtection() {
        return defaultProtection;
    }
}
