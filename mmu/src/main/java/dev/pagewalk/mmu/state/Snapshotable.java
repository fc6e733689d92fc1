package dev.pagewalk.mmu.state;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;

/**
 * A part of the machine whose whole state is data.
 *
 * <p>{@code restore} on a part built with the same configuration, given what {@code save} wrote, makes the two
 * indistinguishable to the guest and to the statistics. The same state always writes the same bytes, so two states can
 * be compared as byte arrays. Host-side caches that the model cannot see (L0 lines, decoded code) are not written;
 * {@code restore} empties them.
 */
public interface Snapshotable {
    void save(ByteArrayDataOutput out);

    void restore(ByteArrayDataInput in);
}
