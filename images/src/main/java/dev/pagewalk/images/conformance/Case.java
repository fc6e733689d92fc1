package dev.pagewalk.images.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One thing that an instruction must do: what stands in registers and memory before, the code, what must stand there
 * afterwards.
 *
 * <p>A dollar sign in code stands for the case's number, so that labels are its own: {@code here_$}.
 */
final class Case {
    /** What a destination holds before it is written: no result of any case. */
    private static final long UNTOUCHED = 0x5A5;

    private final List<String> preparation = new ArrayList<>();
    private final List<String> settings = new ArrayList<>();
    private final List<String> code = new ArrayList<>();
    private final List<Check> checks = new ArrayList<>();
    private final List<String> circumstances = new ArrayList<>();
    private final Set<Integer> checkedRegisters = new TreeSet<>();

    /** Something to look at afterwards. */
    sealed interface Check permits RegisterCheck, MemoryCheck {
        /** What must be found: an expression, which may name labels. */
        String expected();
    }

    /** A register of number 0..31. */
    record RegisterCheck(int register, String expected) implements Check {}

    /** The 8 bytes at an address: an expression. */
    record MemoryCheck(String address, String expected) implements Check {}

    /** The 8 bytes at {@code address} hold {@code value}; to be said before {@link #set}. */
    Case memory(String address, long value) {
        preparation.add("li x5, " + hex(value));
        preparation.add("sd x5, " + address + ", x6");
        circumstances.add("memory at " + address + " = " + hex(value));
        return this;
    }

    /** Register {@code register} holds {@code value}; x0 cannot. */
    Case set(int register, long value) {
        if (register != 0) {
            settings.add("li x" + register + ", " + hex(value));
            circumstances.add("x" + register + " = " + hex(value));
        }
        return this;
    }

    /** Register {@code register} holds the address that {@code expression} says. */
    Case setAddress(int register, String expression) {
        settings.add("la x" + register + ", " + expression);
        circumstances.add("x" + register + " = " + expression);
        return this;
    }

    /** A destination register holds what no result is. */
    Case clear(int register) {
        settings.add("li x" + register + ", " + hex(UNTOUCHED));
        return this;
    }

    Case run(String... lines) {
        code.addAll(List.of(lines));
        return this;
    }

    Case expect(int register, long value) {
        return expectAddress(register, hex(register == 0 ? 0 : value));
    }

    Case expectAddress(int register, String expression) {
        checks.add(new RegisterCheck(register, expression));
        checkedRegisters.add(register);
        return this;
    }

    Case expectMemory(String address, long value) {
        checks.add(new MemoryCheck(address, hex(value)));
        return this;
    }

    /** A destination register of which nothing has come. */
    Case expectUntouched(int register) {
        return expect(register, UNTOUCHED);
    }

    /**
     * {@code instruction} traps and has no effect: the signal's handler finds the pc there and goes on behind it.
     *
     * @param address an expression: the one that the signal speaks of
     */
    Case runTrapping(String instruction, Signal signal, String address) {
        return runTrappingAt("trapping_$", instruction, signal, address);
    }

    /** The same where the instruction has its effect and it is the next one, at {@code pc}, that traps. */
    Case runTrappingAt(String pc, String instruction, Signal signal, String address) {
        preparation.add("la x5, resumed_$");
        preparation.add("sd x5, resume, x6");
        preparation.add("sd zero, trap_signal, x6");
        code.add("trapping_$: " + instruction);
        code.add("resumed_$:");
        checks.add(new MemoryCheck("trap_signal", String.valueOf(signal.number())));
        checks.add(new MemoryCheck("trap_pc", pc));
        checks.add(new MemoryCheck("trap_address", address));
        return this;
    }

    /** What the case is about, in a line. */
    String text() {
        String instructions = String.join("; ", code);
        return circumstances.isEmpty() ? instructions : instructions + " where " + String.join(", ", circumstances);
    }

    /** The code before the checks. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(preparation);
        lines.addAll(settings);
        lines.addAll(code);
        return lines;
    }

    List<Check> checks() {
        return checks;
    }

    /** The registers that the checks look at. */
    Set<Integer> checkedRegisters() {
        return checkedRegisters;
    }

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
