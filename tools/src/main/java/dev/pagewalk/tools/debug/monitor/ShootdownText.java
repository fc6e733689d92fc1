package dev.pagewalk.tools.debug.monitor;

import dev.pagewalk.kernel.shootdown.AnswerState;
import dev.pagewalk.kernel.shootdown.HartBits;
import dev.pagewalk.kernel.shootdown.Shootdown;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A shootdown under way, in a line. */
final class ShootdownText {
    private static final int MOST_PAGES = 4;

    private ShootdownText() {}

    static String describe(GuestView guest, Shootdown shootdown) {
        StringBuilder line = new StringBuilder("shootdown " + shootdown.number() + " of "
                + guest.ownersOf(shootdown.space()) + ", issued by hart " + shootdown.initiator() + " at cycle "
                + Text.number(shootdown.issuedCycle()) + ": " + extent(shootdown));
        if (shootdown.isParked()) {
            line.append("; parked, nobody waits for it");
        }
        if (shootdown.isInHardware()) {
            line.append("; the hardware carries it out");
        }
        line.append("; ").append(awaited(guest, shootdown));
        if (shootdown.heldFrames() > 0) {
            line.append("; ")
                    .append(Text.count(shootdown.heldFrames(), "frame"))
                    .append(" given back afterwards");
        }
        if (shootdown.waiters() != 0) {
            line.append("; ")
                    .append(Text.harts(shootdown.waiters()))
                    .append(" wait")
                    .append(Long.bitCount(shootdown.waiters()) == 1 ? "s" : "")
                    .append(" for its end");
        }
        return line.toString();
    }

    private static String extent(Shootdown shootdown) {
        if (shootdown.isRetirement()) {
            return "the address space ends";
        }
        if (shootdown.flushesSpace()) {
            return "the whole address space" + (shootdown.freesTables() ? ", as page tables go" : "");
        }
        long[] pages = shootdown.pages();
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < Math.min(pages.length, MOST_PAGES); i++) {
            shown.add(Text.hex(pages[i]));
        }
        return Text.count(pages.length, "page") + " (" + String.join(", ", shown)
                + (pages.length > MOST_PAGES ? ", ..." : "") + ")";
    }

    private static String awaited(GuestView guest, Shootdown shootdown) {
        if (shootdown.awaited() == 0) {
            return "all harts have answered";
        }
        Map<AnswerState, Long> harts = new EnumMap<>(AnswerState.class);
        for (long rest = shootdown.awaited(); rest != 0; rest = HartBits.withoutLowest(rest)) {
            int hartId = HartBits.lowest(rest);
            AnswerState state = guest.shootdowns().answerOf(shootdown, hartId);
            harts.merge(state, HartBits.of(hartId), (some, more) -> some | more);
        }
        List<String> parts = new ArrayList<>();
        harts.forEach((state, bits) -> parts.add(Text.harts(bits) + " (" + state.label() + ")"));
        return "awaits " + Text.and(parts);
    }
}
