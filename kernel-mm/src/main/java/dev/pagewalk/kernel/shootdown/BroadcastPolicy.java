package dev.pagewalk.kernel.shootdown;

/**
 * {@code broadcast} (S29): a local flush, then an interrupt to all other harts, which flush everything whatever the request
 * was. Source: VeridianOS, {@code mm/vas.rs}, TLB shootdown; here with acknowledgement.
 */
public final class BroadcastPolicy implements ShootdownPolicy {
    @Override
    public String name() {
        return "broadcast";
    }

    @Override
    public int ceilingPages() {
        return 0;
    }

    @Override
    public RemoteFlush remoteFlush(FlushBatch batch, int asid, int initiatorHartId, long presentHarts) {
        return RemoteFlush.everywhereBut(initiatorHartId, presentHarts);
    }
}
