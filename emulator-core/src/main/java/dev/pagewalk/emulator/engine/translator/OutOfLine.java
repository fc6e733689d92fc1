package dev.pagewalk.emulator.engine.translator;

import dev.pagewalk.emulator.engine.Arithmetic;
import dev.pagewalk.mmu.tlb.L0Filter;

/**
 * Rare things that regions do by a call. What is frequent they have in their own bytecode: HotSpot stops to put callees in place
 * of calls when a method has become large by it (flag DesiredMethodLimit).
 */
final class OutOfLine {
    private OutOfLine() {}

    static void stamp(long[] stamps, int place, long base, long counts, int before) {
        stamps[place >>> L0Filter.ENTRY_SHIFT] = base + (counts >>> Passage.ACCESSES_SHIFT) + before + 1;
    }

    static long divideWord(long a, long b) {
        return Arithmetic.divide((int) a, (int) b);
    }

    static long divideUnsignedWord(long a, long b) {
        return Arithmetic.divideUnsigned((int) a, (int) b);
    }

    static long remainderWord(long a, long b) {
        return Arithmetic.remainder((int) a, (int) b);
    }

    static long remainderUnsignedWord(long a, long b) {
        return Arithmetic.remainderUnsigned((int) a, (int) b);
    }
}
