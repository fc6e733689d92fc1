package dev.pagewalk.tools.bench;

import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.emulator.engine.EngineReport;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.kernel.KernelConfig;

/**
 * A machine whose harts never stop: each sieves bytes of its own, with 4 KiB pages and the TLB model on. What is measured is
 * the engine and the machine's loop.
 */
public final class BusyHarts {
    static final int BYTES_PER_HART = ThreadedGuest.BYTES_PER_THREAD;

    /** Endless. In a0 the bytes, in a1 how many. */
    static final String SIEVE = """
            sieve:  li      t0, 2
            outer:  add     t1, a0, t0
                    lbu     t2, 0(t1)
                    bnez    t2, next
                    add     t3, t0, t0
            inner:  bge     t3, a1, next
                    add     t1, a0, t3
                    sb      t0, 0(t1)
                    add     t3, t3, t0
                    j       inner
            next:   addi    t0, t0, 1
                    blt     t0, a1, outer
                    mv      t1, a0
                    add     t2, a0, a1
            clear:  sd      zero, 0(t1)
                    addi    t1, t1, 8
                    blt     t1, t2, clear
                    j       sieve
            """;

    private static final String OWN_BYTES = """
                    li      a1, %d
                    mul     a0, s1, a1
                    add     a0, a0, s0
            """;

    private final Machine machine;
    private long targetInstructions;

    private BusyHarts(Machine machine) {
        this.machine = machine;
    }

    /** Without a kernel, in an address space each. */
    public static BusyHarts alone(int harts, TimingProfile profile, EngineKind engine) {
        return new BusyHarts(new BareSieves(harts, profile, engine).machine());
    }

    /** Threads of one process, under the kernel; all have begun. */
    static BusyHarts underKernel(int harts, TimingProfile profile, EngineKind engine) {
        String work = OWN_BYTES.formatted(BYTES_PER_HART) + SIEVE;
        Machine machine = ThreadedGuest.boot(harts, profile, engine, KernelConfig.quiet(), work)
                .machine();
        BusyHarts busy = new BusyHarts(machine);
        while (busy.fewestRetired() < BYTES_PER_HART) {
            machine.run(machine.longestCycle() + BYTES_PER_HART, Long.MAX_VALUE);
        }
        busy.targetInstructions = busy.retired();
        return busy;
    }

    /** Lets all harts together execute so many instructions; what one call executes beyond, the next one does not. */
    public void execute(long instructions) {
        targetInstructions += instructions;
        int harts = machine.harts().size();
        long missing = targetInstructions - retired();
        while (missing > 0) {
            // An instruction costs a cycle at least, so this many cycles are not too many.
            machine.run(machine.longestCycle() + missing / harts + 1, Long.MAX_VALUE);
            missing = targetInstructions - retired();
        }
    }

    /** The instructions that all harts together have executed. */
    public long retired() {
        return machine.retiredInstructions();
    }

    /** The instructions of the hart that has executed the fewest. */
    long fewestRetired() {
        return machine.harts().stream().mapToLong(hart -> hart.retired).min().orElseThrow();
    }

    /** What the engine has translated. */
    public EngineReport report() {
        return machine.engineReport();
    }
}
