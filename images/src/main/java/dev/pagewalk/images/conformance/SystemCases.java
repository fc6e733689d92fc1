package dev.pagewalk.images.conformance;

import java.util.ArrayList;
import java.util.List;

/** Instructions that speak to the machine around the hart: fences, counters, the supervisor. */
final class SystemCases {
    /** Counters that user programs may read, and no one may write. */
    private static final List<String> COUNTERS = List.of("cycle", "time", "instret");

    /** A supervisor's, a machine's, and two numbers that nothing has. */
    private static final List<String> INACCESSIBLE = List.of("0x100", "0x300", "0x7c0", "0xcff");

    /** A register that holds 0: no bit is set or cleared, yet that is a write where the register is not x0. */
    private static final String NO_BITS = "x11";

    private static final String ALL_BITS = "x12";

    private static final int GETPID = 172;
    private static final int UNKNOWN_CALL = 9999;
    private static final long ENOSYS = 38;

    private SystemCases() {}

    /** Orders memory accesses of any kind: one hart sees its own in their order with and without it. */
    static CaseSource fence() {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            for (String predecessors : List.of("r", "w", "rw", "i", "o", "io", "iorw")) {
                for (String successors : List.of("r", "w", "rw", "i", "o", "io", "iorw")) {
                    cases.add(ordered("fence " + predecessors + ", " + successors));
                }
            }
            cases.add(ordered("fence.tso"));
            // rd, rs1 and fm are for the future: to be ignored.
            cases.add(ordered(".4byte 0x3ff5050f"));
            return cases;
        };
    }

    private static Case ordered(String fence) {
        return new Case()
                .memory("boundary", 1)
                .set(10, MemoryCases.BOUNDARY_ADDRESS)
                .set(11, 2)
                .run("ld x12, (x10)", "sd x11, (x10)", fence, "ld x13, (x10)")
                .expect(10, MemoryCases.BOUNDARY_ADDRESS)
                .expect(11, 2)
                .expect(12, 1)
                .expect(13, 2);
    }

    /** Makes the hart's stores visible to its own fetches: code that has run is replaced and runs anew. */
    static CaseSource fenceInstructions() {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            // fence.i with 0 in the fields that are for the future, and with something there.
            for (String fence : List.of(mnemonic, ".4byte 0x1235150f")) {
                for (int value : List.of(0, 1, -1, 2047)) {
                    cases.add(new Case()
                            .run("lw x12, replacement_$", "la x11, code", "lw x13, (x11)")
                            .run("jalr x1, (x11)", "mv x14, x15")
                            .run("sw x12, (x11)", fence, "jalr x1, (x11)")
                            .run("sw x13, (x11)", fence, "j 1f")
                            .run("replacement_$: li x15, " + value, "1:")
                            .expect(14, 123)
                            .expect(15, value));
                }
            }
            return cases;
        };
    }

    /** {@code csrrs rd, csr, rs1}, with what is written in rs1 or in the instruction. */
    static CaseSource counter(boolean alwaysWrites, boolean inInstruction) {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            String nothing = inInstruction ? "0" : "x0";
            for (String csr : INACCESSIBLE) {
                cases.add(illegal(mnemonic, 9, csr, nothing));
            }
            for (String csr : COUNTERS) {
                if (alwaysWrites) {
                    cases.add(illegal(mnemonic, 9, csr, nothing));
                    cases.add(illegal(mnemonic, 0, csr, nothing));
                } else {
                    for (int rd = 0; rd < 32; rd++) {
                        cases.add(reading("%s x%d, %s, %s".formatted(mnemonic, rd, csr, nothing), csr, rd));
                    }
                }
                cases.add(illegal(mnemonic, 9, csr, inInstruction ? "31" : ALL_BITS));
                cases.add(illegal(mnemonic, 0, csr, inInstruction ? "1" : ALL_BITS));
            }
            if (!inInstruction) {
                for (String csr : COUNTERS) {
                    cases.add(illegal(mnemonic, 9, csr, NO_BITS));
                }
            }
            return cases;
        };
    }

    /** A counter does not go backwards, and x0 stays 0. */
    private static Case reading(String read, String csr, int rd) {
        if (rd == 0) {
            return new Case().run(read).expect(0, 0);
        }
        int before = 1 + rd % 31;
        int after = 1 + (rd + 1) % 31;
        return new Case()
                .clear(rd)
                .run(
                        "csrrs x%d, %s, x0".formatted(before, csr),
                        read,
                        "csrrs x%d, %s, x0".formatted(after, csr),
                        "sltu x%d, x%d, x%d".formatted(before, rd, before),
                        "sltu x%d, x%d, x%d".formatted(after, after, rd))
                .expect(before, 0)
                .expect(after, 0);
    }

    private static Case illegal(String mnemonic, int rd, String csr, String written) {
        return new Case()
                .clear(9)
                .set(11, 0)
                .set(12, -1)
                .runTrapping("%s x%d, %s, %s".formatted(mnemonic, rd, csr, written), Signal.SIGILL, "trapping_$")
                .expectUntouched(9);
    }

    /** The supervisor's result comes in a0; every other register stays as it is. */
    static CaseSource environmentCall() {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            cases.add(keeping(new Case().set(17, UNKNOWN_CALL), mnemonic).expect(10, -ENOSYS));
            cases.add(keeping(new Case().set(17, GETPID), mnemonic + "; sgtz x10, x10")
                    .expect(10, 1));
            return cases;
        };
    }

    private static Case keeping(Case one, String code) {
        for (int register = 1; register < 32; register++) {
            if (register != 10 && register != 17) {
                one.set(register, 0x0123_4567_89AB_CDEFL + register);
            }
        }
        one.run(code);
        // Two registers are left for the comparison.
        for (int register = 1; register < 30; register++) {
            if (register != 10 && register != 17) {
                one.expect(register, 0x0123_4567_89AB_CDEFL + register);
            }
        }
        return one;
    }

    /** Back to the debugger, of whom a signal is told where there is none. */
    static CaseSource breakpoint() {
        return mnemonic -> List.of(new Case()
                .clear(9)
                .runTrapping(mnemonic, Signal.SIGTRAP, "trapping_$")
                .expectUntouched(9));
    }
}
