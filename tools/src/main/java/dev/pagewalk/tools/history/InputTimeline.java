package dev.pagewalk.tools.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * All inputs of a run in their order, and how many of them the run has had so far. Who goes back in time has them again; who has a new
 * one there begins another future, and those that would have come are gone.
 */
final class InputTimeline {
    private final List<InputEntry> entries;
    private int had;

    /** @param entries known beforehand, from a log; none for a run that nobody has recorded */
    InputTimeline(List<InputEntry> entries) {
        this.entries = new ArrayList<>(entries);
    }

    /** The next input that is known; null where all have come. */
    InputEntry next() {
        return had == entries.size() ? null : entries.get(had);
    }

    /** The next one has come. */
    void take() {
        had++;
    }

    /** A new one has come. */
    void add(InputEntry entry) {
        entries.subList(had, entries.size()).clear();
        entries.add(entry);
        had++;
    }

    int had() {
        return had;
    }

    /** The run is where it has had this many. */
    void setHad(int count) {
        had = count;
    }

    /** All that are known, as they stand: a view, for there is one look at them for each input. */
    List<InputEntry> entries() {
        return Collections.unmodifiableList(entries);
    }
}
