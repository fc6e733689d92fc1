package dev.pagewalk.tools.bench.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.UserErrorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures on this host, in a process of its own each time: an engine after it has warmed up, QEMU by the difference between
 * many rounds and an eighth of them, so that neither's start counts.
 */
public final class HostSpeedMeter implements SpeedMeter, AutoCloseable {
    private static final double MILLION = 1e6;

    /** The first number of rounds that takes as long tells how many take as long as wanted. */
    private static final double CALIBRATION_SECONDS = 0.3;

    private static final int CALIBRATION_FACTOR = 4;

    /** The part of the rounds whose time is taken away, with what it takes to start. */
    private static final int SHORT_PART = 8;

    private final QemuPrograms programs = new QemuPrograms();
    private final List<String> ownCommand;
    private final String profile;
    private final double seconds;

    /**
     * @param ownCommand how this program is started again; behind it comes what {@link EngineTrial} wants to know, and it prints
     *     {@link #write}
     * @param profile the timing profile
     * @param seconds a sample's, about
     */
    public HostSpeedMeter(List<String> ownCommand, String profile, double seconds) throws UserErrorException {
        this.ownCommand = List.copyOf(ownCommand);
        this.profile = profile;
        this.seconds = seconds;
    }

    /** A program without which a peer cannot be measured; null where all are there. */
    public static String missingProgram(Peer peer) {
        return QemuPrograms.missing(peer).orElse(null);
    }

    /** What a program of others calls itself. */
    public static String version(Peer peer) throws UserErrorException {
        return QemuPrograms.version(peer);
    }

    /** A sample as another process prints it. */
    public static String write(SpeedSample sample) {
        try {
            return new ObjectMapper().writeValueAsString(sample);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public RoundCount count(EngineKernel kernel) throws UserErrorException {
        return RoundCount.of(kernel, profile);
    }

    @Override
    public String output(EngineKernel kernel, Peer peer, long rounds) throws UserErrorException {
        if (peer.isEngine()) {
            KernelMachine machine = new KernelMachine(kernel, rounds, peer.engine(), profile);
            machine.runToEnd();
            return machine.output();
        }
        return HostProgram.run(programs.command(kernel, peer, rounds)).output() + "\n";
    }

    @Override
    public SpeedSample measure(EngineKernel kernel, Peer peer, RoundCount count) throws UserErrorException {
        return peer.isEngine() || peer == Peer.HOST
                ? ownProcess(
                        List.of(
                                "--kernel",
                                kernel.title(),
                                "--setup-instructions",
                                Long.toString(count.setupInstructions())),
                        peer)
                : qemu(kernel, peer, count);
    }

    @Override
    public SpeedSample measureHarts(int harts, Peer engine) throws UserErrorException {
        return ownProcess(List.of("--harts", Integer.toString(harts)), engine);
    }

    private SpeedSample ownProcess(List<String> work, Peer peer) throws UserErrorException {
        List<String> command = new ArrayList<>(ownCommand);
        command.addAll(work);
        command.addAll(List.of("--engine", peer.title(), "--profile", profile));
        command.addAll(List.of("--seconds", String.format(Locale.ROOT, "%.3f", seconds)));
        String text = HostProgram.output(command);
        try {
            return new ObjectMapper().readValue(text, SpeedSample.class);
        } catch (JsonProcessingException e) {
            throw new UserErrorException(ExitStatus.USAGE, "a measurement prints '" + text.strip() + "'");
        }
    }

    private SpeedSample qemu(EngineKernel kernel, Peer peer, RoundCount count) throws UserErrorException {
        double start = run(kernel, peer, 0).processorSeconds();
        long rounds = 1;
        double took = run(kernel, peer, rounds).processorSeconds() - start;
        while (took < Math.min(CALIBRATION_SECONDS, seconds)) {
            rounds *= CALIBRATION_FACTOR;
            took = run(kernel, peer, rounds).processorSeconds() - start;
        }
        long many = Math.max(SHORT_PART, Math.round(rounds * seconds / took));
        long few = many / SHORT_PART;
        HostProgram.Run shortRun = run(kernel, peer, few);
        HostProgram.Run longRun = run(kernel, peer, many);
        double millions = (many - few) * count.instructionsPerRound() / MILLION;
        return SpeedSample.of(
                millions / (longRun.processorSeconds() - shortRun.processorSeconds()),
                millions / (longRun.wallSeconds() - shortRun.wallSeconds()));
    }

    private HostProgram.Run run(EngineKernel kernel, Peer peer, long rounds) throws UserErrorException {
        return HostProgram.run(programs.command(kernel, peer, rounds));
    }

    @Override
    public void close() {
        programs.close();
    }
}
