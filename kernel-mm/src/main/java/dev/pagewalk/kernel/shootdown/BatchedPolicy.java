package dev.pagewalk.kernel.shootdown;

/**
 * {@code batched} (S28): the initiator flushes up to a ceiling of pages singly, the next one makes it a full flush; the
 * other harts always flush everything. Source: VeridianOS, {@code mm/vas.rs}, TLB flush batch.
 */
public final class BatchedPolicy implements ShootdownPolicy {
    /** VeridianOS's ceiling. */
    public static final int DEFAULT_CEILING_PAGES = 16;

    private final int ceilingPages;

    /** @param ceilingPages 0 or more */
    public BatchedPolicy(int ceilingPages) {
        this.ceilingPages = ceilingPages;
    }

    @Override
    public String name() {
        return "batched";
    }

    @Override
    public int ceilingPages() {
        return ceilingPages;
    }

    @Override
    public RemoteFlush remoteFlush(FlushBatch batch, int asid, int initiatorHartId, long presentHarts) {
        return RemoteFlush.everywhereBut(initiatorHartId, presentHarts);
    }
}
