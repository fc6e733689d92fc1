package dev.pagewalk.emulator.engine.translator;

import dev.pagewalk.emulator.engine.code.CodePage;
import dev.pagewalk.emulator.engine.code.Mark;
import dev.pagewalk.emulator.engine.code.Visit;
import dev.pagewalk.emulator.hart.Hart;

/** The mark at the head of a loop or function: counts how often execution comes by, later enters the region that begins there. */
final class Head implements Mark {
    private static final int MOST_LOSSES = 5;
    private static final long RETIREMENT_CYCLES = 20_000_000;

    final CodePage page;
    final int slot;

    private final Translator translator;
    private int visitsLeft;
    private int losses;
    private int retirements;
    private long retiredUntilCycle;

    /** Null before there is one. */
    private Region region;

    private Block entry;

    Head(Translator translator, CodePage page, int slot, int visits) {
        this.translator = translator;
        this.page = page;
        this.slot = slot;
        this.visitsLeft = visits;
    }

    @Override
    public Visit visit(Hart hart) {
        if (region != null) {
            return translator.passage(hart).enter(region, entry);
        }
        visitsLeft--;
        if (visitsLeft <= 0) {
            // Whatever comes of it, nobody counts here until there is a region.
            page.passMark(slot);
            translator.onHot(this, hart);
        }
        return Visit.INTERPRET_ONE;
    }

    Region region() {
        return region;
    }

    /** From now on execution enters a region here. */
    void leadTo(Region newRegion, Block newEntry) {
        region = newRegion;
        entry = newEntry;
        page.setMark(slot, this);
    }

    /** Nobody asks here until {@link #retiredUntilCycle}: a long time, and four times as long each time. */
    void retire(long nowCycle) {
        region = null;
        entry = null;
        retiredUntilCycle = nowCycle + (RETIREMENT_CYCLES << 2 * retirements);
        retirements = Math.min(retirements + 1, MOST_LOSSES);
        page.passMark(slot);
    }

    /** In cycles of any hart. */
    long retiredUntilCycle() {
        return retiredUntilCycle;
    }

    /** Its region is there no more. Each time it takes four times as many visits to be hot again. */
    void lose(int visits) {
        losses = Math.min(losses + 1, MOST_LOSSES);
        countAgain(visits << 2 * losses);
    }

    /** Counts from the beginning. */
    void countAgain(int visits) {
        region = null;
        entry = null;
        visitsLeft = visits;
        page.setMark(slot, this);
    }
}
