package dev.pagewalk.emulator.isa;

/** What an instruction costs is said per class: a timing profile gives each class its cycles. */
public enum InstructionClass {
    ALU,
    MULTIPLY,
    DIVIDE,
    LOAD,
    STORE,
    BRANCH,
    JUMP,
    ATOMIC,
    CSR,
    FENCE,
    /** ecall and ebreak: they trap, so their own cost is that of the trap. */
    SYSTEM
}
