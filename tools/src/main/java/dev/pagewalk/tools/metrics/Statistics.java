package dev.pagewalk.tools.metrics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.fault.FaultCounters;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.frame.NodeFigures;
import dev.pagewalk.kernel.process.MemoryUse;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.sanitizer.TlbSanitizer;
import dev.pagewalk.kernel.shootdown.ShootdownStatistics;
import dev.pagewalk.kernel.space.LockWaits;
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
    private final EngineKind engine;
    private final Kernel kernel;

    public Statistics(MachineAssembly assembly) {
        this.machine = assembly.machine();
        this.engine = assembly.engine();
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
        addProgress(root);
        root.put("memory_hash", MemoryHash.of(machine.bus().memory()));
        addCounters(root);
        root.set("processes", processes());
        addSanitizer(root);
        return root;
    }

    /** What is cheap to collect at any pause of a run, under the same names: no hash of RAM, and no list of processes. */
    public ObjectNode sample() {
        ObjectNode root = JSON.objectNode();
        addProgress(root);
        addCounters(root);
        addSanitizer(root);
        return root;
    }

    private void addProgress(ObjectNode root) {
        root.put("cycles", machine.longestCycle());
        root.put("instructions", machine.retiredInstructions());
    }

    private void addCounters(ObjectNode root) {
        root.set("harts", harts());
        root.set("tlb", totals());
        root.set("faults", faults());
        root.set("syscalls", systemCalls());
        root.set("shootdowns", shootdowns());
        root.set("lock", lock(kernel.lockWaits()));
        root.set("frames", frames());
        root.put("process_count", kernel.processCount());
    }

    private void addSanitizer(ObjectNode root) {
        TlbSanitizer sanitizer = kernel.sanitizer();
        root.putObject("sanitizer")
                .put("enabled", sanitizer != null)
                .put("violations", sanitizer == null ? 0 : sanitizer.violations());
    }

    /** Adds what differs from run to run. */
    public void addHost(ObjectNode root, long nanoseconds) {
        long instructions = root.get("instructions").longValue();
        long milliMips = nanoseconds == 0 ? 0 : Math.round(instructions * 1e6 / nanoseconds);
        ObjectNode host = root.putObject("host")
                .put("seconds", decimal(nanoseconds / 1_000_000))
                .put("mips", decimal(milliMips))
                .put("engine", engine.name().toLowerCase(Locale.ROOT));
        EngineStatistics.add(host.putObject("regions"), machine.engineReport(), instructions);
    }

    /** Thousandths as a decimal string: floating-point numbers are printed differently by different JDKs. */
    static String decimal(long thousandths) {
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
                .put("file", counters.file)
                .put("cow", counters.copyOnWrite)
                .put("cow_reuse", counters.copyOnWriteReuse)
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

    private ObjectNode shootdowns() {
        ShootdownStatistics statistics = kernel.shootdowns().statistics();
        ObjectNode node = JSON.objectNode()
                .put("policy", kernel.shootdownPolicy())
                .put("count", statistics.count)
                .put("ipis", statistics.ipis)
                .put("acks", statistics.acks)
                .put("range_flushes", statistics.rangeFlushes)
                .put("full_flushes", statistics.fullFlushes)
                .put("skipped", statistics.skipped)
                .put("asid_roll_overs", kernel.shootdowns().asidRollOvers());
        node.putObject("wait_cycles")
                .put("total", statistics.waitCycles())
                .put("p50", statistics.waitCyclesAt(50))
                .put("p99", statistics.waitCyclesAt(99))
                .put("max", statistics.longestWaitCycles());
        node.put(
                "stale_hits_in_window",
                kernel.sanitizer() == null
                        ? null
                        : Long.valueOf(kernel.sanitizer().staleHitsInWindow()));
        return node;
    }

    /** Of address spaces: for one process, or for all together. */
    private static ObjectNode lock(LockWaits waits) {
        return JSON.objectNode()
                .put("waits", waits.count())
                .put("wait_cycles", waits.cycles())
                .put("longest_wait_cycles", waits.longestCycles());
    }

    private ObjectNode frames() {
        FrameAllocator frames = kernel.frames();
        ObjectNode node = JSON.objectNode()
                .put("total", frames.totalFrames())
                .put("free_at_boot", kernel.freeFramesAtBoot())
                .put("free_at_exit", frames.freeFrames())
                .put("peak_user", frames.peak(FrameUse.USER))
                .put("peak_page_table", frames.peak(FrameUse.PAGE_TABLE))
                .put("peak_file", frames.peak(FrameUse.FILE))
                .put("peak_buffer", frames.peak(FrameUse.BUFFER));
        ArrayNode nodes = node.putArray("nodes");
        for (int i = 0; i < frames.nodeCount(); i++) {
            NodeFigures figures = frames.node(i);
            nodes.addObject()
                    .put("total", figures.totalFrames())
                    .put("free_at_exit", figures.freeFrames())
                    .put("local_allocations", figures.localAllocations())
                    .put("remote_allocations", figures.remoteAllocations());
        }
        return node;
    }

    /** Fewer than {@code process_count} where too many have ended for the kernel to remember. */
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
            node.put("user_pages_peak", process.peakUserPages());
            node.put("table_pages_peak", process.peakTablePages());
            node.put("regions_peak", process.peakRegions());
            node.set("lock", lock(process.lockWaits()));
            addMemory(node, process.memoryUse());
        }
        return processes;
    }

    /** What it had when it ended, or has now where the run was stopped before. */
    private static void addMemory(ObjectNode node, MemoryUse use) {
        node.put("resident_pages", use.residentPages());
        node.put("shared_pages", use.sharedPages());
        node.put("table_pages", use.tablePages());
        node.put("regions", use.regions());
        node.set("bytes", bytes(use));
    }

    private static ObjectNode bytes(MemoryUse use) {
        long total = 0;
        for (RegionKind kind : RegionKind.values()) {
            total += use.bytes(kind);
        }
        return JSON.objectNode()
                .put("total", total)
                .put("code", use.bytes(RegionKind.CODE))
                .put(
                        "data",
                        use.bytes(RegionKind.DATA) + use.bytes(RegionKind.RODATA) + use.bytes(RegionKind.ANONYMOUS))
                .put("stack", use.bytes(RegionKind.STACK))
                .put("heap", use.bytes(RegionKind.HEAP))
                .put("shared", use.bytes(RegionKind.SHARED))
                .put("file", use.bytes(RegionKind.FILE))
                .put("device", use.bytes(RegionKind.DEVICE))
                .put("vdso", use.bytes(RegionKind.VDSO));
    }
}
