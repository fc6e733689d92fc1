package dev.pagewalk.kernel.model;

/** Tells what is the kernel's to choose, so that the model can choose the same where it may be. */
interface KernelChoices {
    /** Whether a huge leaf maps a page now. */
    boolean isHuge(int space, int page);

    /** Whether there is such a space: a fork may run out of memory. */
    boolean exists(int space);
}
