package dev.pagewalk.kernel.frame;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * A set of small numbers that finds its lowest one at once: bits, with summaries of which words and chunks hold any.
 * Adding and removing make no host objects, but for a chunk's bits when its first number comes.
 */
final class FrameSet {
    private static final int WORD_SHIFT = 6;
    private static final int CHUNK_SHIFT = 12;
    private static final int WORDS_PER_CHUNK = 1 << CHUNK_SHIFT - WORD_SHIFT;

    private final int limit;
    private final long[][] chunks;
    /** Per chunk, one bit per word that is not 0. */
    private final long[] usedWords;
    /** One bit per chunk that holds anything. */
    private final long[] usedChunks;

    private int size;

    /** @param limit numbers from 0 up to this one fit; 0 to 2^24 */
    FrameSet(int limit) {
        this.limit = limit;
        int chunkCount = (limit + (1 << CHUNK_SHIFT) - 1) >>> CHUNK_SHIFT;
        this.chunks = new long[chunkCount][];
        this.usedWords = new long[chunkCount];
        this.usedChunks = new long[(chunkCount + Long.SIZE - 1) / Long.SIZE];
    }

    int size() {
        return size;
    }

    /** Adds a number that is not in the set. */
    void add(int number) {
        int chunk = number >>> CHUNK_SHIFT;
        if (chunks[chunk] == null) {
            chunks[chunk] = new long[WORDS_PER_CHUNK];
        }
        int word = wordOf(number);
        chunks[chunk][word] |= 1L << number;
        usedWords[chunk] |= 1L << word;
        usedChunks[chunk >>> WORD_SHIFT] |= 1L << chunk;
        size++;
    }

    /** Whether the number was in the set; it may be any number. */
    boolean remove(int number) {
        if (number < 0 || number >= limit) {
            return false;
        }
        int chunk = number >>> CHUNK_SHIFT;
        int word = wordOf(number);
        if (chunks[chunk] == null || (chunks[chunk][word] & 1L << number) == 0) {
            return false;
        }
        chunks[chunk][word] &= ~(1L << number);
        if (chunks[chunk][word] == 0) {
            usedWords[chunk] &= ~(1L << word);
        }
        if (usedWords[chunk] == 0) {
            usedChunks[chunk >>> WORD_SHIFT] &= ~(1L << chunk);
        }
        size--;
        return true;
    }

    /** The lowest number, or -1 where there is none. */
    int first() {
        if (size == 0) {
            return -1;
        }
        int group = 0;
        while (usedChunks[group] == 0) {
            group++;
        }
        int chunk = (group << WORD_SHIFT) + Long.numberOfTrailingZeros(usedChunks[group]);
        int word = Long.numberOfTrailingZeros(usedWords[chunk]);
        int bit = Long.numberOfTrailingZeros(chunks[chunk][word]);
        return (chunk << CHUNK_SHIFT) + (word << WORD_SHIFT) + bit;
    }

    /** All numbers, ascending. */
    void forEach(IntConsumer action) {
        for (int chunk = 0; chunk < chunks.length; chunk++) {
            for (long words = usedWords[chunk]; words != 0; words &= words - 1) {
                int word = Long.numberOfTrailingZeros(words);
                for (long bits = chunks[chunk][word]; bits != 0; bits &= bits - 1) {
                    int bit = Long.numberOfTrailingZeros(bits);
                    action.accept((chunk << CHUNK_SHIFT) + (word << WORD_SHIFT) + bit);
                }
            }
        }
    }

    void clear() {
        Arrays.fill(chunks, null);
        Arrays.fill(usedWords, 0);
        Arrays.fill(usedChunks, 0);
        size = 0;
    }

    private static int wordOf(int number) {
        return number >>> WORD_SHIFT & WORDS_PER_CHUNK - 1;
    }
}
