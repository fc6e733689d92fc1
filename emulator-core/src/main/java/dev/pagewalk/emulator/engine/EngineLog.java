package dev.pagewalk.emulator.engine;

/** Told what an engine translates, and why not. The machine's thread calls it, between instructions. */
public interface EngineLog {
    /** How the reason of a refusal begins that should never have been necessary. */
    String INTERNAL_ERROR = "an internal error: ";

    /** Nobody wants to know. */
    EngineLog NONE = new EngineLog() {
        @Override
        public void onTranslated(RegionReport region) {}

        @Override
        public void onRefused(long virtualAddress, String reason) {}

        @Override
        public void onDropped(RegionReport region, DropReason reason) {}
    };

    /** A region is there, and will be entered from now on. */
    void onTranslated(RegionReport region);

    /**
     * Code that is hot has not been translated.
     *
     * @param virtualAddress where it begins
     * @param reason for people, without a full stop
     */
    void onRefused(long virtualAddress, String reason);

    /** A region is there no more. */
    void onDropped(RegionReport region, DropReason reason);
}
