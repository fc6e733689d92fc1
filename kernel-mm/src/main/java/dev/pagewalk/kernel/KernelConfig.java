package dev.pagewalk.kernel;

import dev.pagewalk.kernel.frame.NumaNodes;
import dev.pagewalk.kernel.space.ForkStrategy;
import dev.pagewalk.kernel.space.HugePages;
import dev.pagewalk.kernel.space.UserLayout;
import java.util.function.Consumer;

/** How a kernel behaves and to whom it talks. Immutable: each {@code with} gives a changed copy. */
public final class KernelConfig implements Cloneable {
    private UserLayout layout = UserLayout.DEFAULT;
    private ForkStrategy fork = ForkStrategy.COPY_ON_WRITE;
    private HugePages hugePages = HugePages.NEVER;
    private int numaNodes = 1;
    private Consumer<String> log = line -> {};
    private Consumer<String> systemCallTrace;
    private Consumer<String> mapsAtExit;
    private boolean sanitize;

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

    /** Whether the TLB coherence sanitizer watches; nothing but its reports depends on it. */
    public boolean sanitize() {
        return sanitize;
    }

    public KernelConfig withSanitizer(boolean watches) {
        return changed(config -> config.sanitize = watches);
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
