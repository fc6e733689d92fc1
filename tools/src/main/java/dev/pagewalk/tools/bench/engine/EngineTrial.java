package dev.pagewalk.tools.bench.engine;

import dev.pagewalk.emulator.engine.EngineReport;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.tools.bench.BusyHarts;
import dev.pagewalk.tools.run.UserErrorException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;

/** One measurement in this JVM, by the thread that calls: the first half of the time is there to warm up. */
public final class EngineTrial {
    private static final double NANOSECONDS_PER_SECOND = 1e9;
    private static final double MILLION = 1e6;

    /** Of a window in which the speed is looked at, as long as it is not steady. */
    private static final double WINDOW_SECONDS = 0.25;

    /** How long the workload goes on before the clocks are looked at. */
    private static final double ADVANCE_SECONDS = 0.01;

    private static final long FIRST_ADVANCE = 100_000;

    /** @param processorNanoseconds of this thread */
    private record Reading(long wallNanoseconds, long processorNanoseconds, long instructions) {
        double wallSecondsSince(Reading earlier) {
            return (wallNanoseconds - earlier.wallNanoseconds) / NANOSECONDS_PER_SECOND;
        }

        double mipsSince(Reading earlier) {
            double microseconds = (processorNanoseconds - earlier.processorNanoseconds) / 1e3;
            return microseconds == 0 ? 0 : (instructions - earlier.instructions) / microseconds;
        }
    }

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Workload workload;
    private final List<Reading> readings = new ArrayList<>();

    private EngineTrial(Workload workload) {
        this.workload = workload;
    }

    /**
     * Runs a kernel.
     *
     * @param peer an engine, or the host itself for the chase
     * @param seconds how long, 1 or more
     * @param setupInstructions before the kernel's rounds, which are not measured, however long they take
     */
    public static SpeedSample ofKernel(
            EngineKernel kernel, Peer peer, String profile, double seconds, long setupInstructions)
            throws UserErrorException {
        Workload workload = peer == Peer.HOST ? new HostChase() : KernelMachine.endless(kernel, peer.engine(), profile);
        return new EngineTrial(workload).run(seconds, setupInstructions);
    }

    /** Runs harts that are all busy, without a kernel. */
    public static SpeedSample ofHarts(int harts, Peer peer, String profile, double seconds) {
        BusyHarts busy = BusyHarts.alone(harts, TimingProfiles.find(profile), peer.engine());
        return new EngineTrial(new Workload() {
                    @Override
                    public void advance(long instructions) {
                        busy.execute(instructions);
                    }

                    @Override
                    public long instructions() {
                        return busy.retired();
                    }

                    @Override
                    public EngineReport report() {
                        return busy.report();
                    }
                })
                .run(seconds, 0);
    }

    private SpeedSample run(double seconds, long setupInstructions) {
        Reading start = read();
        Reading previous = start;
        Reading measuredFrom = null;
        long advance = FIRST_ADVANCE;
        do {
            workload.advance(advance);
            Reading now = read();
            double took = now.wallSecondsSince(previous);
            advance = Math.max(
                    1, took < ADVANCE_SECONDS / 2 ? advance * 2 : took > ADVANCE_SECONDS ? advance / 2 : advance);
            previous = now;
            if (measuredFrom == null
                    && now.wallSecondsSince(start) >= seconds / 2
                    && now.instructions() >= setupInstructions) {
                measuredFrom = now;
            }
        } while (measuredFrom == null || previous.wallSecondsSince(measuredFrom) < seconds / 2);
        double mips = previous.mipsSince(measuredFrom);
        double wallMips = (previous.instructions() - measuredFrom.instructions())
                / previous.wallSecondsSince(measuredFrom)
                / MILLION;
        EngineReport report = workload.report();
        return new SpeedSample(
                mips,
                wallMips,
                secondsToSpeed(mips / 2),
                report == null || report.translations() == 0 ? null : RegionFigures.of(report, previous.instructions()),
                MemoryFigures.now());
    }

    private Reading read() {
        Reading reading = new Reading(System.nanoTime(), threads.getCurrentThreadCpuTime(), workload.instructions());
        readings.add(reading);
        return reading;
    }

    /** To the end of the first window with this speed. What came before the last one is one, whatever it is. */
    private double secondsToSpeed(double mips) {
        Reading start = readings.get(0);
        Reading windowStart = start;
        for (Reading reading : readings) {
            if (reading.wallSecondsSince(windowStart) >= WINDOW_SECONDS) {
                if (reading.mipsSince(windowStart) >= mips) {
                    return reading.wallSecondsSince(start);
                }
                windowStart = reading;
            }
        }
        return readings.get(readings.size() - 1).wallSecondsSince(start);
    }
}
