package dev.pagewalk.tools.debug.monitor;

import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.shootdown.HartBits;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Spellings that the commands share. */
final class Text {
    private static final int MOST_SHOWN = 40;
    private static final long KIB = 1024;

    private Text() {}

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    /** With a comma between thousands. */
    static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** {@code 1 page}, {@code 2 pages}. */
    static String count(long value, String noun) {
        return number(value) + " " + noun + (value == 1 ? "" : "s");
    }

    /** {@code 4 KiB}, {@code 2 MiB}, {@code 1 GiB}. */
    static String size(long bytes) {
        long size = bytes;
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        int unit = 0;
        while (unit + 1 < units.length && size >= KIB && size % KIB == 0) {
            size /= KIB;
            unit++;
        }
        return size + " " + units[unit];
    }

    /** What the user typed, fit for a message. */
    static String shown(String typed) {
        String plain = typed.replaceAll("\\p{Cntrl}", "?");
        return plain.length() <= MOST_SHOWN ? plain : plain.substring(0, MOST_SHOWN) + "...";
    }

    /** {@code hart 1}, {@code harts 1, 2 and 3}, {@code no hart}. */
    static String harts(long bits) {
        List<String> ids = new ArrayList<>();
        for (long rest = bits; rest != 0; rest = HartBits.withoutLowest(rest)) {
            ids.add(Integer.toString(HartBits.lowest(rest)));
        }
        return ids.isEmpty() ? "no hart" : (ids.size() == 1 ? "hart " : "harts ") + and(ids);
    }

    /** {@code a}, {@code a and b}, {@code a, b and c}. */
    static String and(List<String> parts) {
        int last = parts.size() - 1;
        return last <= 0
                ? String.join("", parts)
                : String.join(", ", parts.subList(0, last)) + " and " + parts.get(last);
    }

    /** A part per whole in per cent, with one decimal. */
    static String perCent(long part, long whole) {
        return whole == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
    }

    /** What frames of a use hold: completes "of". */
    static String use(FrameUse use) {
        return switch (use) {
            case USER -> "user memory";
            case PAGE_TABLE -> "page tables";
            case FILE -> "the page cache";
            case BUFFER -> "pipes";
        };
    }
}
