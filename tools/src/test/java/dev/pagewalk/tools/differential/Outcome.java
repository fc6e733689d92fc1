package dev.pagewalk.tools.differential;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a guest has left behind.
 *
 * @param output what it has written
 * @param status its exit status
 */
record Outcome(byte[] output, int status) {

    boolean isSameAs(Outcome other) {
        return status == other.status && Arrays.equals(output, other.output);
    }

    /** The first of a batch's programs that ends otherwise than in {@code other}. */
    int firstDifferentProgram(Outcome other) {
        int at = Arrays.mismatch(output, other.output);
        return (at < 0 ? output.length - 1 : at) / BatchSource.OUTPUT_BYTES;
    }

    /** Says of a program alone in its guest in what it ended otherwise than in {@code other}. */
    List<String> differences(Outcome other) {
        List<String> lines = new ArrayList<>();
        if (status != other.status) {
            lines.add("exit status: %d and %d".formatted(status, other.status));
        }
        int common = Math.min(output.length, other.output.length) / Long.BYTES * Long.BYTES;
        for (int at = 0; at < common; at += Long.BYTES) {
            long here = word(output, at);
            long there = word(other.output, at);
            if (here != there) {
                lines.add("%s: 0x%016x and 0x%016x".formatted(place(at), here, there));
            }
        }
        return lines;
    }

    private static String place(int at) {
        int register = (at - 2 * RandomProgram.MEMORY_REACH_BYTES) / Long.BYTES + 1;
        return register > 0 && at >= 2 * RandomProgram.MEMORY_REACH_BYTES
                ? "x" + register
                : "memory at %d(x8)".formatted(at - RandomProgram.MEMORY_REACH_BYTES);
    }

    private static long word(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(at);
    }
}
