package dev.pagewalk.kernel.futex;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.FileBacking;
import dev.pagewalk.kernel.space.Region;
import java.util.Comparator;

/**
 * Which word a futex is: the same for all that share it, at whatever addresses they have it. Source: Linux,
 * kernel/futex/core.c, {@code get_futex_key}.
 *
 * @param shared whether it is a word of a file, or of memory that is shared as a file is; else it is one of an address space
 * @param owner the number of the file's inode, or the space's root table, which has that address while anybody waits
 * @param offset in the file, or the address in the space; a multiple of 4
 */
public record FutexKey(boolean shared, long owner, long offset) implements Comparable<FutexKey> {
    private static final Comparator<FutexKey> ORDER = Comparator.comparing(FutexKey::shared)
            .thenComparingLong(FutexKey::owner)
            .thenComparingLong(FutexKey::offset);

    /**
     * The key of the word at an address. Without {@code isPrivate} something has to be mapped there.
     *
     * @param isPrivate whether the caller says that no other address space has the word
     * @throws KernelException INVALID_ARGUMENT where the address is no multiple of 4, INVALID_ADDRESS
     */
    public static FutexKey of(AddressSpace space, long address, boolean isPrivate) throws KernelException {
        if ((address & Integer.BYTES - 1) != 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        UserMemory.checkRange(space, address, Integer.BYTES);
        if (!isPrivate) {
            Region region = space.regions().find(address);
            if (region == null) {
                throw KernelError.INVALID_ADDRESS.exception();
            }
            if (region.backing() instanceof FileBacking file && file.shared()) {
                return new FutexKey(true, file.inode().number(), file.offset() + address - region.start());
            }
        }
        return new FutexKey(false, space.pageTable().rootAddress(), address);
    }

    @Override
    public int compareTo(FutexKey other) {
        return ORDER.compare(this, other);
    }

    void save(ByteArrayDataOutput out) {
        out.writeBoolean(shared);
        out.writeLong(owner);
        out.writeLong(offset);
    }

    static FutexKey restore(ByteArrayDataInput in) {
        return new FutexKey(in.readBoolean(), in.readLong(), in.readLong());
    }
}
