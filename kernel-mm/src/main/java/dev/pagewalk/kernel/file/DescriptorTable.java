package dev.pagewalk.kernel.file;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.mmu.state.Snapshotable;
import java.util.BitSet;
import java.util.TreeMap;

/** The files that a process has open, by descriptor: 0 to 1023. Each descriptor holds a reference of its open file. */
public final class DescriptorTable implements Snapshotable {
    /** Linux's usual RLIMIT_NOFILE. */
    public static final int MAX_DESCRIPTORS = 1024;

    private final FileSystem files;
    private final TreeMap<Integer, OpenFile> byDescriptor = new TreeMap<>();
    private final BitSet used = new BitSet();
    private final BitSet closeOnExec = new BitSet();

    /** @param files whose open files it names */
    public DescriptorTable(FileSystem files) {
        this.files = files;
    }

    /**
     * What a descriptor names.
     *
     * @param descriptor any number
     * @throws KernelException BAD_DESCRIPTOR
     */
    public OpenFile get(int descriptor) throws KernelException {
        OpenFile file = byDescriptor.get(descriptor);
        if (file == null) {
            throw KernelError.BAD_DESCRIPTOR.exception();
        }
        return file;
    }

    /** How many descriptors are in use. */
    public int size() {
        return byDescriptor.size();
    }

    /**
     * Whether so many descriptors more can be given out.
     *
     * @throws KernelException TOO_MANY_DESCRIPTORS
     */
    public void requireRoom(int descriptors) throws KernelException {
        if (byDescriptor.size() > MAX_DESCRIPTORS - descriptors) {
            throw KernelError.TOO_MANY_DESCRIPTORS.exception();
        }
    }

    /**
     * Gives a file the lowest free descriptor. It takes the caller's reference over, unless it fails.
     *
     * @throws KernelException TOO_MANY_DESCRIPTORS
     */
    public int add(OpenFile file, boolean closesOnExec) throws KernelException {
        return addFrom(0, file, closesOnExec);
    }

    /**
     * As {@link #add}, with the lowest free descriptor that is not below a given one.
     *
     * @param lowest 0 to 1023
     * @throws KernelException TOO_MANY_DESCRIPTORS; INVALID_ARGUMENT where {@code lowest} can be no descriptor
     */
    public int addFrom(int lowest, OpenFile file, boolean closesOnExec) throws KernelException {
        if (lowest < 0 || lowest >= MAX_DESCRIPTORS) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        int descriptor = used.nextClearBit(lowest);
        if (descriptor >= MAX_DESCRIPTORS) {
            throw KernelError.TOO_MANY_DESCRIPTORS.exception();
        }
        put(descriptor, file, closesOnExec);
        return descriptor;
    }

    /**
     * Gives a file a certain descriptor, whatever that named before is closed. It takes the caller's reference over, unless
     * it fails.
     *
     * @throws KernelException BAD_DESCRIPTOR where it can be none
     */
    public void replace(int descriptor, OpenFile file, boolean closesOnExec) throws KernelException {
        if (descriptor < 0 || descriptor >= MAX_DESCRIPTORS) {
            throw KernelError.BAD_DESCRIPTOR.exception();
        }
        OpenFile before = byDescriptor.get(descriptor);
        put(descriptor, file, closesOnExec);
        if (before != null) {
            before.release();
        }
    }

    private void put(int descriptor, OpenFile file, boolean closesOnExec) {
        byDescriptor.put(descriptor, file);
        used.set(descriptor);
        closeOnExec.set(descriptor, closesOnExec);
    }

    /**
     * Frees a descriptor.
     *
     * @throws KernelException BAD_DESCRIPTOR
     */
    public void close(int descriptor) throws KernelException {
        get(descriptor);
        remove(descriptor);
    }

    private void remove(int descriptor) {
        used.clear(descriptor);
        closeOnExec.clear(descriptor);
        byDescriptor.remove(descriptor).release();
    }

    /** Frees all descriptors: the process has ended. */
    public void closeAll() {
        while (!byDescriptor.isEmpty()) {
            remove(byDescriptor.firstKey());
        }
    }

    /** Frees the descriptors that do not outlast exec. */
    public void closeForExec() {
        for (int next = closeOnExec.nextSetBit(0); next >= 0; next = closeOnExec.nextSetBit(next)) {
            remove(next);
        }
    }

    /**
     * Whether a descriptor does not outlast exec.
     *
     * @throws KernelException BAD_DESCRIPTOR
     */
    public boolean closesOnExec(int descriptor) throws KernelException {
        get(descriptor);
        return closeOnExec.get(descriptor);
    }

    /**
     * Decides whether a descriptor outlasts exec.
     *
     * @throws KernelException BAD_DESCRIPTOR
     */
    public void setClosesOnExec(int descriptor, boolean closes) throws KernelException {
        get(descriptor);
        closeOnExec.set(descriptor, closes);
    }

    /** Takes over a parent's descriptors, which name the same open files; this table is empty before. */
    public void copyFrom(DescriptorTable parent) {
        parent.byDescriptor.forEach((descriptor, file) -> {
            file.addReference();
            put(descriptor, file, parent.closeOnExec.get(descriptor));
        });
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeInt(byDescriptor.size());
        byDescriptor.forEach((descriptor, file) -> {
            out.writeInt(descriptor);
            out.writeLong(file.number());
            out.writeBoolean(closeOnExec.get(descriptor));
        });
    }

    /** The file system has been restored, with the references that descriptors hold. */
    @Override
    public void restore(ByteArrayDataInput in) {
        byDescriptor.clear();
        used.clear();
        closeOnExec.clear();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            put(in.readInt(), files.openFile(in.readLong()), in.readBoolean());
        }
    }
}
