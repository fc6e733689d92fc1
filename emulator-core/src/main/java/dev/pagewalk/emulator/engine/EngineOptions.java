package dev.pagewalk.emulator.engine;

/**
 * How guest code is executed. No guest and no statistic but the host's can tell.
 *
 * @param kind which engine
 * @param hotVisits how often execution comes to the head of a loop or function before it is translated, 1 or more
 * @param inBackground whether guest code is interpreted on while another thread translates it
 * @param mostRegions so many translated regions are kept, 1 or more; beyond, all are let go, and what is hot comes again
 * @param log who is told what was translated, and why not
 */
public record EngineOptions(EngineKind kind, int hotVisits, boolean inBackground, int mostRegions, EngineLog log) {
    private static final int HOT_VISITS = 1000;
    private static final int SOON_VISITS = 20;
    private static final int MOST_REGIONS = 1024;

    public EngineOptions {
        if (hotVisits < 1 || mostRegions < 1) {
            throw new IllegalArgumentException(
                    "hot visits and most regions must be 1 or more, not " + hotVisits + " and " + mostRegions);
        }
    }

    /** What a user gets who asks for a kind. */
    public static EngineOptions of(EngineKind kind) {
        return switch (kind) {
            case AUTO -> new EngineOptions(kind, HOT_VISITS, true, MOST_REGIONS, EngineLog.NONE);
            case INTERPRETER, TRANSLATOR -> new EngineOptions(kind, SOON_VISITS, false, MOST_REGIONS, EngineLog.NONE);
        };
    }

    public EngineOptions withHotVisits(int visits) {
        return new EngineOptions(kind, visits, inBackground, mostRegions, log);
    }

    public EngineOptions withMostRegions(int regions) {
        return new EngineOptions(kind, hotVisits, inBackground, regions, log);
    }

    public EngineOptions withLog(EngineLog newLog) {
        return new EngineOptions(kind, hotVisits, inBackground, mostRegions, newLog);
    }
}
