package dev.pagewalk.kernel.space;

/** What making a page accessible took. */
public enum PageChange {
    /** Nothing: the page was there, only a TLB or the A and D bits had to learn of it. */
    NONE,
    /** Zeros were brought, 4 KiB or 2 MiB. */
    ZERO,
    /** A page of a file was mapped, or may now be written through a shared mapping. */
    FILE,
    /** A store got a copy of its own. */
    COPY,
    /** A store got the page itself, which nobody else owned any more. */
    REUSE
}
