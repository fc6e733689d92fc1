package dev.pagewalk.tools.bench.engine;

import dev.pagewalk.tools.run.UserErrorException;

/**
 * What a kernel executes and prints, found out by running it on our machine: both are the same everywhere.
 *
 * @param setupInstructions executed before the first round and behind the last one
 * @param instructionsPerRound on average
 * @param checkedRounds a number of rounds
 * @param output what the kernel prints after so many
 */
public record RoundCount(long setupInstructions, double instructionsPerRound, long checkedRounds, String output) {
    static RoundCount of(EngineKernel kernel, String profile) throws UserErrorException {
        KernelMachine one = new KernelMachine(kernel, 1, Peer.AUTO.engine(), profile);
        one.runToEnd();
        int more = kernel.countedRounds();
        KernelMachine many = new KernelMachine(kernel, 1L + more, Peer.AUTO.engine(), profile);
        many.runToEnd();
        double perRound = (double) (many.instructions() - one.instructions()) / more;
        return new RoundCount(
                Math.max(0, one.instructions() - Math.round(perRound)), perRound, 1L + more, many.output());
    }
}
