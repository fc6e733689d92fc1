package dev.pagewalk.kernel.oom;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Maps;
import com.google.common.hash.Hashing;
import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.DescriptorTable;
import dev.pagewalk.kernel.file.Inode;
import dev.pagewalk.kernel.file.InodeKind;
import dev.pagewalk.kernel.file.OpenFile;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.oom.FrameAudit.Leaf;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.space.DeviceBacking;
import dev.pagewalk.kernel.space.FileBacking;
import dev.pagewalk.kernel.space.Protection;
import dev.pagewalk.kernel.space.Region;
import dev.pagewalk.mmu.state.Snapshotable;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What a failed operation has to leave as it was, written down: processes, regions, what user memory reads, files,
 * descriptors, signals; every page with its frame; the page cache; buffers. Taking it audits the frames.
 */
final class KernelState {
    /** A page as its PTE has it; A and D are no part of it. */
    record Page(int level, long frame, String rights) {}

    private static final byte[] ZEROS = new byte[PagingMode.PAGE_BYTES];

    private static final String REFERENCES = " references";
    private static final String PAGE_CACHE = " page cache";

    private final HandDrivenKernel driven;
    private final byte[] page = new byte[PagingMode.PAGE_BYTES];

    /** By what it is about, pid first. */
    private final TreeMap<String, String> facts = new TreeMap<>();

    private final TreeMap<String, Page> pages = new TreeMap<>();
    private final TreeMap<String, Long> cached = new TreeMap<>();
    private final TreeMap<Long, String> pipes = new TreeMap<>();
    private final int buffers;

    private KernelState(HandDrivenKernel driven) {
        this.driven = driven;
        FrameAudit audit = FrameAudit.of(driven);
        for (Process process : driven.kernel().processes()) {
            describe(process);
            audit.leaves().stream()
                    .filter(leaf -> leaf.space() == process.space())
                    .forEach(leaf -> describe(process, leaf));
        }
        audit.inodes().values().forEach(this::describeCache);
        driven.kernel().files().pathsByInode().forEach((number, path) -> {
            Inode inode = driven.kernel().files().inode(number);
            facts.put("file " + path, describe(inode) + " reading " + contents(inode));
        });
        facts.put("blocked", driven.kernel().describeBlocked().toString());
        facts.put("open files" + REFERENCES, "" + driven.kernel().files().openFileCount());
        buffers = driven.frames().inUse(FrameUse.BUFFER);
    }

    static KernelState of(HandDrivenKernel driven) {
        return new KernelState(driven);
    }

    private static String key(Process process, long address) {
        return String.format("%d at 0x%012x", process.pid(), address);
    }

    private void describe(Process process) {
        String pid = process.pid() + " ";
        facts.put(
                pid + "process",
                String.format(
                        "child of %d, %s, %s, children %s",
                        process.parentPid(), process.stage(), process.leader().state(), process.children()));
        if (process.hasEnded()) {
            facts.put(pid + "status", Integer.toHexString(process.waitStatus()));
            return;
        }
        facts.put(pid + "signals", saved(process.leader().signals()) + saved(process.signalActions()));
        facts.put(
                pid + "break",
                process.space().programBreak().start() + " "
                        + process.space().programBreak().current());
        facts.put(pid + "future locks", "" + process.space().initialAdvice());
        facts.put(pid + "program", process.executable() == null ? "none" : describe(process.executable()));
        for (Region region : process.space().regions().all()) {
            describe(process, region);
        }
        for (int descriptor = 0; descriptor < DescriptorTable.MAX_DESCRIPTORS; descriptor++) {
            describe(process, descriptor);
        }
    }

    private void describe(Process process, Region region) {
        facts.put(
                key(process, region.start()) + " region",
                String.format(
                        "to 0x%x %s %s %d %s",
                        region.end(),
                        region.kind(),
                        Protection.describe(region.protection()),
                        region.advice(),
                        describeBacking(region)));
        if (region.backing() instanceof FileBacking file) {
            facts.put(
                    key(process, region.start()) + REFERENCES, "" + file.inode().references());
        }
        if (region.backing() instanceof FileBacking) {
            for (long at = region.start(); at < region.end(); at += PagingMode.PAGE_BYTES) {
                byte[] bytes = driven.kernel().peek(process, at, PagingMode.PAGE_BYTES);
                describe(process, at, Arrays.copyOf(bytes, PagingMode.PAGE_BYTES));
            }
        }
    }

    private void describe(Process process, Leaf leaf) {
        String rights = Pte.isValid(leaf.pte()) ? Pte.rights(leaf.pte()).substring(0, 3) : "none";
        pages.put(key(process, leaf.address()), new Page(leaf.level(), leaf.frame(), rights));
        for (int i = 0; i < leaf.pages(); i++) {
            long offset = (long) i * PagingMode.PAGE_BYTES;
            driven.ram().read(leaf.frame() + offset, page, 0, PagingMode.PAGE_BYTES);
            describe(process, leaf.address() + offset, page);
        }
    }

    /** What a page reads; zeros, which need not be there, go without saying. */
    private void describe(Process process, long address, byte[] bytes) {
        if (!Arrays.equals(bytes, ZEROS)) {
            facts.put(key(process, address) + " reads", Integer.toHexString(Arrays.hashCode(bytes)));
        }
    }

    private static String describeBacking(Region region) {
        if (region.backing() instanceof FileBacking file) {
            return String.format(
                    "%s 0x%x shared %b may write %b",
                    describe(file.inode()), file.offset(), file.shared(), file.mayWrite());
        }
        return region.backing() instanceof DeviceBacking device ? Long.toHexString(device.physicalAddress()) : "";
    }

    private static String describe(Inode inode) {
        return String.format("%s of %d bytes with %d links", inode.kind(), inode.sizeBytes(), inode.links());
    }

    private void describe(Process process, int descriptor) {
        try {
            OpenFile file = process.descriptors().get(descriptor);
            String name = process.pid() + " descriptor " + descriptor;
            facts.put(
                    name,
                    String.format(
                            "%s flags 0x%x close on exec %b at %d",
                            describe(file.inode()),
                            file.statusFlags(),
                            process.descriptors().closesOnExec(descriptor),
                            file.isSeekable() ? file.seek(0, OpenFile.SEEK_CURRENT) : 0));
            facts.put(name + REFERENCES, file.inode().references() + ", and of the open file " + saved(file));
        } catch (KernelException free) {
            // Nothing is open there.
        }
    }

    private static int contents(Inode inode) {
        byte[] bytes = new byte[(int) inode.sizeBytes()];
        inode.peek(0, bytes, 0, bytes.length);
        return Arrays.hashCode(bytes);
    }

    private void describeCache(Inode inode) {
        if (inode.kind() == InodeKind.PIPE) {
            pipes.put(inode.number(), saved(inode));
        }
        long found = 0;
        for (long index = 0; found < inode.residentPages(); index++) {
            long frame = inode.pageIfResident(index);
            if (frame != 0) {
                cached.put(inode.number() + " " + index + PAGE_CACHE, frame);
                found++;
            }
        }
    }

    private static String saved(Snapshotable part) {
        ByteArrayDataOutput out = ByteStreams.newDataOutput();
        part.save(out);
        return Hashing.crc32().hashBytes(out.toByteArray()).toString();
    }

    /** This state is that of before, but for pages that have been faulted in, and tables. */
    void assertAsBefore(KernelState before) {
        assertAsBefore(before, fact -> true);
    }

    /** As above, of certain facts only. */
    void assertAsBefore(KernelState before, Predicate<String> which) {
        assertFacts(before, which);
        before.pages.forEach((place, page) -> {
            if (which.test(place)) {
                assertThat(pages.get(place)).as("page %s", place).isEqualTo(page);
            }
        });
        before.cached.forEach((place, frame) -> {
            if (which.test(place)) {
                assertThat(cached).containsEntry(place, frame);
            }
        });
        assertThat(pipes).as("pipes").isEqualTo(before.pipes);
        assertThat(buffers).as("frames of pipes").isEqualTo(before.buffers);
    }

    /** What can be seen is the same in both, whichever pages are resident. */
    void assertLooksLike(KernelState other) {
        assertLooksLike(other, fact -> true);
    }

    /** As above, as far as certain facts go. */
    void assertLooksLike(KernelState other, Predicate<String> which) {
        assertFacts(other, which);
        assertThat(buffers).as("frames of pipes").isEqualTo(other.buffers);
    }

    private void assertFacts(KernelState other, Predicate<String> which) {
        var difference = Maps.difference(matching(facts, which), matching(other.facts, which));
        assertThat(difference.areEqual()).as("what differs: %s", difference).isTrue();
    }

    private static Map<String, String> matching(Map<String, String> all, Predicate<String> which) {
        TreeMap<String, String> matching = new TreeMap<>(all);
        matching.keySet().removeIf(which.negate());
        return matching;
    }

    /** What is about processes other than one that has died; what they learn of it, and who shares files, is left out. */
    static Predicate<String> others(int died) {
        return named("process")
                .or(named("signals"))
                .or(named("references"))
                .or(named("page cache"))
                .or(fact -> fact.startsWith(died + " "))
                .negate();
    }

    /** What is called so, whoever has it. */
    static Predicate<String> named(String name) {
        return fact -> fact.endsWith(" " + name);
    }

    /** What a page reads, whoever has it. */
    static Predicate<String> reading(long page) {
        return named(String.format("at 0x%012x reads", page));
    }
}
