package dev.pagewalk.kernel.sanitizer;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Counts violations, and keeps the stories of the first ones. */
final class ViolationLog implements Snapshotable {
    static final int MOST_REPORTS = 100;

    private final List<String> reports = new ArrayList<>();
    private long count;

    long count() {
        return count;
    }

    List<String> reports() {
        return Collections.unmodifiableList(reports);
    }

    /** A violation that has been told of already, and happens again. */
    void countRepeated() {
        count++;
    }

    void add(String report) {
        count++;
        if (reports.size() < MOST_REPORTS) {
            reports.add(report);
        }
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeLong(count);
        out.writeInt(reports.size());
        reports.forEach(out::writeUTF);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        count = in.readLong();
        reports.clear();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            reports.add(in.readUTF());
        }
    }
}
