package dev.pagewalk.kernel.space;

/** Which private anonymous memory gets pages of 2 MiB when it is touched; what madvise says of a region comes first. */
public enum HugePages {
    /** That for which madvise asks. */
    NEVER,
    /** All for which madvise does not forbid it. */
    ALWAYS;

    /** Whether huge pages are wanted in a region. */
    boolean wantedIn(Region region) {
        boolean anonymous = region.kind() == RegionKind.ANONYMOUS || region.kind() == RegionKind.HEAP;
        return anonymous && !region.has(Advice.NO_HUGE) && (this == ALWAYS || region.has(Advice.HUGE));
    }
}
