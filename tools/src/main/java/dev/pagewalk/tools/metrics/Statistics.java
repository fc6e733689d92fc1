package dev.pagewalk.tools.metrics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.fault.FaultCounters;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.space.Region;
import dev.pagewalk.kernel.space.RegionKind;
import dev.pagewalk.mmu.MmuCounters;
import dev.pagewalk.tools.MachineAssembly;
import java.util.Locale;

/**
 * The statistics of a run as one JSON object, in the order and under the names that scripts rely on. Integers,
 * strings and null only; everything but {@code host} is the same in every run.
 */
public final class Statistics {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Machine machine;
    private final Kernel kernel;

    public Statistics(MachineAssembly assembly) {
        this.machine = assembly.machine();
        this.kernel = assembly.kernel();
    }

    /**
     * Collects everything but {@code host}.
     *
     * @param image its name as the user gave it
     * @param exitStatus of the run
     */
    public ObjectNode collect(String image, int exitStatus) {
        ObjectNode root = JSON.objectNode();
        root.put("image", image);
        root.put("exit", exitStatus);
        root.put("cycles", machine.longestCycle());
        root.put(
                "instructions",
                machine.harts().stream().mapToLong(hart -> hart.retired).sum());
        root.put("memory_hash", MemoryHash.of(machine.bus().memory()));
        root.set("harts", harts());
        root.set("tlb", totals());
        root.set("faults", faults());
        root.set("syscalls", systemCalls());
        root.set("shootdowns", shootdowns());
        root.set("frames", frames());
        root.set("processes", processes());
        root.putObject("sanitizer").put("enabled", false).put("violations", 0);
        return root;
    }

    /** Adds what differs from run to run. */
    public void addHost(ObjectNode root, long nanoseconds) {
        long instructions = root.get("instructions").longValue();
        long milliMips = nanoseconds == 0 ? 0 : Math.round(instructions * 1e6 / nanoseconds);
        root.putObject("host")
                .put("seconds", decimal(nanoseconds / 1_000_000))
                .put("mips", decimal(milliMips))
                .put("engine", "interpreter");
    }

    /** Thousandths as a decimal string: floating-point numbers are printed differently by different JDKs. */
    private static String decimal(long thousandths) {
        return thousandths / 1000 + "." + String.format(Locale.ROOT, "%03d", thousandths % 1000);
    }

    private ArrayNode harts() {
        ArrayNode harts = JSON.arrayNode();
        long now = machine.longestCycle();
        for (Hart hart : machine.harts()) {
            ObjectNode node = harts.addObject();
            node.put("id", hart.id());
            // The clock of an idle hart stands still.
            node.put("cycles", hart.phase() == HartPhase.IDLE ? now : hart.cycle);
            node.put("idle_cycles", hart.idleCycles(now));
            node.put("instructions", hart.retired);
            addTranslations(node, hart.mmu().counters());
        }
        return harts;
    }

    private ObjectNode totals() {
        MmuCounters sum = machine.harts().stream()
                .map(hart -> hart.mmu().counters())
                .reduce(MmuCounters::plus)
                .orElseThrow();
        return addTranslations(JSON.objectNode(), sum);
    }

    private static ObjectNode addTranslations(ObjectNode node, MmuCounters counters) {
        addTlb(node, "itlb", counters.instructionAccesses(), counters.instructionMisses());
        addTlb(node, "dtlb", counters.dataAccesses(), counters.dataMisses());
        addTlb(node, "l2tlb", counters.l2Accesses(), counters.l2Misses());
        node.put("walks", counters.walks());
        node.put("walk_reads", counters.walkReads());
        return node;
    }

    private static void addTlb(ObjectNode node, String name, long accesses, long misses) {
        node.putObject(name).put("accesses", accesses).put("misses", misses);
    }

    private ObjectNode faults() {
        FaultCounters counters = kernel.faultCounters();
        return JSON.objectNode()
                .put("demand_zero", counters.demandZero)
                .put("file", 0)
                .put("cow", 0)
                .put("cow_reuse", 0)
                .put("stack", counters.stack)
                .put("protection", counters.protection)
                .put("spurious", counters.spurious)
                .put("killed", counters.killed);
    }

    private ObjectNode systemCalls() {
        ObjectNode node = JSON.objectNode();
        kernel.systemCallCounts().forEach(node::put);
        return node;
    }

    /** One hart runs guests as yet, so nobody has to be told of anything. */
    private static ObjectNode shootdowns() {
        ObjectNode node = JSON.objectNode();
        for (String name : new String[] {"count", "ipis", "acks", "range_flushes", "full_flushes", "skipped"}) {
            node.put(name, 0);
        }
        node.putObject("wait_cycles")
                .put("total", 0)
                .put("p50", 0)
                .put("p99", 0)
                .put("max", 0);
        node.putNull("stale_hits_in_window");
        return node;
    }

    private ObjectNode frames() {
        FrameAllocator frames = kernel.frames();
        return JSON.objectNode()
                .put("total", frames.totalFrames())
                .put("free_at_boot", kernel.freeFramesAtBoot())
                .put("free_at_exit", frames.freeFrames())
                .put("peak_user", frames.peak(FrameUse.USER))
                .put("peak_page_table", frames.peak(FrameUse.PAGE_TABLE));
    }

    private ArrayNode processes() {
        ArrayNode processes = JSON.arrayNode();
        for (Process process : kernel.processes()) {
            ObjectNode node = processes.addObject();
            node.put("pid", process.pid());
            if (process.hasEnded()) {
                node.put("exit", process.exitStatus());
            } else {
                // The run was stopped before its guest had ended.
                node.putNull("exit");
            }
            node.put("user_pages_peak", process.space().peakUserPages());
            node.put("table_pages_peak", process.space().pageTable().peakTablePages());
            node.put("regions_peak", process.space().regions().peakSize());
            node.set("bytes", bytes(process));
        }
        return processes;
    }

    /** When it ended, or now where the run was stopped before. */
    private static long bytes(Process process, RegionKind kind) {
        if (process.hasEnded()) {
            return process.bytesAtExit(kind);
        }
        return process.space().regions().all().stream()
                .filter(region -> region.kind() == kind)
                .mapToLong(Region::lengthBytes)
                .sum();
    }

    private static ObjectNode bytes(Process process) {
        long code = bytes(process, RegionKind.CODE);
        long stack = bytes(process, RegionKind.STACK);
        long heap = bytes(process, RegionKind.HEAP);
        long data = bytes(process, RegionKind.DATA)
                + bytes(process, RegionKind.RODATA)
                + bytes(process, RegionKind.ANONYMOUS)
                + bytes(process, RegionKind.SHARED);
        return JSON.objectNode()
                .put("total", code + data + stack + heap)
                .put("code", code)
                .put("data", data)
                .put("stack", stack)
                .put("heap", heap);
    }
}
