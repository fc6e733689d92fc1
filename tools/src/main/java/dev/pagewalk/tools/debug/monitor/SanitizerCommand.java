package dev.pagewalk.tools.debug.monitor;

import dev.pagewalk.kernel.sanitizer.TlbSanitizer;
import java.util.ArrayList;
import java.util.List;

/** {@code sanitizer}: what the TLB coherence sanitizer has found. */
final class SanitizerCommand implements MonitorCommand {
    @Override
    public String name() {
        return "sanitizer";
    }

    @Override
    public String arguments() {
        return "";
    }

    @Override
    public String summary() {
        return "what the TLB coherence sanitizer has found";
    }

    @Override
    public List<String> details() {
        return List.of(
                "It watches whether a hart uses a translation that the kernel has taken away, or could reach a frame",
                "that is given back. A violation is a mistake of the kernel, never of the guest. It is on with",
                "--sanitize, and in 'pagewalk test'.");
    }

    @Override
    public List<String> execute(Request request) {
        TlbSanitizer sanitizer = request.guest().kernel().sanitizer();
        List<String> lines = new ArrayList<>();
        if (sanitizer == null) {
            lines.add("The sanitizer is off: boot with --sanitize to have it watch.");
            return lines;
        }
        lines.add("The sanitizer is on: " + Text.count(sanitizer.violations(), "violation") + ".");
        lines.add(Text.count(sanitizer.staleHitsInWindow(), "use")
                + " of stale translations before their shootdowns were over, which policies allow.");
        sanitizer.reports().forEach(report -> lines.add("  " + report));
        return lines;
    }
}
