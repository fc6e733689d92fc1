package dev.pagewalk.kernel.oom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.DescriptorTable;
import dev.pagewalk.kernel.file.Inode;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.FileBacking;
import dev.pagewalk.kernel.space.Protection;
import dev.pagewalk.kernel.space.Region;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Looks at all that may own frames and counts for itself: page tables in RAM, the page cache, and what the counters say.
 * Every frame has to have exactly the owners that were found, and none that has none may be given out.
 *
 * <p>It walks the tables word by word, by the format alone, so that it shares no mistake with the kernel.
 */
final class FrameAudit {
    /** A leaf in some space's tables. */
    record Leaf(AddressSpace space, long address, int level, long pte) {
        long frame() {
            return Pte.physicalAddress(pte);
        }

        int pages() {
            return KernelPte.isDevice(pte) ? 0 : (int) (PagingMode.pageSizeBytes(level) / PagingMode.PAGE_BYTES);
        }
    }

    private final HandDrivenKernel driven;
    private final FrameAllocator frames;
    private final Map<Long, Integer> owners = new HashMap<>();
    private final TreeMap<Long, Inode> inodes = new TreeMap<>();
    private final List<Leaf> leaves = new ArrayList<>();
    private int deposits;

    private FrameAudit(HandDrivenKernel driven) {
        this.driven = driven;
        this.frames = driven.frames();
    }

    /** Counts, and checks what it has found. */
    static FrameAudit of(HandDrivenKernel driven) {
        FrameAudit audit = new FrameAudit(driven);
        driven.kernel().processes().forEach(audit::count);
        driven.kernel().files().pathsByInode().keySet().forEach(audit::note);
        audit.countPageCache();
        audit.check();
        return audit;
    }

    /** All leaves of all processes' tables. */
    List<Leaf> leaves() {
        return leaves;
    }

    /** All files that have a name, or that somebody maps, executes or has open, by number. */
    TreeMap<Long, Inode> inodes() {
        return inodes;
    }

    private void count(Process process) {
        count(process.space());
        if (process.discardedSpace() != null) {
            count(process.discardedSpace());
        }
        if (process.executable() != null) {
            note(process.executable());
        }
        for (int descriptor = 0; descriptor < DescriptorTable.MAX_DESCRIPTORS; descriptor++) {
            try {
                note(process.descriptors().get(descriptor).inode());
            } catch (KernelException free) {
                // Nothing is open there.
            }
        }
    }

    private void note(long inode) {
        note(driven.kernel().files().inode(inode));
    }

    private void note(Inode inode) {
        inodes.put(inode.number(), inode);
    }

    private void count(AddressSpace space) {
        for (Region region : space.regions().all()) {
            if (region.backing() instanceof FileBacking file) {
                note(file.inode());
            }
        }
        long root = space.pageTable().rootAddress();
        int firstLeaf = leaves.size();
        int tables = 0;
        if (root != 0) {
            PagingMode mode = mode(space);
            tables = walk(space, root, mode.levels() - 1, 0, PagingMode.TABLE_ENTRIES / 2);
        }
        List<Leaf> own = leaves.subList(firstLeaf, leaves.size());
        int huge = (int) own.stream().filter(leaf -> leaf.level() > 0).count();
        assertThat(space.pageTable().tablePages())
                .as("tables: those found, and one for each huge page")
                .isEqualTo(tables + huge);
        deposits += huge;
        assertThat(space.userPages())
                .as("user pages")
                .isEqualTo(own.stream().mapToInt(Leaf::pages).sum());
        own.forEach(this::checkRights);
    }

    private static PagingMode mode(AddressSpace space) {
        for (PagingMode mode : PagingMode.values()) {
            if (mode.userHalfEnd() >= space.layout().userEnd()) {
                return mode;
            }
        }
        throw new AssertionError("no mode is so wide");
    }

    /** Returns how many tables there are, this one included. */
    private int walk(AddressSpace space, long table, int level, long start, int entries) {
        own(table);
        int tables = 1;
        for (int index = 0; index < entries; index++) {
            long pte = driven.ram().readLong(table + 8L * index);
            long address = start + index * PagingMode.pageSizeBytes(level);
            if (KernelPte.isPresent(pte)) {
                Leaf leaf = new Leaf(space, address, level, pte);
                leaves.add(leaf);
                for (int page = 0; page < leaf.pages(); page++) {
                    own(leaf.frame() + (long) page * PagingMode.PAGE_BYTES);
                }
            } else if (Pte.isValid(pte)) {
                tables += walk(space, Pte.physicalAddress(pte), level - 1, address, PagingMode.TABLE_ENTRIES);
            } else {
                assertThat(pte).as("an entry without a page at 0x%x", address).isZero();
            }
        }
        return tables;
    }

    private void own(long frame) {
        owners.merge(frame, 1, Integer::sum);
    }

    /** A page grants no more than its region, and stores only where they meet nobody else's bytes. */
    private void checkRights(Leaf leaf) {
        Region region = leaf.space().regions().find(leaf.address());
        assertThat(region).as("region at 0x%x", leaf.address()).isNotNull();
        assertThat(leaf.address() + PagingMode.pageSizeBytes(leaf.level())).isLessThanOrEqualTo(region.end());
        long rights = Pte.isValid(leaf.pte()) ? leaf.pte() & (Pte.R | Pte.W | Pte.X) : 0;
        assertThat(rights & ~Protection.pteRights(region.protection()))
                .as("rights beyond those of %s", region)
                .isZero();
        if ((rights & Pte.W) != 0 && !region.isShared()) {
            assertThat(frames.owners(leaf.frame()))
                    .as("owners of a private page")
                    .isEqualTo(1);
        }
    }

    private void countPageCache() {
        for (Inode inode : inodes.values()) {
            long pages = 0;
            for (long index = 0; pages < inode.residentPages(); index++) {
                long frame = inode.pageIfResident(index);
                if (frame != 0) {
                    own(frame);
                    pages++;
                }
            }
        }
    }

    private void check() {
        int unseenTables = 0;
        int buffers = 0;
        long base = driven.ram().baseAddress();
        for (long frame = base; frame < driven.ram().endAddress(); frame += PagingMode.PAGE_BYTES) {
            int has = frames.owners(frame);
            Integer found = owners.get(frame);
            if (found != null) {
                assertThat(has).as("owners of frame 0x%x", frame).isEqualTo(found);
            } else if (has > 0) {
                assertThat(frames.use(frame))
                        .as("use of frame 0x%x, which nobody seems to own", frame)
                        .isIn(FrameUse.PAGE_TABLE, FrameUse.BUFFER);
                unseenTables += frames.use(frame) == FrameUse.PAGE_TABLE ? 1 : 0;
                buffers += frames.use(frame) == FrameUse.BUFFER ? 1 : 0;
                assertThat(has).isEqualTo(1);
            }
        }
        int kernelTables = frames.totalFrames() - driven.kernel().freeFramesAtBoot();
        assertThat(unseenTables).as("tables of the kernel, and deposited ones").isEqualTo(kernelTables + deposits);
        assertThat(buffers).isEqualTo(frames.inUse(FrameUse.BUFFER));
        assertThat(frames.freeFrames())
                .as("free frames")
                .isEqualTo(frames.totalFrames() - owners.size() - unseenTables - buffers);
    }
}
