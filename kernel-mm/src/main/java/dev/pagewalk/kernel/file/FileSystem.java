package dev.pagewalk.kernel.file;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.bus.PhysicalBus;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.device.Terminal;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.frame.Reclaimer;
import dev.pagewalk.mmu.state.Snapshotable;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The machine's one file system: names, inodes with their pages, and open files, all in RAM, as Linux's tmpfs has it.
 *
 * <p>It is the front of this package. The frame allocator asks it for clean pages when frames run out.
 */
public final class FileSystem implements Reclaimer, Snapshotable {
    /** A preloaded file is one host array, and its offsets are ints. */
    public static final int MAX_PRELOADED_BYTES = 1 << 30;

    private static final int DIRECTORY_PERMISSIONS = 0755;
    private static final int PRELOADED_PERMISSIONS = 0755;
    private static final int DEVICE_PERMISSIONS = 0666;
    private static final int PIPE_PERMISSIONS = 0600;
    private static final int TEMPORARY_PERMISSIONS = 01777;

    /** There is no umask call: every process has this one. */
    private static final int UMASK = 022;

    /** How many pages {@link #dropStep} drops. */
    private static final int STEP_PAGES = 512;

    private final InodeTable inodes;
    private final OpenFileTable openFiles;
    private final Paths paths = new Paths();

    /** Makes a file system with {@code /dev/null}, {@code /dev/zero} and the usual directories; takes no frame. */
    public FileSystem(FrameAllocator frames, PhysicalBus bus, CostMeter meter) {
        this.inodes = new InodeTable(new FrameStore(frames, bus, meter));
        this.openFiles = new OpenFileTable(inodes);
        paths.add(Paths.ROOT, created(InodeKind.DIRECTORY, DIRECTORY_PERMISSIONS));
        paths.add("/tmp", created(InodeKind.DIRECTORY, TEMPORARY_PERMISSIONS));
        paths.add("/dev", created(InodeKind.DIRECTORY, DIRECTORY_PERMISSIONS));
        paths.add("/proc", created(InodeKind.DIRECTORY, 0555));
        paths.add("/proc/self", created(InodeKind.DIRECTORY, 0555));
        addDevice("/dev/null", InodeKind.NULL, 1 << 8 | 3, 0, 0);
        addDevice("/dev/zero", InodeKind.ZERO, 1 << 8 | 5, 0, 0);
    }

    /** Adds {@code /dev/console}. */
    public void attachConsole(Terminal terminal) {
        openFiles.attachConsole(terminal);
        addDevice("/dev/console", InodeKind.CONSOLE, 5 << 8 | 1, 0, 0);
    }

    /** Adds {@code /dev/fb0}: memory of the display, whole pages. */
    public void attachFramebuffer(long physicalAddress, long lengthBytes) {
        addDevice("/dev/fb0", InodeKind.DEVICE, 29 << 8, physicalAddress, lengthBytes);
    }

    private void addDevice(String path, InodeKind kind, int device, long address, long lengthBytes) {
        Inode inode = created(kind, DEVICE_PERMISSIONS);
        inode.setDevice(device, address, lengthBytes);
        paths.add(path, inode);
    }

    /** Names who maps files. */
    public void observeMappings(MappingObserver observer) {
        inodes.observeMappings(observer);
    }

    /** Names who waits for pipes. */
    public void observePipes(PipeObserver observer) {
        inodes.observePipes(observer);
    }

    /**
     * Puts a file there before anything runs, and the directories that it lies in. Its bytes come into RAM when they are
     * asked for.
     *
     * @param path as {@link GuestPath#ofFile} takes it
     * @param bytes up to {@link #MAX_PRELOADED_BYTES}; not to be changed afterwards
     * @throws IllegalArgumentException where the path cannot be a file's, something has it already, or there are too many
     */
    public void preload(String path, byte[] bytes) {
        String place = GuestPath.ofFile(path);
        if (paths.find(place) != null || place.startsWith("/proc/")) {
            throw new IllegalArgumentException("'" + path + "' is there already");
        }
        if (bytes.length > MAX_PRELOADED_BYTES) {
            throw new IllegalArgumentException("'" + path + "' is larger than " + MAX_PRELOADED_BYTES + " bytes");
        }
        for (int slash = place.indexOf('/', 1); slash > 0; slash = place.indexOf('/', slash + 1)) {
            preloadDirectory(path, place.substring(0, slash));
        }
        Inode inode = created(InodeKind.REGULAR, PRELOADED_PERMISSIONS);
        inode.preload(bytes);
        paths.add(place, inode);
    }

    private void preloadDirectory(String path, String directory) {
        Inode inode = paths.find(directory);
        if (inode == null) {
            paths.add(directory, created(InodeKind.DIRECTORY, DIRECTORY_PERMISSIONS));
        } else if (inode.kind() != InodeKind.DIRECTORY) {
            throw new IllegalArgumentException("'" + path + "' lies in something that is no directory");
        }
    }

    private Inode created(InodeKind kind, int permissions) {
        try {
            return inodes.create(kind, permissions);
        } catch (KernelException tooMany) {
            throw new IllegalArgumentException("there are too many files", tooMany);
        }
    }

    /**
     * A regular file of zeros without a name, as memory that is shared without a file has it. The caller holds its one
     * reference.
     *
     * @param sizeBytes not negative
     * @throws KernelException NO_SPACE where there are too many inodes
     */
    public Inode createUnnamed(long sizeBytes) throws KernelException {
        Inode inode = inodes.create(InodeKind.REGULAR, 0600);
        inode.addReference();
        inode.truncate(sizeBytes);
        return inode;
    }

    /**
     * A file with these bytes and without a name, which the kernel itself keeps for ever.
     *
     * @throws IllegalArgumentException where there are too many files
     */
    public Inode createKernelFile(byte[] bytes) {
        Inode inode = created(InodeKind.REGULAR, PRELOADED_PERMISSIONS);
        inode.addReference();
        inode.preload(bytes);
        return inode;
    }

    /**
     * What a path names; whoever keeps it adds a reference.
     *
     * @param path one character per byte
     * @throws KernelException NOT_FOUND, NOT_A_DIRECTORY, NAME_TOO_LONG
     */
    public Inode find(PathBase base, String path) throws KernelException {
        return paths.walk(base, path).existing();
    }

    /**
     * What stat(2) tells of what a path names.
     *
     * @param followsLink whether it tells of what a link as the last step leads to, not of the link
     * @throws KernelException NOT_FOUND, NOT_A_DIRECTORY, NAME_TOO_LONG
     */
    public FileStatus status(PathBase base, String path, boolean followsLink) throws KernelException {
        Paths.Place place = paths.walk(base, path);
        Inode inode = place.existing();
        return place.isLink() && !followsLink ? FileStatus.OF_LINK : inode.status();
    }

    /**
     * Opens what a path names, made anew where {@link OpenFlags#CREATE} asks for it. The caller holds the open file's one
     * reference.
     *
     * @param flags {@link OpenFlags}; unknown bits mean nothing
     * @param permissions of a new file, before the umask
     * @throws KernelException TOO_MANY_OPEN_FILES, NOT_FOUND, NOT_A_DIRECTORY, IS_A_DIRECTORY, NAME_TOO_LONG,
     *     ALREADY_EXISTS, TOO_MANY_LINKS, NO_SPACE, INVALID_ARGUMENT
     */
    public OpenFile open(PathBase base, String path, int flags, int permissions) throws KernelException {
        if (path.isEmpty()) {
            throw KernelError.NOT_FOUND.exception();
        }
        OpenFlags.requireConsistent(flags);
        boolean pathOnly = (flags & OpenFlags.PATH_ONLY) != 0;
        int effective = pathOnly
                ? flags & (OpenFlags.PATH_ONLY | OpenFlags.DIRECTORY | OpenFlags.NO_FOLLOW)
                : flags | OpenFlags.LARGE_FILE;
        boolean creates = (effective & OpenFlags.CREATE) != 0;
        openFiles.requireRoom(1);
        Paths.Place place = paths.walk(base, path);
        if (creates && place.wantsDirectory()) {
            throw KernelError.IS_A_DIRECTORY.exception();
        }
        Inode inode;
        if (creates && place.inode() == null) {
            inode = create(place, permissions);
        } else {
            inode = place.existing();
            checkOpen(place, effective);
        }
        OpenFile file = openFiles.open(inode, effective, place.path());
        if ((effective & OpenFlags.TRUNCATE) != 0 && inode.kind() == InodeKind.REGULAR) {
            inode.truncate(0);
        }
        return file;
    }

    private Inode create(Paths.Place place, int permissions) throws KernelException {
        if (place.path().startsWith("/proc/")) {
            throw KernelError.NOT_FOUND.exception();
        }
        Inode inode = inodes.create(InodeKind.REGULAR, permissions & 07777 & ~UMASK);
        paths.add(place.path(), inode);
        return inode;
    }

    /** Source of the order: Linux, fs/namei.c, {@code do_open}. */
    private static void checkOpen(Paths.Place place, int flags) throws KernelException {
        boolean creates = (flags & OpenFlags.CREATE) != 0;
        if (creates && (flags & OpenFlags.EXCLUSIVE) != 0) {
            throw KernelError.ALREADY_EXISTS.exception();
        }
        if (place.isLink() && (flags & (OpenFlags.NO_FOLLOW | OpenFlags.PATH_ONLY)) == OpenFlags.NO_FOLLOW) {
            throw KernelError.TOO_MANY_LINKS.exception();
        }
        if (creates && place.isDirectory()) {
            throw KernelError.IS_A_DIRECTORY.exception();
        }
        if ((flags & OpenFlags.DIRECTORY) != 0 && !place.isDirectory()) {
            throw KernelError.NOT_A_DIRECTORY.exception();
        }
        boolean writes = (flags & OpenFlags.ACCESS_MODE) != OpenFlags.READ_ONLY || (flags & OpenFlags.TRUNCATE) != 0;
        if (place.isDirectory() && writes) {
            throw KernelError.IS_A_DIRECTORY.exception();
        }
    }

    /**
     * Takes a file's name away; the file stays while somebody has it open or mapped.
     *
     * @throws KernelException NOT_FOUND, NOT_A_DIRECTORY, IS_A_DIRECTORY, NAME_TOO_LONG; NOT_PERMITTED for a link
     */
    public void unlink(PathBase base, String path) throws KernelException {
        Paths.Place place = paths.walk(base, path);
        place.existing();
        if (place.isDirectory()) {
            throw KernelError.IS_A_DIRECTORY.exception();
        }
        if (place.isLink()) {
            throw KernelError.NOT_PERMITTED.exception();
        }
        paths.remove(place.path());
    }

    /**
     * Takes a directory's name away, which never works: guests can make none, and the others are the kernel's.
     *
     * @throws KernelException BUSY; NOT_FOUND, NOT_A_DIRECTORY, NAME_TOO_LONG
     */
    public void removeDirectory(PathBase base, String path) throws KernelException {
        if (find(base, path).kind() != InodeKind.DIRECTORY) {
            throw KernelError.NOT_A_DIRECTORY.exception();
        }
        throw KernelError.BUSY.exception();
    }

    /**
     * A new pipe.
     *
     * @param flags of both ends: {@link OpenFlags#NON_BLOCKING}
     * @throws KernelException TOO_MANY_OPEN_FILES, NO_SPACE
     */
    public PipeEnds createPipe(int flags) throws KernelException {
        openFiles.requireRoom(2);
        Inode inode = inodes.create(InodeKind.PIPE, PIPE_PERMISSIONS);
        int kept = flags & OpenFlags.NON_BLOCKING;
        return new PipeEnds(
                openFiles.open(inode, kept | OpenFlags.READ_ONLY, null),
                openFiles.open(inode, kept | OpenFlags.WRITE_ONLY, null));
    }

    /** Whether what is waited for has come, so that the read or write is worth another try. */
    public boolean isReady(Readiness awaited) {
        Inode inode = inodes.find(awaited.pipe());
        if (inode == null) {
            return true;
        }
        return awaited.toRead()
                ? inode.pipe().isReadable(awaited.bytes())
                : inode.pipe().isWritable(awaited.bytes());
    }

    /** The inode of a number; null where it is gone. */
    public Inode inode(long number) {
        return inodes.find(number);
    }

    /** The open file of a number; null where it is closed. */
    public OpenFile openFile(long number) {
        return openFiles.find(number);
    }

    /** A path of each inode that has one, by its number: for those who only look. */
    public Map<Long, String> pathsByInode() {
        Map<Long, String> pathsByInode = new HashMap<>();
        paths.all().forEach((path, inode) -> pathsByInode.putIfAbsent(inode.number(), path));
        return pathsByInode;
    }

    /** How many files are open in the whole machine. */
    public int openFileCount() {
        return openFiles.size();
    }

    @Override
    public boolean reclaim() {
        return inodes.reclaim();
    }

    /**
     * Gives some pages of files back, whatever is in them: to be called until it says that nothing is left, after the last
     * process has ended.
     *
     * @return whether nothing is left
     */
    public boolean dropStep() {
        return inodes.dropPages(STEP_PAGES);
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        inodes.save(out);
        out.writeInt(paths.all().size());
        paths.all().forEach((path, inode) -> {
            out.writeUTF(path);
            out.writeLong(inode.number());
        });
        openFiles.save(out);
    }

    /**
     * Restores inodes and open files with the references that regions and descriptors hold on them: whoever restores those
     * looks them up by number and adds no reference.
     */
    @Override
    public void restore(ByteArrayDataInput in) {
        inodes.restore(in);
        TreeMap<String, Inode> names = new TreeMap<>();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            String path = in.readUTF();
            names.put(path, inodes.find(in.readLong()));
        }
        paths.restore(names);
        openFiles.restore(in);
    }
}
