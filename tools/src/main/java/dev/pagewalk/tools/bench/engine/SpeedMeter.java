package dev.pagewalk.tools.bench.engine;

import dev.pagewalk.tools.run.UserErrorException;

/** Measures speeds; a study asks it for one sample after the other. */
public interface SpeedMeter {
    /** What a kernel executes in a round, and what it prints. */
    RoundCount count(EngineKernel kernel) throws UserErrorException;

    /**
     * What a peer prints for a kernel.
     *
     * @param rounds of the kernel
     */
    String output(EngineKernel kernel, Peer peer, long rounds) throws UserErrorException;

    /** Executes a kernel for a while. */
    SpeedSample measure(EngineKernel kernel, Peer peer, RoundCount count) throws UserErrorException;

    /** Lets so many harts be busy for a while. */
    SpeedSample measureHarts(int harts, Peer engine) throws UserErrorException;
}
