package dev.pagewalk.emulator.trap;

/** The interrupts that reach a hart, with their bits in mip and codes in scause: RISC-V Privileged ISA, "mip". */
public enum InterruptLine {
    SOFTWARE(1),
    TIMER(5),
    EXTERNAL(9);

    private final int code;

    InterruptLine(int code) {
        this.code = code;
    }

    /** The supervisor-level interrupt code, 1, 5 or 9. */
    public int code() {
        return code;
    }
}
