package dev.pagewalk.kernel.model;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.space.Advice;
import dev.pagewalk.kernel.space.MemoryAdvice;
import dev.pagewalk.kernel.space.Protection;
import java.util.ArrayList;
import java.util.List;

/** What madvise, mlock, msync and mincore do to a model's pages and say of them. */
final class ModelAdvice {
    private final ModelSpace space;

    ModelAdvice(ModelSpace space) {
        this.space = space;
    }

    void advise(int page, int count, MemoryAdvice advice) throws KernelException {
        boolean hasGaps = false;
        for (int i = page; i < page + count; i++) {
            ModelPage at = space.page(i);
            if (at == null) {
                hasGaps = true;
            } else {
                advise(i, at, advice);
            }
        }
        if (hasGaps) {
            throw KernelError.UNMAPPED_MEMORY.exception();
        }
    }

    private void advise(int page, ModelPage at, MemoryAdvice advice) throws KernelException {
        switch (advice) {
            case NORMAL, RANDOM, SEQUENTIAL -> {
                // Nothing is to be seen of it.
            }
            case WILLNEED -> {
                if (at.file != null && !at.file.isPastEnd(at.filePage)) {
                    at.file.cache(at.filePage);
                }
            }
            case DONTNEED, FREE -> {
                boolean refused = advice == MemoryAdvice.FREE && at.file != null;
                if (refused || at.has(Advice.LOCKED)) {
                    throw KernelError.INVALID_ARGUMENT.exception();
                }
                space.discard(page);
            }
            case DONTFORK -> at.advice |= Advice.DONT_FORK;
            case DOFORK -> at.advice &= ~Advice.DONT_FORK;
            case HUGEPAGE -> at.advice = at.advice & ~Advice.NO_HUGE | Advice.HUGE;
            case NOHUGEPAGE -> at.advice = at.advice & ~Advice.HUGE | Advice.NO_HUGE;
        }
    }

    /** mlock and, without locks, munlock. */
    void lock(int page, int count, int locks) throws KernelException {
        for (int i = page; i < page + count; i++) {
            if (space.page(i) == null) {
                throw KernelError.UNMAPPED_MEMORY.exception();
            }
            space.page(i).dropLocks();
            space.page(i).advice |= locks;
        }
        for (int i = page; i < page + count && locks == Advice.LOCKED; i++) {
            lockNow(i);
        }
    }

    private void lockNow(int page) throws KernelException {
        if (space.page(page).protection == Protection.NONE) {
            throw KernelError.UNMAPPED_MEMORY.exception();
        }
        try {
            space.bringAsFirstTouched(page);
        } catch (KernelException pastEndOfFile) {
            throw KernelError.UNMAPPED_MEMORY.exception();
        }
    }

    void lockAll(int locks) {
        for (int page = 0; page < space.arena.pages(); page++) {
            if (space.page(page) != null) {
                space.page(page).dropLocks();
                space.page(page).advice |= locks;
            }
        }
    }

    void sync(int page, int count, boolean invalidates) throws KernelException {
        boolean hasGaps = false;
        for (int i = page; i < page + count; i++) {
            ModelPage at = space.page(i);
            hasGaps |= at == null;
            if (at != null && invalidates && at.has(Advice.LOCKED)) {
                throw KernelError.BUSY.exception();
            }
        }
        if (hasGaps) {
            throw KernelError.UNMAPPED_MEMORY.exception();
        }
    }

    /** mincore: for each page to the end of the region, or fewer, whether it is in RAM. */
    List<Boolean> residency(int page, int mostPages) throws KernelException {
        if (space.page(page) == null) {
            throw KernelError.UNMAPPED_MEMORY.exception();
        }
        List<Boolean> resident = new ArrayList<>();
        int end = Math.min(page + mostPages, space.regionEnd(page));
        for (int i = page; i < end; i++) {
            ModelPage at = space.page(i);
            resident.add(at.cell != null || at.file != null && at.file.isCached(at.filePage));
        }
        return resident;
    }
}
