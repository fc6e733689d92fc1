package dev.pagewalk.tools.run;

import dev.pagewalk.kernel.Kernel;
import java.util.Optional;

/** What holds for every guest that is a test, from an image or around a method. */
public final class GuestsUnderTest {
    /** A guest that has not ended by then is stopped, unless its test says otherwise. */
    public static final long MOST_CYCLES = 2_000_000_000L;

    /** A guest may print for ever; nobody expects or reads more. */
    public static final int MOST_CONSOLE_BYTES = 16 << 20;

    private GuestsUnderTest() {}

    /** Every frame is back when a guest has ended; what to say where some are not. */
    public static Optional<String> lostFrames(Kernel kernel) {
        int before = kernel.freeFramesAtBoot();
        int now = kernel.frames().freeFrames();
        return before == now
                ? Optional.empty()
                : Optional.of("frames are lost: " + before + " were free at boot, " + now + " are at exit");
    }
}
