package dev.pagewalk.kernel.model;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.FaultClass;
import dev.pagewalk.kernel.model.AccessOperation.Copied;
import dev.pagewalk.mmu.access.AccessType;
import java.util.ArrayList;
import java.util.List;

/** What instructions and system calls read and write in a model's space. */
final class ModelAccess {
    private static final int PAGE = (int) Arena.PAGE;

    private final ModelSpace space;

    ModelAccess(ModelSpace space) {
        this.space = space;
    }

    /** Returns the byte that a load gets, the class of the fault that cannot be mended, or null. */
    Object access(int page, int slot, AccessType type, int value) {
        try {
            space.touch(page, type);
        } catch (KernelException fault) {
            return classify(page, type, fault.error());
        }
        Cell cell = space.page(page).cell;
        if (type == AccessType.STORE) {
            cell.bytes[slot] = (byte) value;
        }
        return type == AccessType.LOAD ? cell.bytes[slot] : null;
    }

    private FaultClass classify(int page, AccessType type, KernelError error) {
        return switch (error) {
            case PAST_END_OF_FILE -> FaultClass.BUS;
            case PERMISSION_DENIED -> type == AccessType.FETCH ? FaultClass.EXEC : FaultClass.PERMISSION;
            default ->
                page >= space.arena.stackReserveStart() && page < space.arena.stackLimit()
                        ? FaultClass.STACK_OVERFLOW
                        : FaultClass.INVALID_ADDRESS;
        };
    }

    Copied read(int page, int offset, int length) throws KernelException {
        List<Byte> watched = new ArrayList<>();
        int count =
                forEachPage(page, offset, length, AccessType.LOAD, (cell, from, to) -> cell.collect(from, to, watched));
        return new Copied(count, watched);
    }

    int write(int page, int offset, int length, int value) throws KernelException {
        return forEachPage(page, offset, length, AccessType.STORE, (cell, from, to) -> cell.fill(from, to, value));
    }

    private interface PagePart {
        void of(Cell cell, int from, int to);
    }

    /** Returns how many bytes were accessible. */
    private int forEachPage(int page, int offset, int length, AccessType access, PagePart part) throws KernelException {
        long start = (long) page * PAGE + offset;
        if (start + length > (long) space.arena.pages() * PAGE) {
            throw KernelError.INVALID_ADDRESS.exception();
        }
        int done = 0;
        while (done < length) {
            int at = (int) Math.floorDiv(start + done, PAGE);
            int from = Math.floorMod(start + done, PAGE);
            int to = Math.min(PAGE, from + length - done);
            try {
                space.touch(at, access);
            } catch (KernelException inaccessible) {
                break;
            }
            part.of(space.page(at).cell, from, to);
            done += to - from;
        }
        if (done == 0 && length > 0) {
            throw KernelError.INVALID_ADDRESS.exception();
        }
        return done;
    }
}
