package dev.pagewalk.emulator.engine.differential;

/** Random programs in a JVM of their own: {@link HostCompilersTest} starts it. It can be started by hand, too. */
public final class ProgramRuns {
    private ProgramRuns() {}

    /**
     * Prints what was done; throws where engines differ.
     *
     * @param arguments the first seed, how many there are, and how many times as long as usual they run
     */
    public static void main(String[] arguments) {
        long first = Long.parseLong(arguments[0]);
        long end = first + Long.parseLong(arguments[1]);
        int length = Integer.parseInt(arguments[2]);
        Campaign campaign = new Campaign();
        for (long seed = first; seed < end; seed++) {
            campaign.assertSame(FuzzCase.of(seed, length));
        }
        System.out.println(campaign.tally);
    }
}
