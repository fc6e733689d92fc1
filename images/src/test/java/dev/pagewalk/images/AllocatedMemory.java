package dev.pagewalk.images;

import java.lang.management.ManagementFactory;

/** What a thread has allocated so far, so that tests can show that hostile input costs little. */
public final class AllocatedMemory {
    private AllocatedMemory() {}

    /** The bytes that the calling thread has allocated since it began. */
    public static long ofThisThread() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
