package dev.pagewalk.kernel.frame;

/** Gives frames back when none are free: whoever keeps frames that it can do without, such as the page cache. */
@FunctionalInterface
public interface Reclaimer {
    /** Has nothing to give. */
    Reclaimer NONE = () -> false;

    /**
     * Releases at least one frame's last owner. Called from within an allocation that found too few free frames; must
     * not allocate.
     *
     * @return false where there was nothing to give back; then it is not asked again for this allocation
     */
    boolean reclaim();
}
