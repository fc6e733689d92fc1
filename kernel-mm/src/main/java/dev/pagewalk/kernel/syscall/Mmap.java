package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.Inode;
import dev.pagewalk.kernel.file.OpenFile;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.MapRequest;
import dev.pagewalk.kernel.space.MapRequest.Placement;
import dev.pagewalk.kernel.space.Protection;
import dev.pagewalk.kernel.space.SpaceLock;

/**
 * mmap(address, length, protection, flags, fd, offset) of memory (S16), files (S26) and devices (S8). Source of the order of
 * errors: Linux, mm/mmap.c, {@code ksys_mmap_pgoff} and {@code do_mmap}.
 */
final class Mmap extends SystemCall {
    static final int MAP_SHARED = 0x01;
    static final int MAP_PRIVATE = 0x02;
    static final int MAP_TYPE = 0x0F;
    static final int MAP_FIXED = 0x10;
    static final int MAP_ANONYMOUS = 0x20;
    static final int MAP_POPULATE = 0x8000;
    static final int MAP_FIXED_NOREPLACE = 0x100000;

    Mmap() {
        super(
                222,
                "mmap",
                ParameterKind.ADDRESS,
                ParameterKind.SIZE,
                ParameterKind.PROTECTION,
                ParameterKind.MAP_FLAGS,
                ParameterKind.NUMBER,
                ParameterKind.OFFSET);
    }

    @Override
    protected boolean returnsAddress() {
        return true;
    }

    @Override
    protected SpaceLock.Mode locking() {
        return SpaceLock.Mode.EXCLUSIVE;
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        long flags = call.argument(3);
        long offset = call.argument(5);
        long type = flags & MAP_TYPE;
        if ((offset & 4095) != 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        OpenFile file = null;
        if ((flags & MAP_ANONYMOUS) == 0) {
            file = call.process().descriptors().get((int) call.argument(4));
            if (!file.isReadable() && !file.isWritable()) {
                throw KernelError.BAD_DESCRIPTOR.exception();
            }
        }
        if (type != MAP_SHARED && type != MAP_PRIVATE) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        MapRequest memory = new MapRequest(
                call.argument(0),
                call.argument(1),
                Protection.effective(call.argument(2)),
                type == MAP_SHARED,
                placement(flags));
        long start = file == null ? call.space().map(memory) : mapFile(call.space(), file, memory, offset);
        if ((flags & MAP_POPULATE) != 0) {
            call.populate(start, start + memory.lengthBytes());
        } else {
            call.populateIfLocked(start, memory.lengthBytes());
        }
        return start;
    }

    private static long mapFile(AddressSpace space, OpenFile file, MapRequest memory, long offset)
            throws KernelException {
        if (memory.lengthBytes() == 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        if (offset < 0 || memory.lengthBytes() > 0 && offset + memory.lengthBytes() < 0) {
            throw KernelError.OFFSET_OVERFLOW.exception();
        }
        boolean storesToIt = memory.shared() && (memory.protection() & Protection.WRITE) != 0;
        if (!file.isReadable() || storesToIt && !file.isWritable()) {
            throw KernelError.PERMISSION_DENIED.exception();
        }
        Inode inode = file.inode();
        return switch (inode.kind()) {
            case REGULAR ->
                space.map(new MapRequest(
                        memory.address(),
                        memory.lengthBytes(),
                        memory.protection(),
                        memory.shared(),
                        memory.placement(),
                        new MapRequest.FileRange(inode, offset, file.isWritable())));
            case DEVICE -> mapDevice(space, inode, memory, offset);
            case ZERO -> space.map(memory);
            default -> throw KernelError.NO_SUCH_DEVICE.exception();
        };
    }

    /** Source: Linux, mm/memory.c, {@code vm_iomap_memory}: what reaches beyond the device is refused. */
    private static long mapDevice(AddressSpace space, Inode inode, MapRequest memory, long offset)
            throws KernelException {
        long mappedBytes = AddressSpace.roundUp(memory.lengthBytes());
        long deviceBytes = inode.deviceLengthBytes();
        if (memory.lengthBytes() < 0 || offset > deviceBytes || mappedBytes > deviceBytes - offset) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        return space.mapDevice(memory, inode.deviceAddress() + offset);
    }

    private static Placement placement(long flags) {
        if ((flags & MAP_FIXED_NOREPLACE) != 0) {
            return Placement.FIXED_NOREPLACE;
        }
        return (flags & MAP_FIXED) != 0 ? Placement.FIXED : Placement.ANYWHERE;
    }
}
