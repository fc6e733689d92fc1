package dev.pagewalk.kernel.model;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.space.ForkStrategy;
import dev.pagewalk.kernel.space.MapRequest.Placement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * What memory has to look like, kept as naively as can be: every page of every space by itself. Where the kernel may choose
 * (whether a page is huge, what the page cache gives up), the model looks what it has chosen, and whether it might.
 */
final class MemoryModel {
    static final int FILES = 2;

    /** By number. */
    final List<ModelFile> files = new ArrayList<>();

    /** Memory that is or was shared without a file. */
    final List<ModelFile> unnamed = new ArrayList<>();

    private final Setup setup;
    private final Arena arena;
    private final KernelChoices choices;
    private final ModelSpace[] spaces = new ModelSpace[Arena.MOST_SPACES];

    /** How many huge pages were brought, in spaces that have ended too. */
    private int hugeFaults;

    MemoryModel(Setup setup, KernelChoices choices) {
        this.setup = setup;
        this.arena = setup.arena();
        this.choices = choices;
        for (int file = 0; file < FILES; file++) {
            byte[] bytes = preloaded(file);
            files.add(new ModelFile(true, bytes.length, bytes));
        }
    }

    /** What files begin with: five pages and a bit, and half a page. */
    static byte[] preloaded(int file) {
        byte[] bytes = new byte[file == 0 ? 5 * 4096 + 2000 : 2048];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (1 + file * 50 + i / 1000);
        }
        return bytes;
    }

    ModelSpace space(int space) {
        return spaces[space];
    }

    ModelMapping mapping(int space) {
        return new ModelMapping(spaces[space], setup.hugePages());
    }

    ModelAdvice advice(int space) {
        return new ModelAdvice(spaces[space]);
    }

    ModelAccess memory(int space) {
        return new ModelAccess(spaces[space]);
    }

    int hugeFaults() {
        return hugeFaults;
    }

    ModelFile unnamedFile(long sizeBytes) {
        ModelFile file = new ModelFile(false, sizeBytes, new byte[0]);
        unnamed.add(file);
        return file;
    }

    int map(int space, int page, int count, ModelPage first, Placement placement, boolean populate)
            throws KernelException {
        int start = mapping(space).map(page, count, first, placement);
        if (populate) {
            spaces[space].populate(start, count);
        }
        return start;
    }

    void start(int space) {
        spaces[space] = new ModelSpace(arena, setup.hugePages(), choices, space);
    }

    /** Returns whether there is a child. */
    boolean fork(int parent, int child, ForkStrategy strategy, boolean mayFail) {
        if (mayFail && !choices.exists(child)) {
            return false;
        }
        spaces[child] = spaces[parent].fork(strategy, child);
        return true;
    }

    void exit(int space) {
        spaces[space].clear(0, arena.pages());
        hugeFaults += spaces[space].hugeFaults;
        spaces[space] = null;
    }

    void truncate(int file, int sizeBytes) {
        files.get(file).truncate(sizeBytes);
        for (ModelSpace space : spaces) {
            if (space != null) {
                space.truncated(files.get(file));
            }
        }
    }

    /** Learns what the page cache has given up: nothing that somebody maps. Returns whether it was anything. */
    boolean learnReclaimed() {
        boolean any = false;
        for (ModelFile file : allFiles()) {
            Iterator<Map.Entry<Integer, Cell>> cached = file.cached().entrySet().iterator();
            while (cached.hasNext()) {
                Map.Entry<Integer, Cell> page = cached.next();
                boolean isGone = file.inode.pageIfResident(page.getKey()) == 0;
                if (isGone && page.getValue().mappings > 0) {
                    throw new AssertionError("page " + page.getKey() + " of a file was reclaimed while it was mapped");
                }
                if (isGone) {
                    page.getValue().frame = 0;
                    cached.remove();
                    any = true;
                }
            }
        }
        return any;
    }

    List<ModelFile> allFiles() {
        List<ModelFile> all = new ArrayList<>(files);
        all.addAll(unnamed);
        return all;
    }
}
