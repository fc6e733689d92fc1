package dev.pagewalk.kernel.model;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.Inode;
import java.util.Map;
import java.util.TreeMap;

/** A file, or memory shared without one: its size, the contents of its pages, and which are in the page cache. */
final class ModelFile {
    private static final int PAGE = (int) Arena.PAGE;

    final boolean isNamed;
    long sizeBytes;

    /** The kernel's, once it is known. */
    Inode inode;

    /** By index; a page that nobody has asked for yet is missing. */
    private final TreeMap<Integer, Cell> pages = new TreeMap<>();

    /** The cells that the page cache holds. */
    private final TreeMap<Integer, Cell> cached = new TreeMap<>();

    private final byte[] disk;
    private long diskBytes;

    /** @param preloaded its first contents */
    ModelFile(boolean isNamed, long sizeBytes, byte[] preloaded) {
        this.isNamed = isNamed;
        this.sizeBytes = sizeBytes;
        this.disk = preloaded;
        this.diskBytes = preloaded.length;
    }

    /** What a page holds, whether or not it is in the page cache. */
    Cell contents(int index) {
        return pages.computeIfAbsent(index, this::loaded);
    }

    private Cell loaded(int index) {
        Cell cell = new Cell(this);
        for (int slot = 0; slot < Cell.SLOTS; slot++) {
            long at = (long) index * PAGE + Cell.offset(slot);
            cell.bytes[slot] = at < diskBytes ? disk[(int) at] : 0;
        }
        return cell;
    }

    int lastPage() {
        return (int) Math.floorDiv(sizeBytes - 1, PAGE);
    }

    boolean isPastEnd(int index) {
        return index > lastPage();
    }

    /** Brings a page into the page cache. */
    Cell cache(int index) throws KernelException {
        if (isPastEnd(index)) {
            throw KernelError.PAST_END_OF_FILE.exception();
        }
        return cacheAnyway(index);
    }

    private Cell cacheAnyway(int index) {
        Cell cell = contents(index);
        cached.put(index, cell);
        return cell;
    }

    Map<Integer, Cell> cached() {
        return cached;
    }

    boolean isCached(int index) {
        return cached.containsKey(index);
    }

    int write(long offset, int length, int value) {
        int done = 0;
        while (done < length) {
            long at = offset + done;
            int part = (int) Math.min(length - done, PAGE - at % PAGE);
            Cell cell = cacheAnyway((int) (at / PAGE));
            if (at + part > sizeBytes) {
                zeroGap(at);
                sizeBytes = at + part;
            }
            cell.fill(at % PAGE, at % PAGE + part, value);
            done += part;
        }
        return length;
    }

    /** Reads watched bytes; the others read as zeros. */
    byte[] read(long offset, int length) {
        byte[] bytes = new byte[(int) Math.max(0, Math.min(length, sizeBytes - offset))];
        int done = 0;
        while (done < bytes.length) {
            long at = offset + done;
            int index = (int) (at / PAGE);
            int part = (int) Math.min(bytes.length - done, PAGE - at % PAGE);
            if (isCached(index) || (long) index * PAGE < diskBytes) {
                cacheAnyway(index);
            }
            contents(index).read(at % PAGE, bytes, done, part);
            done += part;
        }
        return bytes;
    }

    void truncate(long newSizeBytes) {
        if (newSizeBytes >= sizeBytes) {
            zeroGap(newSizeBytes);
            sizeBytes = newSizeBytes;
            return;
        }
        sizeBytes = newSizeBytes;
        diskBytes = Math.min(diskBytes, newSizeBytes);
        pages.tailMap(lastPage(), false).clear();
        cached.tailMap(lastPage(), false).clear();
        if (newSizeBytes % PAGE != 0) {
            contents(lastPage()).fill(newSizeBytes % PAGE, PAGE, 0);
        }
    }

    /** A file that grows reads as zeros there, whatever a mapping has stored beyond the end. */
    private void zeroGap(long newOffset) {
        long endOnPage = sizeBytes % PAGE;
        if (endOnPage != 0 && newOffset > sizeBytes) {
            contents(lastPage()).fill(endOnPage, Math.min(PAGE, endOnPage + newOffset - sizeBytes), 0);
        }
    }
}
