package dev.pagewalk.kernel.fault;

import dev.pagewalk.emulator.bus.PhysicalBus;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.kernel.pagetable.PageEntry;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.FileBacking;
import dev.pagewalk.kernel.space.Region;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Copies between the kernel and user memory, of a space that runs or of one that does not (S36, S48): the soft path.
 *
 * <p>It translates in software, touches no TLB, honours the regions' protection, faults lazy pages in (they stay), and
 * answers whatever is wrong with an address by an error; the process goes on.
 */
public final class UserMemory {
    private final PhysicalBus bus;
    private final CostMeter meter;
    private final PageFaultHandler faults;
    private final CopyObserver observer;

    /** Told of what the kernel copies from and to user memory. */
    public interface CopyObserver {
        /** Some bytes, all on one page, have been copied; LOAD from the user, STORE to it. */
        void copied(AddressSpace space, long address, int lengthBytes, AccessType access);
    }

    public UserMemory(PhysicalBus bus, CostMeter meter, PageFaultHandler faults, CopyObserver observer) {
        this.observer = observer;
        this.bus = bus;
        this.meter = meter;
        this.faults = faults;
    }

    /**
     * Refuses a buffer that user space cannot hold, whether or not anything is mapped there. Source: Linux,
     * include/asm-generic/access_ok.h. A length of 0 is fine anywhere in user space.
     *
     * @param lengthBytes unsigned
     * @throws KernelException INVALID_ADDRESS where the range wraps or leaves user space
     */
    public static void checkRange(AddressSpace space, long address, long lengthBytes) throws KernelException {
        // Addresses below user space's start are only found to be unmapped.
        long end = space.layout().userEnd();
        if (address < 0 || address > end || Long.compareUnsigned(lengthBytes, end - address) > 0) {
            throw KernelError.INVALID_ADDRESS.exception();
        }
    }

    /**
     * Copies from user memory.
     *
     * @return how many bytes were copied: {@code length}, or fewer where a page further on is not readable
     * @throws KernelException INVALID_ADDRESS where the range wraps or leaves user space, or its first page is not
     *     readable
     */
    public int copyFromUser(AddressSpace space, long address, byte[] target, int length) throws KernelException {
        return copy(space, address, target, length, AccessType.LOAD);
    }

    /**
     * Copies to user memory.
     *
     * @return how many bytes were copied: {@code length}, or fewer where a page further on is not writable
     * @throws KernelException INVALID_ADDRESS where the range wraps or leaves user space, or its first page is not
     *     writable
     */
    public int copyToUser(AddressSpace space, long address, byte[] source, int length) throws KernelException {
        return copy(space, address, source, length, AccessType.STORE);
    }

    /**
     * Copies to user memory, all or nothing.
     *
     * @throws KernelException INVALID_ADDRESS where any byte cannot be written; then none is
     */
    public void copyAllToUser(AddressSpace space, long address, byte[] source) throws KernelException {
        boolean onSeveralPages = bytesOnPage(address, source.length) < source.length;
        if (onSeveralPages && prefault(space, address, source.length, AccessType.STORE) < source.length) {
            throw KernelError.INVALID_ADDRESS.exception();
        }
        if (copyToUser(space, address, source, source.length) < source.length) {
            throw KernelError.INVALID_ADDRESS.exception();
        }
    }

    /**
     * Copies a word of four bytes to user memory, little-endian.
     *
     * @throws KernelException as {@link #copyAllToUser}
     */
    public void copyIntToUser(AddressSpace space, long address, int value) throws KernelException {
        ByteBuffer word = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        copyAllToUser(space, address, word.putInt(value).array());
    }

    /**
     * Copies from user memory, all or an error.
     *
     * @throws KernelException INVALID_ADDRESS where any byte cannot be read
     */
    public void copyAllFromUser(AddressSpace space, long address, byte[] target) throws KernelException {
        if (copyFromUser(space, address, target, target.length) < target.length) {
            throw KernelError.INVALID_ADDRESS.exception();
        }
    }

    /**
     * Writes into a space that is being made, whatever its pages' protection; brings the pages in, copies where others own
     * them.
     *
     * @param source what remains of it is written, in a region or several adjacent ones
     * @throws KernelException OUT_OF_MEMORY; a first part may be written
     */
    public void initialize(AddressSpace space, long address, ByteBuffer source) throws KernelException {
        byte[] page = new byte[PagingMode.PAGE_BYTES];
        long at = address;
        while (source.hasRemaining()) {
            int part = bytesOnPage(at, source.remaining());
            source.get(page, 0, part);
            initializePage(space, at, page, part);
            at += part;
        }
    }

    private void initializePage(AddressSpace space, long address, byte[] source, int length) throws KernelException {
        long physical = space.own(space.regions().find(address), address);
        meter.copied(length);
        bus.announceStore(physical, length);
        bus.memory().write(physical, source, 0, length);
    }

    /**
     * Makes user memory accessible before a call takes effect.
     *
     * @return how many bytes from the start on are accessible, up to {@code length}
     * @throws KernelException INVALID_ADDRESS where the range wraps or leaves user space, or its first page is not
     *     accessible
     */
    public int prefault(AddressSpace space, long address, int length, AccessType access) throws KernelException {
        checkRange(space, address, length);
        int accessible = 0;
        while (accessible < length) {
            if (physicalAddress(space, address + accessible, access) < 0) {
                break;
            }
            accessible += bytesOnPage(address + accessible, length - accessible);
        }
        return orFault(accessible, length);
    }

    /**
     * Reads what a load would see, for those who only look: brings no page in, charges nothing, changes no bit, and asks for
     * no permission.
     *
     * @return up to {@code length} bytes, fewer where nothing is mapped
     */
    public byte[] peek(AddressSpace space, long address, int length) {
        byte[] bytes = new byte[length];
        int done = 0;
        while (done < length) {
            int part = bytesOnPage(address + done, length - done);
            int seen = peekOnPage(space, address + done, bytes, done, part);
            done += seen;
            if (seen < part) {
                break;
            }
        }
        return Arrays.copyOf(bytes, done);
    }

    private int peekOnPage(AddressSpace space, long address, byte[] target, int to, int length) {
        Region region = space.regions().find(address);
        if (region == null || region.isDevice()) {
            return 0;
        }
        PageEntry entry = space.entryOf(address);
        if (entry.isPresent()) {
            bus.memory().read(entry.physicalAddress(address), target, to, length);
            return length;
        }
        if (region.backing() instanceof FileBacking file) {
            long page = region.filePage(address);
            return file.inode().peekPage(page, (int) (address & ~PagingMode.PAGE_MASK), target, to, length);
        }
        return length;
    }

    private int copy(AddressSpace space, long address, byte[] bytes, int length, AccessType access)
            throws KernelException {
        checkRange(space, address, length);
        int copied = 0;
        while (copied < length) {
            long physical = physicalAddress(space, address + copied, access);
            if (physical < 0) {
                break;
            }
            int part = bytesOnPage(address + copied, length - copied);
            meter.copied(part);
            if (access == AccessType.STORE) {
                bus.announceStore(physical, part);
                bus.memory().write(physical, bytes, copied, part);
            } else {
                bus.memory().read(physical, bytes, copied, part);
            }
            observer.copied(space, address + copied, part, access);
            copied += part;
        }
        return orFault(copied, length);
    }

    /** Where the byte stands in RAM, its page made accessible; -1 where that is not possible. */
    private long physicalAddress(AddressSpace space, long address, AccessType access) {
        PageEntry entry = space.pageTable().find(address);
        if (space.isInTransit(address)) {
            return physicalInTransit(space, address, access);
        }
        if (!KernelPte.permits(entry.pte(), access)) {
            if (faults.handle(space, address, access) != null) {
                return -1;
            }
            if (space.isInTransit(address)) {
                return physicalInTransit(space, address, access);
            }
            entry = space.pageTable().find(address);
        }
        long touched = KernelPte.touched(entry.pte(), access);
        if (touched != entry.pte()) {
            space.pageTable().write(entry, touched);
        }
        // Device memory is for user code: a call finds no buffer there.
        return KernelPte.isDevice(touched) ? -1 : entry.physicalAddress(address);
    }

    /** Of a page that is replaced the kernel uses the new one, which harts cannot see yet. */
    private long physicalInTransit(AddressSpace space, long address, AccessType access) {
        PageEntry entry = space.entryOf(address);
        if (!KernelPte.permits(entry.pte(), access)) {
            return -1;
        }
        space.translations().inTransit().update(address, KernelPte.touched(entry.pte(), access));
        if (access == AccessType.STORE) {
            // The call is not over before all harts see what it has stored, the task's own one included.
            space.awaitPage(meter.hart(), address);
        }
        return entry.physicalAddress(address);
    }

    private static int bytesOnPage(long address, int length) {
        return (int) Math.min(length, PagingMode.PAGE_BYTES - (address & ~PagingMode.PAGE_MASK));
    }

    private static int orFault(int done, int length) throws KernelException {
        if (done == 0 && length > 0) {
            throw KernelError.INVALID_ADDRESS.exception();
        }
        return done;
    }
}
