package dev.pagewalk.tools.debug.monitor;

import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.emulator.engine.EngineReport;
import dev.pagewalk.emulator.engine.RegionReport;
import dev.pagewalk.kernel.pagetable.PageEntry;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.tools.engine.RegionText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** {@code regions [VA] [PID]}: which guest code the engine has translated. */
final class RegionsCommand implements MonitorCommand {
    private final EngineKind engine;
    private final Supplier<EngineReport> reports;

    /** @param engine that the user asked for */
    RegionsCommand(EngineKind engine, Supplier<EngineReport> reports) {
        this.engine = engine;
        this.reports = reports;
    }

    @Override
    public String name() {
        return "regions";
    }

    @Override
    public String arguments() {
        return "[VA] [PID]";
    }

    @Override
    public String summary() {
        return "which guest code is translated, what it executed and why it was left; with VA that of its page";
    }

    @Override
    public List<String> details() {
        return List.of(
                "A region is a loop or a function, on up to four pages, that the engine has translated to the host's code. It is",
                "those pages' in RAM: processes that share them share it. What no region holds is interpreted, and nothing",
                "but the host's time depends on that. A region is left for",
                "  deadline     the end of its hart's slice is near: the interpreter finds it, to the instruction",
                "  trap         an instruction trapped: a system call, a page fault",
                "  jump         a jump or branch to other code; indirect: by a register",
                "  changed      a store to its own code, one that ended the slice, an access beside a watched address",
                "Regions with a breakpoint in them are dropped, and their code is interpreted as long as it is there.",
                "--engine-log FILE tells of regions as they come and go.");
    }

    @Override
    public List<String> execute(Request request) throws MonitorException {
        EngineReport report = reports.get();
        List<String> lines = new ArrayList<>();
        if (engine == EngineKind.INTERPRETER) {
            lines.add(
                    "The engine is the interpreter, which translates nothing: boot with --engine auto or translator.");
        } else if (request.has(0)) {
            addPage(request, report, lines);
        } else {
            long instructions = instructions(request);
            lines.addAll(RegionText.summary(report, instructions));
            if (!report.regions().isEmpty()) {
                lines.addAll(RegionText.table(report.regions(), instructions, "  "));
            }
        }
        return lines;
    }

    private static void addPage(Request request, EngineReport report, List<String> lines) throws MonitorException {
        long address = request.userAddress(0);
        Process process = request.process(1);
        PageEntry entry = process.space().entryOf(address);
        String page = "the page of " + Text.hex(address) + " in process " + process.pid();
        if (!entry.isPresent()) {
            lines.add("There are no regions in " + page + ": it is not in RAM.");
            return;
        }
        long frame = entry.physicalAddress(address & PagingMode.PAGE_MASK);
        List<RegionReport> regions = report.regions().stream()
                .filter(region -> (region.physicalAddress() & PagingMode.PAGE_MASK) == frame)
                .toList();
        if (regions.isEmpty()) {
            lines.add("There are no regions in " + page + ", frame " + Text.hex(frame) + ": its code is interpreted.");
            return;
        }
        lines.add(Text.count(regions.size(), "region") + " in " + page + ", frame " + Text.hex(frame) + ":");
        lines.addAll(RegionText.table(regions, instructions(request), "  "));
    }

    private static long instructions(Request request) {
        return request.guest().machine().retiredInstructions();
    }
}
