package dev.pagewalk.emulator.engine.code;

import dev.pagewalk.emulator.engine.DropReason;

/** Whoever has made something of a page's code that must go when the code changes. */
public interface CodeUser {
    /** Whether any of its instructions reaches into these slots of a page. */
    boolean covers(CodePage page, int firstSlot, int lastSlot);

    /** The code is no more what it was; a page that says so has forgotten this user. */
    void drop(DropReason reason);
}
