package dev.pagewalk.kernel.sanitizer;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.table.Pte;
import java.util.SortedMap;

/** One change of a PTE with which some cached translation then disagreed: who made it, and how far its operation has got. */
final class Revocation {
    private static final long NOT_ISSUED = 0;

    /** Of a completion's cycle: the operation is under way. */
    static final long NOT_COMPLETE = -1;

    /** Of a completion's cycle: nobody issued an invalidation before the hart left the kernel. */
    static final long LEFT_KERNEL = -2;

    /** Of a hart: none, but a debugger, while the machine stands still. */
    static final int DEBUGGER = -1;

    final int hartId;
    final long pc;
    final long cycle;

    /** What the hart had executed then: when it has executed more, it has left the kernel. */
    final long executedInstructions;

    final long before;
    final long after;

    /** The shootdown that it belongs to; null where none has been issued for it. */
    ShootdownStory story;

    long completedCycle = NOT_COMPLETE;

    /** The harts whose use of what it made stale has been reported in words, one bit each. */
    private long reportedHarts;

    Revocation(int hartId, long pc, long cycle, long executedInstructions, long before, long after) {
        this.hartId = hartId;
        this.pc = pc;
        this.cycle = cycle;
        this.executedInstructions = executedInstructions;
        this.before = before;
        this.after = after;
    }

    boolean isComplete() {
        return completedCycle != NOT_COMPLETE;
    }

    /** Whether its hart is still narrowing: no invalidation has been issued for it, as far as is known. */
    boolean isOpen() {
        return story == null && completedCycle == NOT_COMPLETE;
    }

    /** Notes a hart's use of what it made stale; returns whether it is that hart's first. */
    boolean firstUseBy(int user) {
        boolean first = (reportedHarts >>> user & 1) == 0;
        reportedHarts |= 1L << user;
        return first;
    }

    /** What happened, as part of a sentence. */
    String describe() {
        String who = hartId == DEBUGGER
                ? "the debugger at cycle " + cycle
                : String.format("hart %d at cycle %d (pc 0x%x)", hartId, cycle, pc);
        return String.format("the PTE was changed from %s to %s by %s", Pte.describe(before), Pte.describe(after), who);
    }

    /** How it went on, as part of a sentence. */
    String describeCompletion() {
        if (completedCycle == NOT_COMPLETE) {
            return "not completed yet";
        }
        return completedCycle == LEFT_KERNEL
                ? "completed when " + (hartId == DEBUGGER ? "the debugger" : "hart " + hartId) + " left the kernel"
                : "completed at cycle " + completedCycle;
    }

    /**
     * Who was told, as part of a sentence after the change; empty where nobody was.
     *
     * @param user the hart that uses what is stale
     */
    String describeShootdown(int user) {
        return story == null ? "" : "; " + story.describe(user);
    }

    void save(ByteArrayDataOutput out) {
        out.writeInt(hartId);
        out.writeLong(pc);
        out.writeLong(cycle);
        out.writeLong(executedInstructions);
        out.writeLong(before);
        out.writeLong(after);
        out.writeLong(story == null ? NOT_ISSUED : story.number());
        out.writeLong(completedCycle);
        out.writeLong(reportedHarts);
    }

    /** @param stories by number; those that revocations name are among them */
    static Revocation restore(ByteArrayDataInput in, SortedMap<Long, ShootdownStory> stories) {
        Revocation revocation =
                new Revocation(in.readInt(), in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
        revocation.story = stories.get(in.readLong());
        revocation.completedCycle = in.readLong();
        revocation.reportedHarts = in.readLong();
        return revocation;
    }
}
