package dev.pagewalk.emulator.isa;

/**
 * The user-level control and status registers' names.
 *
 * <p>Source: RISC-V Privileged ISA, "CSR Listing", unprivileged counters.
 */
public final class Csr {
    public static final int CYCLE = 0xC00;
    public static final int TIME = 0xC01;
    public static final int INSTRET = 0xC02;

    private static final int FIRST_HPMCOUNTER = 0xC03;
    private static final int LAST_HPMCOUNTER = 0xC1F;

    private Csr() {}

    /** The name of CSR 0..4095, or null where this machine has none for it. */
    public static String name(int csr) {
        return switch (csr) {
            case CYCLE -> "cycle";
            case TIME -> "time";
            case INSTRET -> "instret";
            default -> csr >= FIRST_HPMCOUNTER && csr <= LAST_HPMCOUNTER ? "hpmcounter" + (csr - CYCLE) : null;
        };
    }

    /** The number of the CSR called {@code name}; -1 where there is none. */
    public static int number(String name) {
        for (int csr = CYCLE; csr <= LAST_HPMCOUNTER; csr++) {
            if (name.equals(name(csr))) {
                return csr;
            }
        }
        return -1;
    }
}
