package dev.pagewalk.kernel.file;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.device.Terminal;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.mmu.state.Snapshotable;
import java.util.TreeMap;

/** All open files of all processes, by number. */
final class OpenFileTable implements Snapshotable {
    /** Of the whole machine. */
    static final int MAX_OPEN_FILES = 65_536;

    private final InodeTable inodes;
    private final TreeMap<Long, OpenFile> byNumber = new TreeMap<>();
    private Terminal terminal;
    private long nextNumber = 1;

    OpenFileTable(InodeTable inodes) {
        this.inodes = inodes;
    }

    void attachConsole(Terminal console) {
        terminal = console;
    }

    /**
     * Whether so many files more can be opened.
     *
     * @throws KernelException TOO_MANY_OPEN_FILES
     */
    void requireRoom(int files) throws KernelException {
        if (byNumber.size() > MAX_OPEN_FILES - files) {
            throw KernelError.TOO_MANY_OPEN_FILES.exception();
        }
    }

    /**
     * Opens an inode, once there is room.
     *
     * @param path a directory's own, else of no meaning
     */
    OpenFile open(Inode inode, int flags, String path) {
        OpenFile file = make(nextNumber++, inode, flags, path);
        inode.addReference();
        byNumber.put(file.number(), file);
        if (file instanceof PipeEnd end) {
            end.opened();
        }
        return file;
    }

    private OpenFile make(long number, Inode inode, int flags, String path) {
        return switch (inode.kind()) {
            case REGULAR -> new RegularFile(this, number, inode, flags);
            case DIRECTORY -> new DirectoryFile(this, number, inode, flags, path);
            case DEVICE -> new DeviceFile(this, number, inode, flags);
            case CONSOLE -> new ConsoleFile(this, number, inode, flags, terminal);
            case NULL, ZERO -> new NullFile(this, number, inode, flags);
            case PIPE -> new PipeEnd(this, number, inode, flags);
        };
    }

    /** Null where there is none (any more). */
    OpenFile find(long number) {
        return byNumber.get(number);
    }

    void remove(OpenFile file) {
        byNumber.remove(file.number());
    }

    int size() {
        return byNumber.size();
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeLong(nextNumber);
        out.writeInt(byNumber.size());
        for (OpenFile file : byNumber.values()) {
            out.writeLong(file.number());
            out.writeLong(file.inode().number());
            out.writeInt(file.statusFlags());
            file.save(out);
        }
    }

    /** The inodes have been restored, with the references that open files hold. */
    @Override
    public void restore(ByteArrayDataInput in) {
        nextNumber = in.readLong();
        byNumber.clear();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            OpenFile file = make(in.readLong(), inodes.find(in.readLong()), in.readInt(), null);
            file.restore(in);
            byNumber.put(file.number(), file);
        }
    }
}
