package dev.pagewalk.tools.bench.engine;

/**
 * How fast an engine executes busy harts.
 *
 * @param one the median for a single one
 * @param many the median for many, all together
 */
public record HartsResult(SpeedSample one, SpeedSample many) {
    double ratio() {
        return many.mips() / one.mips();
    }
}
