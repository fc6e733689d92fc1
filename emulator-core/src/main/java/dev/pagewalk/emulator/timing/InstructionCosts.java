package dev.pagewalk.emulator.timing;

import dev.pagewalk.emulator.isa.InstructionClass;

/**
 * What an instruction costs before its memory accesses are charged: cycles per class, 1..127 each.
 *
 * <p>The figures are what a class adds to the clock on average, not a latency: the machine has no pipeline in which a
 * latency could be hidden.
 *
 * @param load with an L1 data cache hit: caches are not modelled
 * @param branch taken or not, mispredictions averaged in
 * @param misalignedCycles added to a load or store that is not naturally aligned, 0..1000000
 * @param deviceAccessCycles added to an access that a device answers instead of RAM, 0..1000000
 */
public record InstructionCosts(
        int alu,
        int multiply,
        int divide,
        int load,
        int store,
        int branch,
        int jump,
        int atomic,
        int csr,
        int fence,
        int system,
        int misalignedCycles,
        int deviceAccessCycles) {
    /** The largest cost of a class: decoded instructions keep it in seven bits. */
    public static final int MAX_CLASS_CYCLES = 127;

    public InstructionCosts {
        checkClass("instruction.alu", alu);
        checkClass("instruction.multiply", multiply);
        checkClass("instruction.divide", divide);
        checkClass("instruction.load", load);
        checkClass("instruction.store", store);
        checkClass("instruction.branch", branch);
        checkClass("instruction.jump", jump);
        checkClass("instruction.atomic", atomic);
        checkClass("instruction.csr", csr);
        checkClass("instruction.fence", fence);
        checkClass("instruction.system", system);
        Checks.cycles("instruction.misalignedCycles", misalignedCycles);
        Checks.cycles("instruction.deviceAccessCycles", deviceAccessCycles);
    }

    /** The cycles of a class, 1..127. */
    public int cycles(InstructionClass instructionClass) {
        return switch (instructionClass) {
            case ALU -> alu;
            case MULTIPLY -> multiply;
            case DIVIDE -> divide;
            case LOAD -> load;
            case STORE -> store;
            case BRANCH -> branch;
            case JUMP -> jump;
            case ATOMIC -> atomic;
            case CSR -> csr;
            case FENCE -> fence;
            case SYSTEM -> system;
        };
    }

    private static void checkClass(String key, int value) {
        Checks.range(key, value, 1, MAX_CLASS_CYCLES);
    }
}
