package dev.pagewalk.emulator.bus;

/** Hears of stores into frames that it guards: decoded code, reservations, watchpoints. */
public interface StoreObserver {
    /**
     * The bytes are overwritten right after this call, or were by an instruction that is not yet complete.
     *
     * @param address physical, in a guarded frame (for whatever reason it is guarded)
     * @param lengthBytes 1 to 4096; the range does not leave the frame
     */
    void onStore(long address, int lengthBytes);
}
