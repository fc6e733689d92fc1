package dev.pagewalk.kernel.oom;

import dev.pagewalk.kernel.frame.FailurePlan;

/** Makes the n-th allocation from now on fail, alone or with all that come after it. */
final class Injection implements FailurePlan {
    private final int failing;
    private final boolean lasting;
    private int allocations;

    /**
     * @param failing counted from 1
     * @param lasting whether memory stays out from then on
     */
    Injection(int failing, boolean lasting) {
        this.failing = failing;
        this.lasting = lasting;
    }

    @Override
    public boolean failsNow() {
        allocations++;
        return lasting ? allocations >= failing : allocations == failing;
    }

    /** Whether any allocation has failed by it. */
    boolean hasHit() {
        return allocations >= failing;
    }

    @Override
    public String toString() {
        return "allocation " + failing + (lasting ? " and all after it fail" : " fails");
    }
}
