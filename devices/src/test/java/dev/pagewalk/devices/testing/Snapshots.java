package dev.pagewalk.devices.testing;

import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import dev.pagewalk.mmu.state.Snapshotable;

/** Snapshots as byte arrays. */
public final class Snapshots {
    private Snapshots() {}

    public static byte[] save(Snapshotable part) {
        ByteArrayDataOutput out = ByteStreams.newDataOutput();
        part.save(out);
        return out.toByteArray();
    }

    public static void restore(Snapshotable part, byte[] saved) {
        part.restore(ByteStreams.newDataInput(saved));
    }
}
