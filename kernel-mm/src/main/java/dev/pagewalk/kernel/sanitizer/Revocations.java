package dev.pagewalk.kernel.sanitizer;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * The revocations that some cached translation is marked with, by their marks, which count from 1. Marks are used again when
 * no translation has them any more, which is looked up now and then: so there are never many more than cached translations.
 */
final class Revocations {
    private static final int FEWEST_BEFORE_SWEEP = 256;

    private final CachedTranslations cached;
    /** By mark - 1; null where the mark is free. */
    private final List<Revocation> slots = new ArrayList<>();

    private final BitSet used = new BitSet();
    private int sweepAt = FEWEST_BEFORE_SWEEP;

    /** @param cached what may have marks */
    Revocations(CachedTranslations cached) {
        this.cached = cached;
    }

    Revocation get(int mark) {
        return slots.get(mark - 1);
    }

    /** Keeps a revocation and returns its mark, which must be put somewhere before the next call. */
    int add(Revocation revocation) {
        if (used.cardinality() >= sweepAt) {
            sweep();
        }
        int slot = used.nextClearBit(0);
        used.set(slot);
        if (slot == slots.size()) {
            slots.add(revocation);
        } else {
            slots.set(slot, revocation);
        }
        return slot + 1;
    }

    private void sweep() {
        BitSet marks = cached.marks();
        for (int slot = used.nextSetBit(0); slot >= 0; slot = used.nextSetBit(slot + 1)) {
            if (!marks.get(slot + 1)) {
                used.clear(slot);
                slots.set(slot, null);
            }
        }
        sweepAt = Math.max(FEWEST_BEFORE_SWEEP, 2 * used.cardinality());
    }

    /** Calls for each revocation that is kept, in the order of their marks. */
    void forEach(Consumer<Revocation> action) {
        used.stream().forEach(slot -> action.accept(slots.get(slot)));
    }

    void save(ByteArrayDataOutput out) {
        out.writeInt(sweepAt);
        out.writeInt(used.cardinality());
        used.stream().forEach(slot -> {
            out.writeInt(slot);
            slots.get(slot).save(out);
        });
    }

    /** @param stories of shootdowns by number */
    void restore(ByteArrayDataInput in, SortedMap<Long, ShootdownStory> stories) {
        slots.clear();
        used.clear();
        sweepAt = in.readInt();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            int slot = in.readInt();
            while (slots.size() <= slot) {
                slots.add(null);
            }
            slots.set(slot, Revocation.restore(in, stories));
            used.set(slot);
        }
    }
}
