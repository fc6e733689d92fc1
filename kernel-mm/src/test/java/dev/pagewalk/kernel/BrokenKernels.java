package dev.pagewalk.kernel;

import dev.pagewalk.emulator.Machine;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.kernel.shootdown.Invalidation;
import dev.pagewalk.kernel.shootdown.ShootdownPolicy;
import java.util.function.UnaryOperator;

/** Makes kernels that invalidate wrongly. */
public final class BrokenKernels {
    private BrokenKernels() {}

    /**
     * With identities it is a good kernel.
     *
     * @param invalidations puts its mistakes before the kernel's own invalidation
     * @param policies puts them before its shootdown policy
     */
    public static Kernel create(
            Machine machine,
            KernelConfig config,
            UnaryOperator<Invalidation> invalidations,
            UnaryOperator<ShootdownPolicy> policies)
            throws ProgramException {
        return new Kernel(machine, config, invalidations, policies);
    }
}
