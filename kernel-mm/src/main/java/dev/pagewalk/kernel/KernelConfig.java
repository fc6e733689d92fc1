package dev.pagewalk.kernel;

import dev.pagewalk.emulator.trace.TraceSink;
import dev.pagewalk.kernel.frame.NumaNodes;
import dev.pagewalk.kernel.space.ForkStrategy;
import dev.pagewalk.kernel.space.HugePages;
import dev.pagewalk.kernel.space.UserLayout;
import java.util.function.Consumer;

/** How a kernel behaves and to whom it talks. Immutable: each {@code with} gives a changed copy. */
public final class KernelConfig implements Cloneable {
    /** satp has 16 bits for the ASID: RISC-V Privileged ISA, "Supervisor Address Translation and Protection Register". */
    public static final int MOST_ASID_BITS = 16;

    private UserLayout layout = UserLayout.DEFAULT;
    private ForkStrategy fork = ForkStrategy.COPY_ON_WRITE;
    private HugePages hugePages = HugePages.NEVER;
    private int numaNodes = 1;
    private Consumer<String> log = line -> {};
    private Consumer<String> systemCallTrace;
    private Consumer<String> mapsAtExit;
    private TraceSink trace = TraceSink.NONE;
    private boolean sanitize;
    private String shootdownPolicy = "targeted";
    private int asidBits = 16;

    private KernelConfig() {}

    /** The defaults, and nobody to talk to. */
    public static KernelConfig quiet() {
        return new KernelConfig();
    }

    /** Where things go in user space. */
    public UserLayout layout() {
        return layout;
    }

    public KernelConfig withLayout(UserLayout newLayout) {
        return changed(config -> config.layout = newLayout);
    }

    /** How a child gets its memory. */
    public ForkStrategy fork() {
        return fork;
    }

    public KernelConfig withFork(ForkStrategy newFork) {
        return changed(config -> config.fork = newFork);
    }

    /** Which memory gets pages of 2 MiB. */
    public HugePages hugePages() {
        return hugePages;
    }

    public KernelConfig withHugePages(HugePages newHugePages) {
        return changed(config -> config.hugePages = newHugePages);
    }

    /** Into how many nodes RAM and harts are split, as {@link NumaNodes} says and allows. */
    public int numaNodes() {
        return numaNodes;
    }

    public KernelConfig withNumaNodes(int newNumaNodes) {
        return changed(config -> config.numaNodes = newNumaNodes);
    }

    /** Takes lines meant for the person who runs the machine, such as a call that is not implemented. */
    public Consumer<String> log() {
        return log;
    }

    public KernelConfig withLog(Consumer<String> newLog) {
        return changed(config -> config.log = newLog);
    }

    /** Takes a line per system call; null where nobody wants them. */
    public Consumer<String> systemCallTrace() {
        return systemCallTrace;
    }

    /** @param newTrace null for none */
    public KernelConfig withSystemCallTrace(Consumer<String> newTrace) {
        return changed(config -> config.systemCallTrace = newTrace);
    }

    /** Takes the lines of what each process has mapped when it ends; null where nobody wants them. */
    public Consumer<String> mapsAtExit() {
        return mapsAtExit;
    }

    /** @param newMapsAtExit null for none */
    public KernelConfig withMapsAtExit(Consumer<String> newMapsAtExit) {
        return changed(config -> config.mapsAtExit = newMapsAtExit);
    }

    /** Is told when the kernel did what on which hart. */
    public TraceSink trace() {
        return trace;
    }

    public KernelConfig withTrace(TraceSink newTrace) {
        return changed(config -> config.trace = newTrace);
    }

    /** Whether the TLB coherence sanitizer watches; nothing but its reports depends on it. */
    public boolean sanitize() {
        return sanitize;
    }

    public KernelConfig withSanitizer(boolean watches) {
        return changed(config -> config.sanitize = watches);
    }

    /** How translations are taken away from other harts: a name as {@code --shootdown} has it. */
    public String shootdownPolicy() {
        return shootdownPolicy;
    }

    public KernelConfig withShootdownPolicy(String newPolicy) {
        return changed(config -> config.shootdownPolicy = newPolicy);
    }

    /** How many bits of an ASID the harts tell apart: 1 to 16. */
    public int asidBits() {
        return asidBits;
    }

    /** @throws IllegalArgumentException for fewer than 1 or more than 16 */
    public KernelConfig withAsidBits(int newAsidBits) {
        if (newAsidBits < 1 || newAsidBits > MOST_ASID_BITS) {
            throw new IllegalArgumentException("an ASID has 1 to " + MOST_ASID_BITS + " bits, not " + newAsidBits);
        }
        return changed(config -> config.asidBits = newAsidBits);
    }

    private KernelConfig changed(Consumer<KernelConfig> change) {
        try {
            KernelConfig copy = (KernelConfig) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
