package dev.pagewalk.kernel.model;

import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.Protection;
import dev.pagewalk.kernel.space.Region;
import dev.pagewalk.kernel.testing.TestMemory;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import java.util.Arrays;
import java.util.Map;

/**
 * Compares page tables, frames and contents. Every frame is counted anew: by the PTEs that map it, the page cache, and the
 * trees of tables.
 */
final class PageCheck {
    private static final long RIGHTS = Pte.R | Pte.W | Pte.X;

    private final KernelMemory kernel;
    private final MemoryModel model;
    private final Arena arena;
    private final TestMemory memory;
    private final PagingMode mode;
    private final int tablesOfKernel;

    private final int[] owners;
    private final Cell[] cells;
    private final boolean sparesPeeks;
    private int step;

    /** @param sparesPeeks whether not every page that nobody has touched is peeked at after every step, but each in turn */
    PageCheck(Setup setup, KernelMemory kernel, MemoryModel model, boolean sparesPeeks) {
        this.kernel = kernel;
        this.model = model;
        this.arena = kernel.arena;
        this.sparesPeeks = sparesPeeks;
        this.memory = kernel.memory;
        this.mode = setup.mode();
        this.tablesOfKernel = memory.frames.inUse(FrameUse.PAGE_TABLE);
        this.owners = new int[memory.frames.totalFrames()];
        this.cells = new Cell[owners.length];
    }

    void check(int newStep) {
        step = newStep;
        Arrays.fill(owners, 0);
        Arrays.fill(cells, null);
        for (ModelFile file : model.allFiles()) {
            checkCache(file);
        }
        int depositedTables = 0;
        for (int space = 0; space < Arena.MOST_SPACES; space++) {
            if (model.space(space) != null) {
                depositedTables += new SpaceWalk(space).check();
            }
        }
        checkOwners(depositedTables);
    }

    private int frameNumber(long frame) {
        return (int) ((frame - PhysicalMemory.RAM_BASE) / Arena.PAGE);
    }

    /** Counts an owner of the frame that has to show a cell. */
    private void count(Cell cell, long frame, String where, int page) {
        int number = frameNumber(frame);
        owners[number]++;
        if (cell.frame == 0) {
            cell.frame = frame;
        }
        if (cell.frame != frame || cells[number] != null && cells[number] != cell) {
            throw new AssertionError(String.format(
                    "%s %d: frame 0x%x shows it, which is not the one that showed it before, or shows something else too",
                    where, page, frame));
        }
        cells[number] = cell;
        if (cell.checkedInStep != step) {
            cell.checkedInStep = step;
            for (int slot = 0; slot < Cell.SLOTS; slot++) {
                int actual = memory.ram.readByte(frame + Cell.offset(slot));
                if ((byte) actual != cell.bytes[slot]) {
                    throw new AssertionError(String.format(
                            "%s %d, byte %d: should be %d, is %d",
                            where, page, Cell.offset(slot), cell.bytes[slot], (byte) actual));
                }
            }
        }
    }

    private void checkCache(ModelFile file) {
        if (file.inode == null) {
            return;
        }
        Difference.unlessSame("size of a file", file.sizeBytes, file.inode.sizeBytes());
        Difference.unlessSame("pages of a file in the page cache", file.cached().size(), file.inode.residentPages());
        for (Map.Entry<Integer, Cell> page : file.cached().entrySet()) {
            long frame = file.inode.pageIfResident(page.getKey());
            if (frame == 0) {
                throw new AssertionError("page " + page.getKey() + " of a file should be in the page cache");
            }
            count(page.getValue(), frame, "file page", page.getKey());
        }
        checkFileContents(file);
    }

    private void checkFileContents(ModelFile file) {
        byte[] one = new byte[1];
        for (int index = 0; file.isNamed && index <= file.lastPage(); index++) {
            for (int slot = 0; slot < Cell.SLOTS; slot++) {
                int read = file.inode.peek(index * Arena.PAGE + Cell.offset(slot), one, 0, 1);
                if (read == 1 && one[0] != file.contents(index).bytes[slot]) {
                    throw new AssertionError("page " + index + " of a file, byte " + Cell.offset(slot) + ": should be "
                            + file.contents(index).bytes[slot] + ", is " + one[0]);
                }
            }
        }
    }

    private void checkOwners(int depositedTables) {
        int unexplained = 0;
        int user = 0;
        for (int number = 0; number < owners.length; number++) {
            long frame = PhysicalMemory.RAM_BASE + number * Arena.PAGE;
            int actual = memory.frames.owners(frame);
            if (owners[number] == 0 && actual == 1 && memory.frames.use(frame) == FrameUse.PAGE_TABLE) {
                unexplained++;
            } else if (actual != owners[number]) {
                throw new AssertionError(String.format(
                        "frame 0x%x has %d owners, and is counted to have %d", frame, owners[number], actual));
            } else if (cells[number] != null && cells[number].file == null) {
                user++;
            }
        }
        Difference.unlessSame("deposited tables", tablesOfKernel + depositedTables, unexplained);
        Difference.unlessSame("frames in use for users", user, memory.frames.inUse(FrameUse.USER));
    }

    /** Looks at one space. */
    private final class SpaceWalk implements TableWalk.Visitor {
        private final String where;
        private final ModelSpace expected;
        private final AddressSpace actual;
        private int tables;
        private int hugePages;
        private int presentPages;

        SpaceWalk(int space) {
            this.where = "space " + space + ", page";
            this.expected = model.space(space);
            this.actual = kernel.space(space);
        }

        /** Returns how many tables are laid by for huge pages. */
        int check() {
            new TableWalk(memory.ram, this).walk(actual.pageTable().rootAddress(), mode);
            int resident = 0;
            for (int page = 0; page < arena.pages(); page++) {
                ModelPage at = expected.page(page);
                resident += at != null && at.cell != null ? 1 : 0;
                if (!sparesPeeks || (page + step) % arena.peekStride() == 0) {
                    peek(page, at);
                }
            }
            if (presentPages != resident) {
                throw new AssertionError(where + "s " + missing() + " should be present");
            }
            Difference.unlessSame(where + "s that are counted", resident, actual.userPages());
            Difference.unlessSame(
                    where + " tables", tables + hugePages, actual.pageTable().tablePages());
            Difference.unlessSame(where + " advice for what comes", expected.initialAdvice, actual.initialAdvice());
            long heapStart = arena.address(arena.heapStart());
            Difference.unlessSame(
                    where + " break", expected.breakBytes, actual.programBreak().current() - heapStart);
            return hugePages;
        }

        private String missing() {
            StringBuilder missing = new StringBuilder();
            for (int page = 0; page < arena.pages(); page++) {
                ModelPage at = expected.page(page);
                if (at != null && at.cell != null && actual.pageTable().peek(arena.address(page)) == 0) {
                    missing.append(missing.length() == 0 ? "" : ", ").append(page);
                }
            }
            return missing.toString();
        }

        private void peek(int page, ModelPage at) {
            boolean isMemory = at != null && (at.cell != null || at.file == null || !at.file.isPastEnd(at.filePage));
            for (int slot = 0; slot < Cell.SLOTS; slot++) {
                if (!sparesPeeks || slot == step % Cell.SLOTS) {
                    peek(page, at, slot, isMemory);
                }
            }
        }

        private void peek(int page, ModelPage at, int slot, boolean isMemory) {
            byte[] seen = memory.userMemory.peek(actual, arena.address(page) + Cell.offset(slot), 1);
            if (seen.length != (isMemory ? 1 : 0)) {
                throw new AssertionError(where + " " + page + " should " + (isMemory ? "" : "not ") + "be memory");
            }
            if (isMemory && seen[0] != contents(at, slot)) {
                throw new AssertionError(where + " " + page + ", byte " + Cell.offset(slot) + " at a glance: should be "
                        + contents(at, slot) + ", is " + seen[0]);
            }
        }

        private byte contents(ModelPage at, int slot) {
            if (at.cell != null) {
                return at.cell.bytes[slot];
            }
            return at.file == null ? 0 : at.file.contents(at.filePage).bytes[slot];
        }

        @Override
        public void table(long frame) {
            tables++;
            owners[frameNumber(frame)]++;
        }

        @Override
        public void leaf(long virtualAddress, int level, long pte) {
            int first = arena.page(virtualAddress);
            int count = 1;
            if (level > 0) {
                hugePages++;
                count = Arena.BLOCK_PAGES;
                Region region = actual.regions().find(virtualAddress);
                if (level > 1 || region == null || region.end() < virtualAddress + count * Arena.PAGE) {
                    throw new AssertionError(where + " " + first + ": a huge page reaches beyond its region");
                }
            }
            presentPages += count;
            for (int i = 0; i < count; i++) {
                checkPage(first + i, Pte.physicalAddress(pte) + i * Arena.PAGE, pte);
            }
        }

        private void checkPage(int page, long frame, long pte) {
            ModelPage at = expected.page(page);
            if (at == null || at.cell == null) {
                throw new AssertionError(where + " " + page + " should not be present");
            }
            count(at.cell, frame, where, page);
            long allowed = Protection.pteRights(at.protection);
            long granted = Pte.isValid(pte) ? pte & RIGHTS : 0;
            boolean isAlone = at.cell.file == null && at.cell.mappings == 1;
            // The right to write may wait for a store, and has to where others would see it.
            boolean isRight = granted == allowed || granted == (allowed & ~Pte.W);
            if (!isRight || (granted & Pte.W) != 0 && !at.shared && !isAlone) {
                throw new AssertionError(where + " " + page + " grants " + Pte.rights(granted) + " and may "
                        + Pte.rights(allowed) + (isAlone || at.shared ? "" : ", in memory that others see"));
            }
            if (!Pte.isUser(pte)) {
                throw new AssertionError(where + " " + page + " is not the user's");
            }
        }
    }
}
