package dev.pagewalk.kernel;

import dev.pagewalk.emulator.Machine;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.kernel.shootdown.Invalidation;
import java.util.function.UnaryOperator;

/** Makes kernels that invalidate wrongly. */
public final class BrokenKernels {
    private BrokenKernels() {}

    /** @param invalidations puts its mistakes before the kernel's own invalidation; the identity for a good kernel */
    public static Kernel create(Machine machine, KernelConfig config, UnaryOperator<Invalidation> invalidations)
            throws ProgramException {
        return new Kernel(machine, config, invalidations);
    }
}
