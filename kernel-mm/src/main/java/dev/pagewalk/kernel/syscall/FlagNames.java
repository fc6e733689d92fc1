package dev.pagewalk.kernel.syscall;

import java.util.ArrayList;
import java.util.List;

/** The names of the bits of a value in a trace, what is left over in hexadecimal. */
final class FlagNames {
    private final List<String> names = new ArrayList<>();
    private long rest;

    FlagNames(long value) {
        rest = value;
    }

    void add(long flag, String name) {
        if ((rest & flag) != 0) {
            names.add(name);
            rest &= ~flag;
        }
    }

    String joined(String none) {
        if (rest != 0) {
            names.add("0x" + Long.toHexString(rest));
        }
        return names.isEmpty() ? none : String.join("|", names);
    }
}
