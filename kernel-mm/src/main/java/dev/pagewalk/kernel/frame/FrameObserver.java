package dev.pagewalk.kernel.frame;

/** Is told of frames that lose their last owner, so that it can check that nobody reaches them any more. */
@FunctionalInterface
public interface FrameObserver {
    /** Wants to know nothing. */
    FrameObserver NONE = (address, use) -> {};

    /**
     * Called just before the frame goes back among the free ones; must neither allocate nor release.
     *
     * @param address the frame's physical address
     * @param use what it held
     */
    void frameFreed(long address, FrameUse use);
}
