package dev.pagewalk.kernel.syscall;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.device.Terminal;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.file.InodeKind;
import dev.pagewalk.kernel.file.OpenFile;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.Protection;
import dev.pagewalk.kernel.space.Region;
import dev.pagewalk.mmu.access.AccessType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Foresees what a call that a hart is about to make will take from the console: those who run the machine can then wait for
 * the host before the call, and not in the middle of it. Looks only, at no cost.
 */
public final class ConsoleReads {
    private static final int READ = new Read().number();
    private static final int READ_VECTOR = new ReadVector().number();
    private static final int MOST_BUFFERS = 1024;
    private static final int DESCRIPTION_BYTES = 16;

    private final UserMemory userMemory;
    private final Terminal terminal;

    public ConsoleReads(UserMemory userMemory, Terminal terminal) {
        this.userMemory = userMemory;
        this.terminal = terminal;
    }

    /**
     * How many bytes of input the call in a hart's registers takes at most beyond those that the kernel has already.
     *
     * @return 0 to {@link Terminal#LINE_BYTES}; 0 also where it reads something else, or fails
     */
    public int bytesWanted(Hart hart, Task task) {
        long number = CallContext.number(hart);
        if (number != READ && number != READ_VECTOR || !readsConsole(hart, task)) {
            return 0;
        }
        AddressSpace space = task.process().space();
        long address = CallContext.argument(hart, 1);
        long size = CallContext.argument(hart, 2);
        try {
            int room = number == READ ? roomIn(space, address, size) : roomInSeveral(space, address, size);
            return Math.max(0, room - terminal.keptBytes());
        } catch (KernelException fails) {
            return 0;
        }
    }

    private static boolean readsConsole(Hart hart, Task task) {
        try {
            OpenFile file = task.process().descriptors().get((int) CallContext.argument(hart, 0));
            return file.inode().kind() == InodeKind.CONSOLE && file.isReadable();
        } catch (KernelException notOpen) {
            return false;
        }
    }

    private int roomInSeveral(AddressSpace space, long array, long count) throws KernelException {
        if (Long.compareUnsigned(count, MOST_BUFFERS) > 0) {
            return 0;
        }
        byte[] descriptions = userMemory.peek(space, array, (int) count * DESCRIPTION_BYTES);
        if (descriptions.length < count * DESCRIPTION_BYTES) {
            return 0;
        }
        ByteBuffer words = ByteBuffer.wrap(descriptions).order(ByteOrder.LITTLE_ENDIAN);
        int room = 0;
        boolean goesOn = true;
        while (words.hasRemaining()) {
            long address = words.getLong();
            long length = words.getLong();
            if (length < 0) {
                return 0;
            }
            int here = roomIn(space, address, length);
            if (goesOn) {
                room += here;
                goesOn = here == length;
            }
        }
        return Math.min(room, Terminal.LINE_BYTES);
    }

    /** How much of a buffer, up to a line, can be written. */
    private static int roomIn(AddressSpace space, long address, long length) throws KernelException {
        UserMemory.checkRange(space, address, length);
        long end = address + Math.min(length, Terminal.LINE_BYTES);
        long reached = address;
        while (reached < end) {
            Region region = space.regions().find(reached);
            if (region == null) {
                region = space.stackReaching(reached);
            }
            if (region == null || !Protection.permits(region.protection(), AccessType.STORE)) {
                break;
            }
            reached = region.end();
        }
        return (int) (Math.min(reached, end) - address);
    }
}
