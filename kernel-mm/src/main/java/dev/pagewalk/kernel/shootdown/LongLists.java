package dev.pagewalk.kernel.shootdown;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import it.unimi.dsi.fastutil.longs.LongArrayList;

/** Lists of numbers in snapshots. */
final class LongLists {
    private LongLists() {}

    static void save(LongArrayList list, ByteArrayDataOutput out) {
        out.writeInt(list.size());
        list.forEach(out::writeLong);
    }

    static void restore(LongArrayList list, ByteArrayDataInput in) {
        list.clear();
        for (int count = in.readInt(); count > 0; count--) {
            list.add(in.readLong());
        }
    }
}
