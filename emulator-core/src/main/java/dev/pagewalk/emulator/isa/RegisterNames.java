package dev.pagewalk.emulator.isa;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The integer registers' names: the assembler reads them, the disassembler and the debugger print them.
 *
 * <p>Source: RISC-V Calling Conventions, "Integer Register Convention".
 */
public final class RegisterNames {
    private static final List<String> ABI_NAMES = List.of(
            "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6",
            "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6");
    private static final Map<String, Integer> NUMBERS = numbers();

    private RegisterNames() {}

    /** The ABI name of register 0..31: {@code a0}. */
    public static String abiName(int register) {
        return ABI_NAMES.get(register);
    }

    /** The number of the register called {@code name} ({@code a0}, {@code x10}, {@code fp}); -1 where there is none. */
    public static int number(String name) {
        return NUMBERS.getOrDefault(name, -1);
    }

    private static Map<String, Integer> numbers() {
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; i < ABI_NAMES.size(); i++) {
            numbers.put(ABI_NAMES.get(i), i);
            numbers.put("x" + i, i);
        }
        numbers.put("fp", 8);
        return numbers;
    }
}
