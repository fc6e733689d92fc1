package dev.pagewalk.kernel.sanitizer;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.frame.FrameObserver;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.pagetable.PageTableObserver;
import dev.pagewalk.kernel.shootdown.InvalidationObserver;
import dev.pagewalk.kernel.shootdown.QueuedFlushes;
import dev.pagewalk.kernel.shootdown.Shootdown;
import dev.pagewalk.mmu.StaleUse;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.state.Snapshotable;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.mmu.tlb.Tlb;
import dev.pagewalk.mmu.tlb.TlbFlush;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Catches a kernel that lets harts use translations which it has taken away (design, section 7).
 *
 * <p>At each PTE change it marks what harts have cached and what disagrees from then on ({@link StaleMarker}). It reports
 *
 * <ul>
 *   <li>the use of a marked translation after the operation that revoked it has completed; a use before that lies within
 *       what a shootdown policy may allow, and is only counted;
 *   <li>a frame or a page table that is given back while a hart can still reach it ({@link FrameReach});
 *   <li>a page that is mapped while a hart can still use the one that was there ({@link EarlyMapping});
 *   <li>the use of a translation that was filled under another root than the one now loaded: its ASID has been reused
 *       without a flush.
 * </ul>
 */
public final class TlbSanitizer implements PageTableObserver, FrameObserver, InvalidationObserver, Snapshotable {
    private final List<Hart> harts;
    private final CostMeter meter;
    private final QueuedFlushes queuedFlushes;
    private final TranslationCheck check;
    private final CachedTranslations cached;
    private final Revocations revocations;
    private final ShootdownStories stories = new ShootdownStories();
    private final List<FlushHistory> flushes = new ArrayList<>();
    private final ViolationLog violations = new ViolationLog();
    private long staleHitsInWindow;

    /**
     * Registers itself with the harts' MMUs; whoever makes it registers it with the kernel's parts.
     *
     * @param harts by id
     * @param meter knows the hart that is at work
     */
    public TlbSanitizer(List<Hart> harts, PhysicalMemory memory, CostMeter meter, QueuedFlushes queuedFlushes) {
        this.harts = harts;
        this.meter = meter;
        this.queuedFlushes = queuedFlushes;
        this.check = new TranslationCheck(memory);
        this.cached = new CachedTranslations(harts);
        this.revocations = new Revocations(cached);
        for (Hart hart : harts) {
            flushes.add(new FlushHistory());
            hart.mmu().setStaleUseListener(use -> translationUsed(hart, use));
        }
    }

    /** How often the kernel was caught. */
    public long violations() {
        return violations.count();
    }

    /**
     * What happened, a line for each violation. It ends after 100, and a hart that goes on using what one PTE change made
     * stale is told of once.
     */
    public List<String> reports() {
        return violations.reports();
    }

    /** How often a hart used a revoked translation before the operation that revoked it was complete. */
    public long staleHitsInWindow() {
        return staleHitsInWindow;
    }

    @Override
    public void entryChanged(long root, long virtualAddress, int level, long before, long after) {
        if (TranslationCheck.mayDisagree(before, after)) {
            new StaleMarker(check, root, virtualAddress, level, before, after, () -> revoked(before, after))
                    .mark(cached);
        } else if (!Pte.isValid(before) && Pte.isValid(after) && Pte.isLeaf(after) && stories.anyUnderWay()) {
            mapped(root, virtualAddress & -PagingMode.pageSizeBytes(level), level, after);
        }
    }

    private void mapped(long root, long start, int level, long leaf) {
        EarlyMapping mapping = new EarlyMapping(check, revocations, queuedFlushes, root, start, level, leaf);
        mapping.search(cached);
        if (!mapping.way().isEmpty()) {
            violations.add(String.format(
                    "page mapped while another can be used there: va 0x%x, %s, by %s; %s%s",
                    start,
                    Pte.describe(leaf),
                    describeWorker(),
                    mapping.way(),
                    describeBlame(mapping.revocation(), mapping.hartId())));
        }
    }

    /** Something was cached, so harts have run; where none is at work, a debugger is. Returns the revocation's mark. */
    private int revoked(long before, long after) {
        Hart hart = meter.hart();
        return revocations.add(new Revocation(
                idOf(hart), hart == null ? 0 : hart.pc, meter.nowCycle(), executedInstructions(hart), before, after));
    }

    private static int idOf(Hart hart) {
        return hart == null ? Revocation.DEBUGGER : hart.id();
    }

    @Override
    public void issued(Shootdown shootdown) {
        Hart hart = meter.hart();
        ShootdownStory story = new ShootdownStory(shootdown.number(), shootdown.initiator(), shootdown.issuedCycle());
        revocations.forEach(revocation -> {
            if (revocation.hartId == idOf(hart) && revocation.isOpen()) {
                if (executedInstructions(hart) == revocation.executedInstructions) {
                    revocation.story = story;
                    stories.begin(story);
                } else {
                    revocation.completedCycle = Revocation.LEFT_KERNEL;
                }
            }
        });
    }

    @Override
    public void told(Shootdown shootdown, int hartId, Telling how) {
        ShootdownStory story = stories.find(shootdown.number());
        if (story != null) {
            story.told(hartId, how);
        }
    }

    @Override
    public void acknowledged(Shootdown shootdown, int hartId, long cycle) {
        ShootdownStory story = stories.find(shootdown.number());
        if (story != null) {
            story.answered(hartId, cycle);
        }
    }

    @Override
    public void completed(Shootdown shootdown, long cycle) {
        ShootdownStory story = stories.find(shootdown.number());
        if (story == null) {
            return;
        }
        stories.end(shootdown.number());
        revocations.forEach(revocation -> {
            if (revocation.story == story && !revocation.isComplete()) {
                revocation.completedCycle = cycle;
            }
        });
    }

    @Override
    public void flushed(int hartId, TlbFlush flush, long cycle) {
        flushes.get(hartId).add(cycle, flush);
    }

    private void translationUsed(Hart hart, StaleUse use) {
        Revocation revocation = use.staleMark() == 0 ? null : revocations.get(use.staleMark());
        if (use.root() != hart.mmu().rootAddress() && !use.global()) {
            report(hart, revocation, () -> describeReuse(hart, use, revocation));
            return;
        }
        if (revocation.isOpen() && hasLeftKernel(revocation, hart)) {
            revocation.completedCycle = Revocation.LEFT_KERNEL;
        }
        if (revocation.isComplete()) {
            report(hart, revocation, () -> describeStaleUse(hart, use, revocation));
        } else {
            staleHitsInWindow++;
        }
    }

    /** Tells each hart's first use of what one revocation made stale; counts the others. */
    private void report(Hart hart, Revocation revocation, Supplier<String> story) {
        if (revocation == null || revocation.firstUseBy(hart.id())) {
            violations.add(story.get());
        } else {
            violations.countRepeated();
        }
    }

    private String describeReuse(Hart hart, StaleUse use, Revocation revocation) {
        String space =
                use.root() == Tlb.NO_ROOT ? "an address space that is gone" : String.format("root 0x%x", use.root());
        return String.format(
                "ASID reused without a flush: %s; %s still holds a translation of %s (%s), but root 0x%x is loaded%s",
                describe(hart, use),
                use.cache().label(),
                space,
                Pte.describe(use.pte()),
                hart.mmu().rootAddress(),
                revocation == null ? "" : "; " + revocation.describe());
    }

    private String describeStaleUse(Hart hart, StaleUse use, Revocation revocation) {
        return String.format(
                "stale translation used: %s; %s, %s%s; never flushed from %s; since then hart %d has flushed %s",
                describe(hart, use),
                revocation.describe(),
                revocation.describeCompletion(),
                revocation.describeShootdown(hart.id()),
                use.cache().label(),
                hart.id(),
                flushes.get(hart.id()).describeSince(revocation.cycle));
    }

    /** Whether the hart that made a change has come back to the guest, as it must have where it is the user itself. */
    private boolean hasLeftKernel(Revocation revocation, Hart user) {
        if (revocation.hartId == Revocation.DEBUGGER) {
            return true;
        }
        Hart hart = harts.get(revocation.hartId);
        return hart == user
                || hart.phase() == HartPhase.RUNNING
                || hart.phase() == HartPhase.IDLE
                || executedInstructions(hart) != revocation.executedInstructions;
    }

    /** Those that trapped included; what a debugger does takes none. */
    private static long executedInstructions(Hart hart) {
        return hart == null ? 0 : hart.retired + hart.extraFetches;
    }

    @Override
    public void frameFreed(long address, FrameUse use) {
        FrameReach reach = new FrameReach(queuedFlushes, address);
        reach.search(harts, cached);
        if (!reach.way().isEmpty()) {
            violations.add(String.format(
                    "frame freed while it can be reached: 0x%x (%s) by %s; %s%s",
                    address,
                    use.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    describeWorker(),
                    reach.way(),
                    reach.mark() == 0 ? "" : describeBlame(revocations.get(reach.mark()), reach.hartId())));
        }
    }

    /** What took a translation away that a hart still has. */
    private String describeBlame(Revocation revocation, int hartId) {
        return String.format(
                "; %s%s; since then hart %d has flushed %s",
                revocation.describe(),
                revocation.describeShootdown(hartId),
                hartId,
                flushes.get(hartId).describeSince(revocation.cycle));
    }

    private String describeWorker() {
        Hart hart = meter.hart();
        return hart == null
                ? "the kernel as it boots, or for a debugger"
                : String.format("hart %d at cycle %d (pc 0x%x)", hart.id(), meter.nowCycle(), hart.pc);
    }

    private static String describe(Hart hart, StaleUse use) {
        return String.format(
                "hart %d, va 0x%x, asid %d, pc 0x%x, cycle %d, %s",
                hart.id(),
                use.virtualAddress(),
                use.asid(),
                hart.pc,
                hart.cycle,
                use.type().name().toLowerCase(Locale.ROOT));
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        SortedMap<Long, ShootdownStory> told = new TreeMap<>();
        stories.addTo(told);
        revocations.forEach(revocation -> {
            if (revocation.story != null) {
                told.put(revocation.story.number(), revocation.story);
            }
        });
        out.writeInt(told.size());
        told.values().forEach(story -> story.save(out));
        stories.save(out);
        revocations.save(out);
        flushes.forEach(history -> history.save(out));
        violations.save(out);
        out.writeLong(staleHitsInWindow);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        SortedMap<Long, ShootdownStory> told = new TreeMap<>();
        for (int count = in.readInt(); count > 0; count--) {
            ShootdownStory story = ShootdownStory.restore(in);
            told.put(story.number(), story);
        }
        stories.restore(in, told);
        revocations.restore(in, told);
        flushes.forEach(history -> history.restore(in));
        violations.restore(in);
        staleHitsInWindow = in.readLong();
    }
}
