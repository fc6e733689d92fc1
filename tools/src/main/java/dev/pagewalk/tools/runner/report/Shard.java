package dev.pagewalk.tools.runner.report;

/**
 * Which part of a suite a run had, of those that together are the whole.
 *
 * @param index from 1 to count
 * @param count at least 1
 */
public record Shard(int index, int count) {
    /** @throws IllegalArgumentException where there is no such part */
    public Shard {
        if (count < 1 || index < 1 || index > count) {
            throw new IllegalArgumentException("there is no shard " + index + "/" + count);
        }
    }

    /** {@code 2/4}, as it stands on the command line. */
    @Override
    public String toString() {
        return index + "/" + count;
    }
}
