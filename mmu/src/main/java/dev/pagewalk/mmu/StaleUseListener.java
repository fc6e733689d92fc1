package dev.pagewalk.mmu;

/**
 * Is told when a hart is about to rely on a cached translation that should be gone: one that was {@linkplain
 * dev.pagewalk.mmu.tlb.Tlb#markStale marked stale}, or one that was filled under another root than the one now loaded, which
 * means that its ASID has been reused without a flush. The kernel's coherence sanitizer implements it.
 *
 * <p>It is told at each lookup that hits such a translation, whether or not the access then succeeds. It must change nothing
 * in the MMU: the access goes on as the hardware would have it.
 */
@FunctionalInterface
public interface StaleUseListener {
    void onStaleUse(StaleUse use);
}
