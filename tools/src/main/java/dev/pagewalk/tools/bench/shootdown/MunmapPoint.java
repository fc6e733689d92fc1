package dev.pagewalk.tools.bench.shootdown;

/**
 * One machine of the study, and what its guest does there.
 *
 * @param profile a timing profile's name
 * @param policy how translations are taken away: a name as {@code --shootdown} has it
 * @param harts of the machine, 1 to 64
 * @param threads that touch the pages before the first one unmaps them: 1 to harts, each on a hart of its own
 * @param pages that are unmapped, 1 to 65,536
 */
public record MunmapPoint(String profile, String policy, int harts, int threads, int pages) {
    public MunmapPoint {
        if (threads < 1 || threads > harts) {
            throw new IllegalArgumentException(threads + " threads do not fit " + harts + " harts");
        }
    }

    /** The same on a machine where every hart has touched the pages. */
    static MunmapPoint everywhere(String profile, String policy, int harts, int pages) {
        return new MunmapPoint(profile, policy, harts, harts, pages);
    }
}
