package dev.pagewalk.kernel.sanitizer;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;
import dev.pagewalk.mmu.tlb.TlbFlush;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Collectors;

/** The latest flushes of one hart, for stories about the one that was missing. */
final class FlushHistory implements Snapshotable {
    private static final int LENGTH = 4;

    private record Entry(long cycle, TlbFlush flush) {
        String describe() {
            String asid = flush.asid() == TlbFlush.EVERY_ASID ? "every asid" : "asid " + flush.asid();
            String where = "all";
            if (!flush.everyAddress()) {
                long end = flush.startAddress() + flush.lengthBytes();
                where = String.format("0x%x to 0x%x", flush.startAddress(), end - 1);
            }
            return where + " of " + asid + " at cycle " + cycle;
        }
    }

    private final Deque<Entry> entries = new ArrayDeque<>();

    void add(long cycle, TlbFlush flush) {
        if (entries.size() == LENGTH) {
            entries.removeFirst();
        }
        entries.addLast(new Entry(cycle, flush));
    }

    /** The latest ones from a cycle on, as part of a sentence. */
    String describeSince(long cycle) {
        String flushes = entries.stream()
                .filter(entry -> entry.cycle >= cycle)
                .map(Entry::describe)
                .collect(Collectors.joining(", "));
        return flushes.isEmpty() ? "nothing" : flushes;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeInt(entries.size());
        for (Entry entry : entries) {
            out.writeLong(entry.cycle);
            out.writeBoolean(entry.flush.everyAddress());
            out.writeLong(entry.flush.startAddress());
            out.writeLong(entry.flush.lengthBytes());
            out.writeInt(entry.flush.asid());
        }
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        entries.clear();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            entries.addLast(new Entry(
                    in.readLong(), new TlbFlush(in.readBoolean(), in.readLong(), in.readLong(), in.readInt())));
        }
    }
}
