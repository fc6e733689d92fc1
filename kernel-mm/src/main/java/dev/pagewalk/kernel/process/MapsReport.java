package dev.pagewalk.kernel.process;

import dev.pagewalk.kernel.error.Signal;
import dev.pagewalk.kernel.file.FileSystem;
import dev.pagewalk.kernel.file.Inode;
import dev.pagewalk.kernel.space.Advice;
import dev.pagewalk.kernel.space.DeviceBacking;
import dev.pagewalk.kernel.space.FileBacking;
import dev.pagewalk.kernel.space.Protection;
import dev.pagewalk.kernel.space.Region;
import dev.pagewalk.kernel.space.RegionKind;
import dev.pagewalk.kernel.space.RegionUse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a process has mapped, as data and as lines for people (S22, S49): those of /proc/PID/maps and what they take of RAM.
 * Making one takes no simulated time and changes nothing.
 *
 * @param program the path of the file that it runs
 * @param state how it ended, or that it has not
 * @param use the sums
 * @param entries its regions, in address order
 */
public record MapsReport(int pid, String program, String state, MemoryUse use, List<Entry> entries) {
    private static final int KIB_A_PAGE = 4;
    private static final String DELETED = "(deleted)";
    private static final String CAPTIONS = String.format(
            "  %-25s %-4s %10s %10s %10s %5s  what", "address", "perm", "KiB", "resident", "shared", "huge");

    /**
     * One region.
     *
     * @param source where its bytes come from: a file's path and the offset in it, a device's address, or nothing
     */
    public record Entry(RegionUse use, String source) {
        /** The rights as /proc/PID/maps has them: {@code rw-p}. */
        public String rights() {
            Region region = use.region();
            int protection = region.protection();
            return ((protection & Protection.READ) != 0 ? "r" : "-")
                    + ((protection & Protection.WRITE) != 0 ? "w" : "-")
                    + ((protection & Protection.EXEC) != 0 ? "x" : "-")
                    + (region.isShared() ? "s" : "p");
        }
    }

    /** What a process has mapped now. */
    public static MapsReport of(Process process, FileSystem files) {
        return of(process, process.hasEnded() ? describe(process.waitStatus()) : "still running", files);
    }

    /**
     * What a process has mapped that is about to end.
     *
     * @param status as {@link WaitStatus} has it
     */
    public static MapsReport atEnd(Process process, int status, FileSystem files) {
        return of(process, describe(status), files);
    }

    private static MapsReport of(Process process, String state, FileSystem files) {
        Map<Long, String> paths = files.pathsByInode();
        List<RegionUse> regions = process.space().survey();
        List<Entry> entries = new ArrayList<>();
        for (RegionUse region : regions) {
            entries.add(new Entry(region, source(region.region(), paths)));
        }
        Inode executable = process.executable();
        return new MapsReport(
                process.pid(),
                executable == null ? DELETED : path(executable, paths),
                state,
                MemoryUse.of(regions, process.space().pageTable().tablePages()),
                List.copyOf(entries));
    }

    /** How a process ended, for people. */
    private static String describe(int status) {
        return WaitStatus.isKilled(status)
                ? "killed by " + Signal.nameOf(WaitStatus.detail(status))
                : "exited with " + WaitStatus.detail(status);
    }

    private static String source(Region region, Map<Long, String> paths) {
        if (region.backing() instanceof DeviceBacking device) {
            return "at 0x" + Long.toHexString(device.physicalAddress());
        }
        boolean hasFile = region.kind() != RegionKind.SHARED && region.kind() != RegionKind.VDSO;
        return hasFile && region.backing() instanceof FileBacking file
                ? path(file.inode(), paths) + "+0x" + Long.toHexString(file.offset())
                : "";
    }

    /** A guest chooses its files' names: what would end the line, or speak to the terminal, is escaped in octal. */
    private static String path(Inode inode, Map<Long, String> paths) {
        String path = paths.get(inode.number());
        if (path == null) {
            return DELETED;
        }
        StringBuilder shown = new StringBuilder();
        String text = new String(path.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        text.codePoints().forEach(character -> {
            if (Character.isISOControl(character)) {
                shown.append(String.format(Locale.ROOT, "\\%03o", character));
            } else {
                shown.appendCodePoint(character);
            }
        });
        return shown.toString();
    }

    /** A line about the process, one of captions, and one for each region. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "process %d, %s, %s: %d regions, %d KiB resident, %d KiB of it shared, %d page tables",
                pid,
                program,
                state,
                use.regions(),
                use.residentPages() * KIB_A_PAGE,
                use.sharedPages() * KIB_A_PAGE,
                use.tablePages()));
        lines.add(CAPTIONS);
        entries.forEach(entry -> lines.add(line(entry)));
        return lines;
    }

    private static String line(Entry entry) {
        RegionUse use = entry.use();
        Region region = use.region();
        String source = entry.source().isEmpty() ? "" : " " + entry.source();
        return String.format(
                Locale.ROOT,
                "  %012x-%012x %s %10d %10d %10d %5d  %s%s%s",
                region.start(),
                region.end(),
                entry.rights(),
                region.lengthBytes() / 1024,
                use.residentPages() * KIB_A_PAGE,
                use.sharedPages() * KIB_A_PAGE,
                use.hugePages(),
                words(region.kind()),
                source,
                advice(region));
    }

    private static String words(RegionKind kind) {
        return switch (kind) {
            case CODE -> "code";
            case RODATA -> "read-only data";
            case DATA -> "data";
            case HEAP -> "heap";
            case STACK -> "stack";
            case ANONYMOUS -> "anonymous";
            case SHARED -> "shared memory";
            case FILE -> "file";
            case DEVICE -> "device";
            case VDSO -> "[vdso]";
        };
    }

    private static String advice(Region region) {
        List<String> words = new ArrayList<>();
        if (region.has(Advice.LOCKED)) {
            words.add(region.has(Advice.LOCKED_ON_FAULT) ? "locked on fault" : "locked");
        }
        if (region.has(Advice.HUGE)) {
            words.add("huge pages wanted");
        }
        if (region.has(Advice.NO_HUGE)) {
            words.add("no huge pages");
        }
        if (region.has(Advice.DONT_FORK)) {
            words.add("not for children");
        }
        return words.isEmpty() ? "" : " (" + String.join(", ", words) + ")";
    }
}
