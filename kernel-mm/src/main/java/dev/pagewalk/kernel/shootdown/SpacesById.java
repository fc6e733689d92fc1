package dev.pagewalk.kernel.shootdown;

import java.util.TreeMap;

/** The address spaces that there are while a snapshot is restored. */
final class SpacesById {
    private static final long NONE = 0;

    private final TreeMap<Long, SpaceTranslations> spaces = new TreeMap<>();

    SpacesById(Iterable<SpaceTranslations> all) {
        all.forEach(space -> spaces.put(space.id(), space));
    }

    static long idOf(SpaceTranslations space) {
        return space == null ? NONE : space.id();
    }

    /** Null for no space, and for one that is gone. */
    SpaceTranslations find(long id) {
        return spaces.get(id);
    }

    Iterable<SpaceTranslations> all() {
        return spaces.values();
    }
}
