package dev.pagewalk.mmu.tlb;

/** The banks of the L0 filters of a machine's harts, one for each kind of access. */
public record L0Banks(L0Bank fetches, L0Bank loads, L0Bank stores) {
    /** @param harts how many have their filters in them */
    public L0Banks(int harts) {
        this(new L0Bank(harts), new L0Bank(harts), new L0Bank(harts));
    }
}
