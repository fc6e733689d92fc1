package dev.pagewalk.kernel.shootdown;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import it.unimi.dsi.fastutil.longs.LongArrayList;

/**
 * What a hart is about to do for one request: decided when it takes the interrupt, done when that is over. It knows all that
 * it takes, since a shootdown that is answered early may be over by then.
 *
 * @param number of the shootdown
 * @param space null where it is gone meanwhile
 * @param asid the space's; it is the same as long as the hart is in the kernel
 * @param pages where they are flushed singly
 * @param generation the shootdown's
 * @param acknowledged whether the shootdown has its answer
 */
record PlannedFlush(
        long number,
        SpaceTranslations space,
        int asid,
        FlushAction action,
        long[] pages,
        long generation,
        boolean acknowledged) {

    void save(ByteArrayDataOutput out) {
        out.writeLong(number);
        out.writeLong(SpacesById.idOf(space));
        out.writeInt(asid);
        out.writeByte(action.ordinal());
        LongLists.save(LongArrayList.wrap(pages), out);
        out.writeLong(generation);
        out.writeBoolean(acknowledged);
    }

    static PlannedFlush restore(ByteArrayDataInput in, SpacesById spaces) {
        long number = in.readLong();
        SpaceTranslations space = spaces.find(in.readLong());
        int asid = in.readInt();
        FlushAction action = FlushAction.values()[in.readByte()];
        LongArrayList pages = new LongArrayList();
        LongLists.restore(pages, in);
        return new PlannedFlush(number, space, asid, action, pages.toLongArray(), in.readLong(), in.readBoolean());
    }
}
