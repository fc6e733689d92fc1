package dev.pagewalk.kernel.frame;

/** Decides which allocations fail although there are frames: how tests reach every out-of-memory path. */
@FunctionalInterface
public interface FailurePlan {
    /** No allocation fails that need not. */
    FailurePlan NEVER = () -> false;

    /** Asked once by each call that allocates, before anything is taken; true makes that call OUT_OF_MEMORY. */
    boolean failsNow();
}
