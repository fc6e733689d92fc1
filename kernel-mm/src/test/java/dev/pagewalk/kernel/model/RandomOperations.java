package dev.pagewalk.kernel.model;

import dev.pagewalk.kernel.model.AccessOperation.Access;
import dev.pagewalk.kernel.model.AccessOperation.CopyIn;
import dev.pagewalk.kernel.model.AccessOperation.CopyOut;
import dev.pagewalk.kernel.model.AdviceOperation.Advise;
import dev.pagewalk.kernel.model.AdviceOperation.Lock;
import dev.pagewalk.kernel.model.AdviceOperation.LockAll;
import dev.pagewalk.kernel.model.AdviceOperation.Residency;
import dev.pagewalk.kernel.model.AdviceOperation.Sync;
import dev.pagewalk.kernel.model.FileOperation.ReadFile;
import dev.pagewalk.kernel.model.FileOperation.Reclaim;
import dev.pagewalk.kernel.model.FileOperation.Truncate;
import dev.pagewalk.kernel.model.FileOperation.WriteFile;
import dev.pagewalk.kernel.model.MappingOperation.MapEagerly;
import dev.pagewalk.kernel.model.MappingOperation.MapFile;
import dev.pagewalk.kernel.model.MappingOperation.MapMemory;
import dev.pagewalk.kernel.model.MappingOperation.MoveBreak;
import dev.pagewalk.kernel.model.MappingOperation.Populate;
import dev.pagewalk.kernel.model.MappingOperation.Protect;
import dev.pagewalk.kernel.model.MappingOperation.Remap;
import dev.pagewalk.kernel.model.MappingOperation.Unmap;
import dev.pagewalk.kernel.model.ProcessOperation.Exit;
import dev.pagewalk.kernel.model.ProcessOperation.Fork;
import dev.pagewalk.kernel.model.ProcessOperation.Start;
import dev.pagewalk.kernel.space.Advice;
import dev.pagewalk.kernel.space.ForkStrategy;
import dev.pagewalk.kernel.space.MapRequest.Placement;
import dev.pagewalk.kernel.space.MemoryAdvice;
import dev.pagewalk.kernel.space.Protection;
import dev.pagewalk.kernel.space.RegionKind;
import dev.pagewalk.kernel.space.RemapRequest;
import dev.pagewalk.mmu.access.AccessType;
import java.util.Random;

/** Chooses operations, mostly where something is. */
final class RandomOperations {
    private static final int RW = Protection.READ | Protection.WRITE;
    private static final int PAGE = (int) Arena.PAGE;
    private static final RegionKind[] EAGER_KINDS = {
        RegionKind.CODE, RegionKind.DATA, RegionKind.STACK, RegionKind.STACK
    };
    private static final int[] LOCKS = {Advice.NONE, Advice.LOCKED, Advice.LOCKED | Advice.LOCKED_ON_FAULT};
    private static final long[] REMAP_FLAGS = {
        0,
        RemapRequest.MAY_MOVE,
        RemapRequest.MAY_MOVE,
        RemapRequest.MAY_MOVE | RemapRequest.FIXED,
        RemapRequest.MAY_MOVE | RemapRequest.FIXED,
        RemapRequest.MAY_MOVE | RemapRequest.DONT_UNMAP,
        RemapRequest.MAY_MOVE | RemapRequest.FIXED | RemapRequest.DONT_UNMAP,
        RemapRequest.FIXED
    };

    private final Random random;
    private final Arena arena;
    private final MemoryModel model;

    RandomOperations(Random random, Arena arena, MemoryModel model) {
        this.random = random;
        this.arena = arena;
        this.model = model;
    }

    Operation next() {
        int space = space();
        if (model.space(space) == null) {
            return new Start(space);
        }
        int what = random.nextInt(200);
        if (what < 80) {
            return access(space);
        }
        if (what < 146) {
            return mapping(space, what - 80);
        }
        if (what < 172) {
            return advice(space, what - 146);
        }
        if (what < 184) {
            return file();
        }
        if (what < 196) {
            int allocations = oneIn(4) ? random.nextInt(30) : -1;
            return new Fork(space, random.nextInt(Arena.MOST_SPACES), choice(ForkStrategy.values()), allocations);
        }
        return new Exit(space);
    }

    /** Mostly one that there is. */
    private int space() {
        int space = random.nextInt(Arena.MOST_SPACES);
        for (int tries = 0; tries < 12 && model.space(space) == null; tries++) {
            space = random.nextInt(Arena.MOST_SPACES);
        }
        return space;
    }

    private Operation access(int space) {
        int page = page(space);
        if (random.nextInt(4) > 0) {
            AccessType type = oneIn(8) ? AccessType.FETCH : oneIn(3) ? AccessType.LOAD : AccessType.STORE;
            return new Access(space, page, random.nextInt(Cell.SLOTS), type, value());
        }
        int offset = random.nextInt(PAGE);
        int length = random.nextInt(oneIn(8) ? 9 * PAGE : 2 * PAGE);
        return random.nextBoolean()
                ? new CopyIn(space, page, offset, length)
                : new CopyOut(space, page, offset, length, value());
    }

    private Operation mapping(int space, int what) {
        int page = page(space);
        int count = count(space, page);
        if (what < 14) {
            Placement placement = choice(Placement.values());
            return new MapMemory(space, wish(page, placement), count, protection(), oneIn(3), placement, oneIn(4));
        }
        if (what < 16) {
            // Room for a huge page, in the middle of whatever there is.
            int from = arena.nextBlock(1) - random.nextInt(20);
            int most = arena.stackReserveStart() - from;
            return new MapMemory(space, from, Math.min(most, 1050), RW, false, Placement.FIXED, false);
        }
        if (what < 23) {
            return mapFile(space, page);
        }
        if (what < 25) {
            boolean isStack = oneIn(2);
            int at = isStack ? arena.stackTop() - 2 : page;
            RegionKind kind = isStack ? RegionKind.STACK : choice(EAGER_KINDS);
            return new MapEagerly(space, at, isStack ? 2 : Math.min(count, 6), kind, RW);
        }
        if (what < 31) {
            return new Unmap(space, page, few(count));
        }
        if (what < 42) {
            return new Protect(space, page, few(count), protection());
        }
        if (what < 57) {
            return remap(space, page, count);
        }
        if (what < 62) {
            return new MoveBreak(space, random.nextInt((arena.heapLimitPages() + 2) * PAGE) - PAGE);
        }
        return new Populate(space, page, count);
    }

    /** Mostly not many: what takes things away would leave nothing. */
    private int few(int count) {
        return oneIn(6) ? count : Math.min(count, 1 + random.nextInt(12));
    }

    private Operation mapFile(int space, int page) {
        Placement placement = choice(Placement.values());
        int protection = protection();
        boolean shared = random.nextBoolean();
        boolean storesToFile = shared && (protection & Protection.WRITE) != 0;
        return new MapFile(
                space,
                wish(page, placement),
                1 + random.nextInt(8),
                protection,
                random.nextInt(MemoryModel.FILES),
                random.nextInt(4),
                shared,
                storesToFile || random.nextBoolean(),
                placement,
                oneIn(4));
    }

    private int wish(int page, Placement placement) {
        return placement == Placement.ANYWHERE && oneIn(2) ? Arena.NO_HINT : page;
    }

    private Operation remap(int space, int page, int count) {
        if (arena.hugeBlocks() > 1 && oneIn(8)) {
            return remapBlock(space);
        }
        long flags = choice(REMAP_FLAGS);
        int oldCount = count;
        ModelPage at = model.space(space).page(page);
        if (at != null) {
            int toEnd = model.space(space).regionEnd(page) - page;
            oldCount = at.shared && oneIn(6) ? 0 : oneIn(3) ? toEnd : Math.min(count, toEnd + (oneIn(8) ? 1 : 0));
        }
        int newCount = oneIn(2) || (flags & RemapRequest.DONT_UNMAP) != 0 && !oneIn(4) ? oldCount : count(space, page);
        int to = oneIn(5) ? Arena.NO_HINT : page(space);
        return new Remap(space, page, oldCount, newCount, flags, to);
    }

    /** Moves what may be a huge page to where it can be one, or nearly so. */
    private Operation remapBlock(int space) {
        int first = arena.nextBlock(0);
        int second = first + Arena.BLOCK_PAGES;
        boolean up = random.nextBoolean();
        int to = (up ? second : first) + (oneIn(3) ? random.nextInt(5) : 0);
        long flags = RemapRequest.MAY_MOVE | RemapRequest.FIXED | (oneIn(4) ? RemapRequest.DONT_UNMAP : 0);
        return new Remap(space, up ? first : second, Arena.BLOCK_PAGES, Arena.BLOCK_PAGES, flags, to);
    }

    private Operation advice(int space, int what) {
        int page = page(space);
        int count = count(space, page);
        if (what < 14) {
            return new Advise(space, page, few(count), choice(MemoryAdvice.values()));
        }
        if (what < 20) {
            return new Lock(space, page, Math.min(count, 12), oneIn(3) ? Advice.NONE : LOCKS[random.nextInt(3)]);
        }
        if (what < 22) {
            return new LockAll(space, oneIn(3) ? LOCKS[random.nextInt(3)] : 0, oneIn(3) ? LOCKS[random.nextInt(3)] : 0);
        }
        if (what < 24) {
            return new Sync(space, page, count, random.nextBoolean());
        }
        return new Residency(space, page, Math.max(1, count));
    }

    private Operation file() {
        int file = random.nextInt(MemoryModel.FILES);
        int offset = random.nextInt(7 * PAGE);
        int length = oneIn(4) ? PAGE : random.nextInt(2 * PAGE);
        return switch (random.nextInt(6)) {
            case 0, 1 -> new WriteFile(file, oneIn(3) ? offset & -PAGE : offset, length, value());
            case 2 -> new ReadFile(file, offset, length);
            case 3, 4 -> new Truncate(file, oneIn(3) ? offset & -PAGE : offset);
            default -> new Reclaim();
        };
    }

    private int protection() {
        return random.nextBoolean() ? RW : random.nextInt(8);
    }

    private int value() {
        return 1 + random.nextInt(100);
    }

    /** A page, mostly a mapped one or one where something begins or ends; now and then one outside. */
    private int page(int space) {
        ModelSpace at = model.space(space);
        int page = random.nextInt(arena.pages());
        for (int tries = 0; tries < 60 && at.page(page) == null; tries++) {
            page = random.nextInt(arena.pages());
        }
        return switch (random.nextInt(16)) {
            case 0 -> arena.hugeBlocks() > 0 ? arena.nextBlock(random.nextInt(2) * Arena.BLOCK_PAGES + 1) : page;
            case 1 -> arena.blockStart(page);
            case 2, 3, 4 -> at.page(page) == null ? page : at.regionStart(page);
            case 5, 6 -> at.page(page) == null ? page : at.regionEnd(page) - random.nextInt(2);
            case 7 -> oneIn(2) ? arena.stackLimit() - 2 + random.nextInt(10) : page;
            case 8 -> oneIn(6) ? (random.nextBoolean() ? -2 : arena.pages()) - random.nextInt(3) : page;
            default -> page;
        };
    }

    private int count(int space, int page) {
        ModelSpace at = model.space(space);
        if (oneIn(5) && at.page(page) != null) {
            return at.regionEnd(page) - page;
        }
        if (oneIn(40)) {
            return 0;
        }
        if (arena.hugeBlocks() == 0 || oneIn(2)) {
            return 1 + random.nextInt(12);
        }
        return oneIn(2) ? Arena.BLOCK_PAGES * (1 + random.nextInt(2)) : 1 + random.nextInt(600);
    }

    private boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    private <T> T choice(T[] all) {
        return all[random.nextInt(all.length)];
    }

    private long choice(long[] all) {
        return all[random.nextInt(all.length)];
    }
}
