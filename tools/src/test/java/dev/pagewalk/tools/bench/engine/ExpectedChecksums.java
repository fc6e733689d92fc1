package dev.pagewalk.tools.bench.engine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.zip.CRC32;

/** What the kernels compute, once more, as one would in Java: from what the comments in their sources say. */
final class ExpectedChecksums {
    /** Knuth's linear congruential generator, with seed 1. */
    private static final class Generator {
        private long state = 1;

        long next() {
            state = state * 6364136223846793005L + 1442695040888963407L;
            return state;
        }

        int upperHalf() {
            return (int) (next() >>> 32);
        }

        int below(int limit) {
            return Integer.remainderUnsigned(upperHalf(), limit);
        }
    }

    private ExpectedChecksums() {}

    static long of(EngineKernel kernel, int rounds) {
        return switch (kernel) {
            case SIEVE -> repeated(rounds, primesBelow(1_000_000));
            case MATMUL -> products(rounds);
            case CRC -> crc(rounds);
            case QSORT -> sorted(rounds);
            case FIB -> repeated(rounds, 6765);
            case CHASE -> chased(rounds);
            case VM -> interpreted(rounds);
            case STRINGS -> searched(rounds);
            case FAULT_STORM -> 256L * rounds * (rounds + 1) / 2;
            case FORK_STORM -> throw new IllegalArgumentException("it prints words");
        };
    }

    private static long repeated(int rounds, long value) {
        long checksum = 0;
        for (int round = 0; round < rounds; round++) {
            checksum = 31 * checksum + value;
        }
        return checksum;
    }

    private static int primesBelow(int limit) {
        BitSet composite = new BitSet(limit);
        int primes = 0;
        for (int number = 2; number < limit; number++) {
            if (!composite.get(number)) {
                primes++;
                for (long multiple = 2L * number; multiple < limit; multiple += number) {
                    composite.set((int) multiple);
                }
            }
        }
        return primes;
    }

    private static long products(int rounds) {
        int side = 128;
        Generator generator = new Generator();
        int[] first = new int[side * side];
        int[] second = new int[side * side];
        Arrays.setAll(first, index -> generator.upperHalf());
        Arrays.setAll(second, index -> generator.upperHalf());
        long checksum = 0;
        for (int round = 0; round < rounds; round++) {
            for (int row = 0; row < side; row++) {
                for (int column = 0; column < side; column++) {
                    int sum = 0;
                    for (int index = 0; index < side; index++) {
                        sum += first[row * side + index] * second[index * side + column];
                    }
                    checksum = 31 * checksum + sum;
                }
            }
            first[0] += (int) checksum;
        }
        return checksum;
    }

    private static long crc(int rounds) {
        Generator generator = new Generator();
        byte[] data = new byte[1 << 16];
        for (int index = 0; index < data.length; index++) {
            data[index] = (byte) (generator.next() >>> 56);
        }
        CRC32 crc = new CRC32();
        for (int round = 0; round < rounds; round++) {
            crc.update(data);
        }
        return crc.getValue();
    }

    private static long sorted(int rounds) {
        Generator generator = new Generator();
        long checksum = 0;
        for (int round = 0; round < rounds; round++) {
            int[] numbers = new int[65_536];
            Arrays.setAll(numbers, index -> generator.upperHalf());
            Arrays.sort(numbers);
            for (int number : numbers) {
                checksum = 31 * checksum + number;
            }
        }
        return checksum;
    }

    private static long chased(int rounds) {
        Generator generator = new Generator();
        int[] next = new int[1 << 20];
        Arrays.setAll(next, node -> node);
        for (int node = next.length - 1; node > 0; node--) {
            int other = (int) (Integer.toUnsignedLong(generator.upperHalf()) * node >>> 32);
            int moved = next[node];
            next[node] = next[other];
            next[other] = moved;
        }
        long checksum = 0;
        int node = 0;
        for (int step = 0; step < rounds * 100_000; step++) {
            node = next[node];
            checksum += node * 64L;
        }
        return checksum;
    }

    private static long interpreted(int rounds) {
        long x = 0;
        long y = 0;
        long z = 0;
        for (int time = 0; time < rounds * 1000; time++) {
            x = x * 25 + 7;
            y ^= x >>> 37;
            z = (y & 64) != 0 ? z + y : z - x;
        }
        return z;
    }

    private static long searched(int rounds) {
        Generator generator = new Generator();
        String[] texts = new String[1024];
        for (int text = 0; text < texts.length; text++) {
            byte[] letters = new byte[8 + generator.below(48)];
            for (int index = 0; index < letters.length; index++) {
                letters[index] = (byte) ('a' + generator.below(26));
            }
            texts[text] = new String(letters, StandardCharsets.US_ASCII);
        }
        long checksum = 0;
        for (int round = 0; round < rounds; round++) {
            for (int index = 0; index < texts.length; index++) {
                String text = texts[index];
                int found = text.indexOf('a' + round % 26);
                String before = texts[(index + texts.length - 1) % texts.length];
                for (long figure : new long[] {
                    text.length(), 0, compared(text, before), found < 0 ? text.length() : found, text.length()
                }) {
                    checksum = 31 * checksum + figure;
                }
            }
        }
        return checksum;
    }

    /** As C's strcmp: what the first letters that differ differ by, where a text's end counts as 0. */
    private static long compared(String first, String second) {
        byte[] one = (first + '\0').getBytes(StandardCharsets.US_ASCII);
        byte[] other = (second + '\0').getBytes(StandardCharsets.US_ASCII);
        int index = Arrays.mismatch(one, other);
        return index < 0 ? 0 : one[index] - other[index];
    }
}
