package dev.pagewalk.tools.live;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Any thread rings it when something has come for the machine's thread, which waits for it where it has nothing else to do. */
public final class Bell {
    /** So often who waits looks up all the same. */
    private static final int PATIENCE_MILLIS = 100;

    private final Semaphore rings = new Semaphore(0);
    private volatile Runnable whenRung = () -> {};

    /** Names what else is to be done at each ring, on the thread that rings. */
    public void whenRung(Runnable also) {
        whenRung = also;
    }

    public void ring() {
        rings.release();
        whenRung.run();
    }

    /** Waits until it rings, or has rung since the last call, or for a while. */
    void await() {
        try {
            if (rings.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                rings.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
