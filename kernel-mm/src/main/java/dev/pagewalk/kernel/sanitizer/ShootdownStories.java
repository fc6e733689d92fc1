package dev.pagewalk.kernel.sanitizer;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import java.util.SortedMap;
import java.util.TreeMap;

/** The stories of shootdowns that are under way and matter: something was cached of what they take away. */
final class ShootdownStories {
    private final TreeMap<Long, ShootdownStory> underWay = new TreeMap<>();

    void begin(ShootdownStory story) {
        underWay.put(story.number(), story);
    }

    boolean anyUnderWay() {
        return !underWay.isEmpty();
    }

    /** Null where nobody will ask for it. */
    ShootdownStory find(long number) {
        return underWay.get(number);
    }

    /** Nothing more will happen in it; those who need it keep it. */
    void end(long number) {
        underWay.remove(number);
    }

    void addTo(SortedMap<Long, ShootdownStory> all) {
        all.putAll(underWay);
    }

    void save(ByteArrayDataOutput out) {
        out.writeInt(underWay.size());
        underWay.keySet().forEach(out::writeLong);
    }

    void restore(ByteArrayDataInput in, SortedMap<Long, ShootdownStory> all) {
        underWay.clear();
        for (int count = in.readInt(); count > 0; count--) {
            long number = in.readLong();
            underWay.put(number, all.get(number));
        }
    }
}
