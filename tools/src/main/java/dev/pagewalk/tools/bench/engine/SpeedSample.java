package dev.pagewalk.tools.bench.engine;

/**
 * How fast a kernel was executed, once.
 *
 * @param mips millions of guest instructions a second of the processor's time for the thread or process that executes them
 * @param wallMips the same by the clock on the wall, on which others that the host runs have their part
 * @param secondsToHalfSpeed from the guest's start to the end of the first quarter of a second at half of this speed or more;
 *     null for programs of others
 * @param regions null where nothing is translated
 * @param memory of the process; null for programs of others
 */
public record SpeedSample(
        double mips, double wallMips, Double secondsToHalfSpeed, RegionFigures regions, MemoryFigures memory) {
    /** Of a program of others. */
    static SpeedSample of(double mips, double wallMips) {
        return new SpeedSample(mips, wallMips, null, null, null);
    }
}
