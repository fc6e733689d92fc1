package dev.pagewalk.tools.differential;

import java.util.List;
import java.util.Random;

/**
 * Writes programs into one guest, because starting a guest takes longer than running a program. Before each, registers are
 * 0 and memory is as it was; behind each, memory and registers go to standard output.
 */
final class BatchSource {
    private static final int REGISTERS = 31;
    private static final int MEMORY_BYTES = 2 * RandomProgram.MEMORY_REACH_BYTES;

    /** What a program writes: its memory, then x1 to x31. */
    static final int OUTPUT_BYTES = MEMORY_BYTES + REGISTERS * Long.BYTES;

    private static final long MEMORY_SEED = 7;

    private BatchSource() {}

    static String of(List<List<Piece>> programs) {
        StringBuilder text = new StringBuilder("        .globl _start\n_start:\n");
        int number = 0;
        for (List<Piece> program : programs) {
            prologue(text, number);
            for (Piece piece : program) {
                piece.lines(number).forEach(line -> line(text, line));
                number += piece.size();
            }
            epilogue(text);
            number++;
        }
        line(text, "li a0, 0");
        line(text, "li a7, 93"); // exit
        line(text, "ecall");
        return text + data();
    }

    private static void prologue(StringBuilder text, int number) {
        line(text, "la x8, memory");
        line(text, "la x5, fresh");
        line(text, "addi x6, x8, " + -RandomProgram.MEMORY_REACH_BYTES);
        line(text, "li x7, " + MEMORY_BYTES / Long.BYTES);
        line(text, "copy_" + number + ": ld x9, (x5)");
        line(text, "sd x9, (x6)");
        line(text, "addi x5, x5, 8");
        line(text, "addi x6, x6, 8");
        line(text, "addi x7, x7, -1");
        line(text, "bnez x7, copy_" + number);
        for (int register = 1; register <= REGISTERS; register++) {
            if (register != RandomProgram.MEMORY_REGISTER) {
                line(text, "li x" + register + ", 0");
            }
        }
    }

    private static void epilogue(StringBuilder text) {
        line(text, ".option norvc");
        for (int register = 1; register <= REGISTERS; register++) {
            int offset = RandomProgram.MEMORY_REACH_BYTES + (register - 1) * Long.BYTES;
            line(text, "sd x%d, %d(x8)".formatted(register, offset));
        }
        line(text, "li a0, 1");
        line(text, "addi a1, x8, " + -RandomProgram.MEMORY_REACH_BYTES);
        line(text, "li a2, " + OUTPUT_BYTES);
        line(text, "li a7, 64"); // write
        line(text, "ecall");
    }

    /** The memory lies around the boundary of two pages. */
    private static String data() {
        StringBuilder text = new StringBuilder("        .section .rodata\n        .balign 8\nfresh:\n");
        new Random(MEMORY_SEED)
                .longs(MEMORY_BYTES / Long.BYTES)
                .forEach(value -> line(text, ".dword 0x" + Long.toHexString(value)));
        return text + "        .bss\n        .balign 4096\n        .zero 4096\nmemory: .zero 4096\n";
    }

    private static void line(StringBuilder text, String line) {
        text.append("        ").append(line).append('\n');
    }
}
