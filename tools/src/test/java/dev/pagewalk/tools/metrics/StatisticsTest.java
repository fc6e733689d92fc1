package dev.pagewalk.tools.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pagewalk.emulator.engine.DropReason;
import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.emulator.engine.EngineReport;
import dev.pagewalk.emulator.engine.ExitReason;
import dev.pagewalk.emulator.engine.RegionReport;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.tools.testing.TestGuest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The statistics have exactly the form that scripts rely on, and agree with themselves. */
class StatisticsTest {
    private static final List<String> TLB_KEYS = List.of("itlb", "dtlb", "l2tlb", "walks", "walk_reads");

    /** Shares three pages, of which it touches two, with a child that does nothing. */
    private static final String FAMILY = """
                    .globl _start
            _start: li   a0, 0
                    li   a1, 3 * 4096
                    li   a2, 3
                    li   a3, 0x21
                    li   a4, -1
                    li   a5, 0
                    li   a7, 222
                    ecall
                    sd   a0, -8(sp)
                    sd   a0, (a0)
                    li   t0, 4096
                    add  a0, a0, t0
                    sd   a0, (a0)
                    li   a0, 17
                    li   a1, 0
                    li   a7, 220
                    ecall
                    beqz a0, child
                    li   a1, 0
                    li   a2, 0
                    li   a3, 0
                    li   a7, 260
                    ecall
            child:  li   a0, 0
                    li   a7, 94
                    ecall
            """;

    /** Has so many children, one after the other. */
    private static final String FORKS = """
                    .globl _start
            _start: li   s0, %d
            1:      li   a0, 17
                    li   a1, 0
                    li   a7, 220
                    ecall
                    beqz a0, 2f
                    li   a1, 0
                    li   a2, 0
                    li   a3, 0
                    li   a7, 260
                    ecall
                    addi s0, s0, -1
                    bnez s0, 1b
            2:      li   a0, 0
                    li   a7, 94
                    ecall
            """;

    /** What was measured once; several tests look at it. */
    private static final Map<String, ObjectNode> RUNS = new HashMap<>();

    static List<String> guests() {
        return ImageCatalog.names();
    }

    @Test
    void theKeysAreThoseOfTheInterfaceInItsOrder() {
        JsonNode root = statistics("hello", TimingProfiles.DEFAULT_NAME);

        assertThat(keys(root))
                .containsExactly(
                        "image",
                        "exit",
                        "cycles",
                        "instructions",
                        "memory_hash",
                        "harts",
                        "tlb",
                        "faults",
                        "syscalls",
                        "shootdowns",
                        "lock",
                        "frames",
                        "process_count",
                        "processes",
                        "sanitizer");
        List<String> hartKeys = new ArrayList<>(List.of("id", "cycles", "idle_cycles", "instructions"));
        hartKeys.addAll(TLB_KEYS);
        for (JsonNode hart : root.get("harts")) {
            assertThat(keys(hart)).isEqualTo(hartKeys);
            assertThat(keys(hart.get("itlb"))).containsExactly("accesses", "misses");
        }
        assertThat(keys(root.get("tlb"))).isEqualTo(TLB_KEYS);
        for (String tlb : List.of("itlb", "dtlb", "l2tlb")) {
            assertThat(keys(root.get("tlb").get(tlb))).containsExactly("accesses", "misses");
        }
        assertThat(keys(root.get("faults")))
                .containsExactly(
                        "demand_zero", "file", "cow", "cow_reuse", "stack", "protection", "spurious", "killed");
        assertThat(keys(root.get("syscalls"))).containsExactly("exit", "write");
        assertThat(keys(root.get("shootdowns")))
                .containsExactly(
                        "policy",
                        "count",
                        "ipis",
                        "acks",
                        "range_flushes",
                        "full_flushes",
                        "skipped",
                        "asid_roll_overs",
                        "wait_cycles",
                        "stale_hits_in_window");
        assertThat(keys(root.at("/shootdowns/wait_cycles"))).containsExactly("total", "p50", "p99", "max");
        assertThat(root.at("/shootdowns/stale_hits_in_window").isNull()).isTrue();
        assertThat(keys(root.get("lock"))).containsExactly("waits", "wait_cycles", "longest_wait_cycles");
        assertThat(keys(root.get("frames")))
                .containsExactly(
                        "total",
                        "free_at_boot",
                        "free_at_exit",
                        "peak_user",
                        "peak_page_table",
                        "peak_file",
                        "peak_buffer",
                        "nodes");
        assertThat(root.at("/frames/nodes")).hasSize(1);
        assertThat(keys(root.at("/frames/nodes/0")))
                .containsExactly("total", "free_at_exit", "local_allocations", "remote_allocations");
        assertThat(root.get("processes")).hasSize(1);
        assertThat(keys(root.at("/processes/0")))
                .containsExactly(
                        "pid",
                        "exit",
                        "user_pages_peak",
                        "table_pages_peak",
                        "regions_peak",
                        "lock",
                        "resident_pages",
                        "shared_pages",
                        "table_pages",
                        "regions",
                        "bytes");
        assertThat(keys(root.at("/processes/0/bytes")))
                .containsExactly("total", "code", "data", "stack", "heap", "shared", "file", "device", "vdso");
        assertThat(keys(root.get("sanitizer"))).containsExactly("enabled", "violations");
        assertThat(root.get("memory_hash").asText()).matches("[0-9a-f]{64}");
    }

    /** Floating-point numbers are printed differently by different JDKs. */
    @ParameterizedTest
    @MethodSource("guests")
    void thereAreNoFloatingPointNumbers(String name) {
        ObjectNode root = statistics(name, TimingProfiles.DEFAULT_NAME);
        new Statistics(TestGuest.booted(name, TestGuest.config()).assembly()).addHost(root, 1_234_567_891L);

        assertThat(leaves(root))
                .allSatisfy(leaf -> assertThat(
                                leaf.isIntegralNumber() || leaf.isTextual() || leaf.isBoolean() || leaf.isNull())
                        .as(leaf.toString())
                        .isTrue());
        assertThat(keys(root.get("host"))).containsExactly("seconds", "mips", "engine", "regions");
        assertThat(root.at("/host/seconds").asText()).isEqualTo("1.234");
        assertThat(root.at("/host/engine").asText()).isEqualTo("interpreter");
    }

    private static JsonNode regions(EngineReport report) {
        ObjectNode regions = JsonNodeFactory.instance.objectNode();
        EngineStatistics.add(regions, report, 1_000_000);
        return regions;
    }

    private static EngineReport translated(long instructions) {
        RegionReport region = new RegionReport(7, 0x10000, 0x8000_0000L, 1, 2, 30, 400, 5, instructions, Map.of());
        return new EngineReport(
                EngineKind.AUTO,
                8,
                3,
                instructions,
                400,
                Map.of(DropReason.STORE, 7L),
                Map.of(ExitReason.TRAP, 1L, ExitReason.DEADLINE, 12_345L),
                List.of(region));
    }

    @Test
    void allReasonsOfTheEngineHaveTheirNamesInTheStatistics() {
        JsonNode regions = regions(translated(987_654));

        assertThat(keys(regions))
                .containsExactly(
                        "translated", "live", "refused", "instructions", "share", "bytecode_bytes", "dropped", "exits");
        assertThat(keys(regions.get("dropped")))
                .containsExactly("store", "frame", "breakpoint", "grown", "short", "limit", "restored");
        assertThat(keys(regions.get("exits"))).containsExactly("deadline", "trap", "jump", "indirect", "changed");
        assertThat(regions.get("translated").intValue()).isEqualTo(8);
        assertThat(regions.get("live").intValue()).isOne();
        assertThat(regions.get("instructions").longValue()).isEqualTo(987_654);
        assertThat(regions.get("share").asText()).isEqualTo("0.988");
        assertThat(regions.at("/dropped/store").longValue()).isEqualTo(7);
        assertThat(regions.at("/exits/deadline").longValue()).isEqualTo(12_345);
        assertThat(regions.at("/exits/jump").longValue()).isZero();
    }

    @Test
    void whatIsExecutedAgainIsNoMoreThanTheWhole() {
        assertThat(regions(translated(3_000_000)).get("share").asText()).isEqualTo("1.000");
    }

    @Test
    void peopleAreToldWhatWasTranslated() {
        ObjectNode root = statistics("hello", TimingProfiles.DEFAULT_NAME);
        ObjectNode host =
                root.putObject("host").put("seconds", "1.0").put("mips", "2.0").put("engine", "auto");
        host.set("regions", regions(translated(987_654)));
        assertThat(StatisticsText.lines(root))
                .contains("translated     98.8 % of the instructions, in 8 regions; refused 3; dropped: store 7;"
                        + " there are 1 in 400 bytes of bytecode")
                .contains("regions left   deadline 12,345, trap 1");

        host.set("regions", regions(EngineReport.ofInterpreter()));
        assertThat(StatisticsText.lines(root))
                .contains("translated     nothing")
                .noneMatch(line -> line.startsWith("regions left"));

        host.put("engine", "interpreter");
        assertThat(StatisticsText.lines(root)).noneMatch(line -> line.startsWith("translated"));
    }

    @ParameterizedTest
    @MethodSource("guests")
    void theTotalsAreTheSumsOfTheHarts(String name) {
        for (TimingProfile profile : TimingProfiles.list()) {
            JsonNode root = statistics(name, profile.name());

            for (String path : List.of(
                    "/itlb/accesses",
                    "/itlb/misses",
                    "/dtlb/accesses",
                    "/dtlb/misses",
                    "/l2tlb/accesses",
                    "/l2tlb/misses",
                    "/walks",
                    "/walk_reads")) {
                assertThat(sumOfHarts(root, path))
                        .as("%s %s", profile.name(), path)
                        .isEqualTo(root.at("/tlb" + path).longValue());
            }
            assertThat(sumOfHarts(root, "/instructions"))
                    .isEqualTo(root.get("instructions").longValue());
            for (JsonNode hart : root.get("harts")) {
                long cycles = hart.get("cycles").longValue();
                long idle = hart.get("idle_cycles").longValue();
                assertThat(cycles)
                        .as("a hart that works when the power goes is not as far as the one that ends it")
                        .isLessThanOrEqualTo(root.get("cycles").longValue());
                assertThat(idle).isBetween(0L, cycles);
                assertThat(hart.get("instructions").longValue())
                        .as("each takes a cycle at least, and an idle hart executes none")
                        .isLessThanOrEqualTo(cycles - idle);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("guests")
    void aMissAtOneLevelIsAnAccessToTheNext(String name) {
        for (TimingProfile profile : TimingProfiles.list()) {
            JsonNode tlb = statistics(name, profile.name()).get("tlb");
            long firstLevelMisses =
                    tlb.at("/itlb/misses").longValue() + tlb.at("/dtlb/misses").longValue();
            long secondLevelAccesses = tlb.at("/l2tlb/accesses").longValue();
            boolean hasSecondLevel = secondLevelAccesses > 0;

            if (hasSecondLevel) {
                assertThat(secondLevelAccesses).as(profile.name()).isEqualTo(firstLevelMisses);
            }
            // Setting a PTE's D bit takes a walk although the TLB has the page.
            assertThat(tlb.get("walks").longValue())
                    .as(profile.name())
                    .isGreaterThanOrEqualTo(
                            hasSecondLevel ? tlb.at("/l2tlb/misses").longValue() : firstLevelMisses);
            assertThat(tlb.get("walk_reads").longValue())
                    .isGreaterThanOrEqualTo(tlb.get("walks").longValue());
        }
    }

    /**
     * Each instruction is fetched once where it retires and once for each time it traps; in these guests, no page is brought by
     * a system call.
     */
    @ParameterizedTest
    @ValueSource(strings = {"args", "brk", "mmap", "stack-growth", "sieve"})
    void instructionFetchesAreInstructionsAndTraps(String name) {
        // A profile whose hardware sets A and D: no traps for them.
        JsonNode root = statistics(name, "skylake");
        long traps = sum(root.get("syscalls")) + sum(root.get("faults"));

        assertThat(root.at("/tlb/itlb/accesses").longValue())
                .isEqualTo(root.get("instructions").longValue() + traps);
    }

    @ParameterizedTest
    @MethodSource("guests")
    void theProcessEndsAsTheRunDoesAndItsSizesAddUp(String name) {
        JsonNode root = statistics(name, TimingProfiles.DEFAULT_NAME);
        JsonNode process = root.at("/processes/0");

        assertThat(process.get("pid").intValue()).isEqualTo(1);
        assertThat(process.get("exit")).isEqualTo(root.get("exit"));
        assertThat(root.at("/frames/free_at_exit")).isEqualTo(root.at("/frames/free_at_boot"));
        assertThat(root.at("/frames/peak_page_table").longValue())
                .as("the kernel's tables come on top")
                .isGreaterThan(process.get("table_pages_peak").longValue());
        assertThat(root.at("/frames/total").longValue()).isEqualTo((64 << 20) / 4096);
        assertThat(root.get("process_count").intValue())
                .isEqualTo(root.get("processes").size());
        assertThat(root.at("/frames/peak_file").longValue()).isPositive();
        assertThat(root.at("/frames/peak_buffer").longValue()).isNotNegative();
        for (JsonNode each : root.get("processes")) {
            assertThat(sum(each.get("bytes")))
                    .isEqualTo(2 * each.at("/bytes/total").longValue());
            assertAtMost(each, "resident_pages", "user_pages_peak");
            assertAtMost(each, "shared_pages", "resident_pages");
            assertAtMost(each, "table_pages", "table_pages_peak");
            assertAtMost(each, "regions", "regions_peak");
            assertThat(each.get("resident_pages").longValue())
                    .isLessThanOrEqualTo(each.at("/bytes/total").longValue() / 4096);
        }
        if (root.get("process_count").intValue() == 1) {
            assertThat(root.at("/faults/killed").intValue())
                    .isEqualTo(root.get("exit").intValue() > 128 ? 1 : 0);
        }
    }

    private static void assertAtMost(JsonNode process, String part, String limit) {
        assertThat(process.get(part).longValue())
                .as("%s of process %s", part, process.get("pid"))
                .isLessThanOrEqualTo(process.get(limit).longValue());
    }

    /** Its regions by kind, and how many of its frames its parent or the page cache has too. */
    @Test
    @Tag("S22")
    void aProcessTellsWhatItHadWhenItEnded() {
        TestGuest guest = TestGuest.assembled(FAMILY, TestGuest.config());
        guest.finish();

        ObjectNode root = new Statistics(guest.assembly()).collect("family", 0);

        JsonNode parent = root.at("/processes/0");
        JsonNode child = root.at("/processes/1");
        assertThat(parent.at("/bytes/shared").longValue()).isEqualTo(3 * 4096);
        assertThat(parent.at("/bytes/vdso").longValue()).isEqualTo(4096);
        assertThat(parent.at("/bytes/code").longValue()).isEqualTo(4096);
        assertThat(parent.at("/bytes/device").longValue()).isZero();
        assertThat(parent.at("/bytes/file").longValue()).isZero();
        assertThat(child.get("bytes")).isEqualTo(parent.get("bytes"));
        // Code, two shared pages and, in the child, the stack that nobody has written since the fork.
        assertThat(parent.get("shared_pages").longValue()).isEqualTo(3);
        assertThat(parent.get("resident_pages").longValue()).isEqualTo(4);
        assertThat(child.get("shared_pages").longValue()).isEqualTo(4);
        assertThat(child.get("resident_pages").longValue()).isEqualTo(4);
        assertThat(child.get("table_pages").longValue()).isEqualTo(10);
        assertThat(StatisticsText.lines(root))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("process 2")
                        .endsWith("; at its end 4 pages resident, 4 of them shared"));
    }

    /** The first process is always among those of which there is more to tell. */
    @Test
    void ofTooManyProcessesOnlyTheNumberIsKnown() {
        TestGuest guest = TestGuest.assembled(FORKS.formatted(4_200), TestGuest.config(PagingMode.SV39, "ideal"));
        guest.finish();

        ObjectNode root = new Statistics(guest.assembly()).collect("forks", 0);

        assertThat(root.get("process_count").longValue()).isEqualTo(4_201);
        assertThat(root.get("processes")).hasSizeBetween(4_000, 4_200);
        assertThat(root.at("/processes/0/pid").intValue()).isEqualTo(1);
        List<String> lines = StatisticsText.lines(root);
        assertThat(lines).filteredOn(line -> line.startsWith("process ")).hasSize(20);
        assertThat(lines).contains("processes      4,181 more");
    }

    @ParameterizedTest
    @MethodSource("guests")
    void oneNodeIsAllOfRam(String name) {
        JsonNode frames = statistics(name, TimingProfiles.DEFAULT_NAME).get("frames");
        JsonNode node = frames.at("/nodes/0");

        assertThat(node.get("total")).isEqualTo(frames.get("total"));
        assertThat(node.get("free_at_exit")).isEqualTo(frames.get("free_at_exit"));
        assertThat(node.get("local_allocations").longValue())
                .isGreaterThanOrEqualTo(frames.get("peak_user").longValue());
        assertThat(node.get("remote_allocations").longValue()).isZero();
    }

    @Test
    void aHartBorrowsOfOtherNodesWhatItsOwnDoesNotHave() {
        // 1 MiB a node: the six MiB of stack reach into the seventh.
        TestGuest guest = TestGuest.booted(
                "stack-growth", TestGuest.config(), KernelConfig.quiet().withNumaNodes(64));
        guest.finish();

        ObjectNode root = new Statistics(guest.assembly()).collect("stack-growth", 0);

        JsonNode nodes = root.at("/frames/nodes");
        assertThat(nodes).hasSize(64);
        long given = 0;
        for (int i = 0; i < 64; i++) {
            assertThat(nodes.get(i).get("total").longValue()).isEqualTo(256);
            assertThat(nodes.get(i).get("local_allocations").longValue() > 0).isEqualTo(i == 0);
            assertThat(nodes.get(i).get("remote_allocations").longValue() > 0).isEqualTo(i > 0 && i < 7);
            given += nodes.get(i).get("remote_allocations").longValue();
        }
        assertThat(given).isBetween(5L * 256, 6L * 256);
        assertThat(root.at("/frames/free_at_exit")).isEqualTo(root.at("/frames/free_at_boot"));
        assertThat(StatisticsText.lines(root))
                .anySatisfy(line ->
                        assertThat(line).matches("node 1 +256 of 256 frames free at exit; .* 256 times to others"));
    }

    @Test
    void aProcessThatHasNotEndedHasNoExitStatus() {
        TestGuest guest = TestGuest.booted("sieve", TestGuest.config());
        guest.pauseAt(1_000_000);

        ObjectNode root = new Statistics(guest.assembly()).collect("sieve", 130);

        assertThat(root.at("/processes/0/exit").isNull()).isTrue();
        assertThat(StatisticsText.lines(root))
                .anySatisfy(line -> assertThat(line).startsWith("process 1").contains("still running"));
    }

    /** What it has now, not what it had when it ended. */
    @Test
    void aProcessThatHasNotEndedHasItsSizesAllTheSame() {
        TestGuest guest = TestGuest.booted("sieve", TestGuest.config());
        JsonNode atBoot = new Statistics(guest.assembly()).collect("sieve", 130).at("/processes/0/bytes");
        guest.finish();
        JsonNode atExit = new Statistics(guest.assembly()).collect("sieve", 0).at("/processes/0/bytes");

        assertThat(atBoot.get("code").longValue()).isPositive();
        for (String part : List.of("code", "data", "stack")) {
            assertThat(atBoot.get(part)).as(part).isEqualTo(atExit.get(part));
        }
        assertThat(sum(atBoot)).isEqualTo(2 * atBoot.get("total").longValue());
    }

    @Test
    void aHartThatHasRunAndIsIdleHasComeAsFarAsTheMachine() {
        TestGuest guest = TestGuest.booted("hello", TestGuest.config());
        Hart hart = guest.assembly().machine().harts().get(1);
        hart.cycle = 100;
        hart.enter(HartPhase.RUNNING);
        hart.retired = 10;
        hart.cycle = 300;
        hart.enter(HartPhase.IDLE);
        guest.finish();

        ObjectNode root = new Statistics(guest.assembly()).collect("hello", 0);

        long now = root.get("cycles").longValue();
        assertThat(now).isGreaterThan(300);
        assertThat(root.at("/harts/1/cycles").longValue()).isEqualTo(now);
        assertThat(root.at("/harts/1/idle_cycles").longValue()).isEqualTo(now - 200);
    }

    /** One hart unmaps what three others use: each round they are told, and wait for each other's faults. */
    @Test
    void shootdownsAndTheWaitsForThemAreCounted() {
        ObjectNode root = statistics("shootdown-storm", TimingProfiles.DEFAULT_NAME);
        JsonNode shootdowns = root.get("shootdowns");

        assertThat(shootdowns.get("policy").textValue()).isEqualTo("targeted");
        assertThat(shootdowns.get("count").longValue()).isGreaterThanOrEqualTo(50);
        assertThat(shootdowns.get("ipis").longValue()).isGreaterThanOrEqualTo(50);
        assertThat(shootdowns.get("acks").longValue())
                .as("an interrupt may carry several requests, and each is answered")
                .isGreaterThanOrEqualTo(shootdowns.get("ipis").longValue());
        assertThat(shootdowns.get("range_flushes").longValue()
                        + shootdowns.get("full_flushes").longValue()
                        + shootdowns.get("skipped").longValue())
                .isGreaterThanOrEqualTo(shootdowns.get("acks").longValue()
                        + shootdowns.get("count").longValue() / 2);
        JsonNode waits = shootdowns.get("wait_cycles");
        assertThat(waits.get("p50").longValue())
                .as("no answer comes before an interrupt has")
                .isGreaterThan(1500);
        assertThat(waits.get("p99").longValue())
                .isBetween(waits.get("p50").longValue(), waits.get("max").longValue());
        assertThat(waits.get("total").longValue())
                .isGreaterThan(waits.get("max").longValue());
        assertThat(StatisticsText.lines(root))
                .anySatisfy(
                        line -> assertThat(line).matches("shootdowns +[0-9,]+ \\(targeted\\), [0-9,]+ interrupts, .*"))
                .anySatisfy(line -> assertThat(line).matches("waited for +[0-9,]+ cycles in all; .*"));
    }

    @Test
    void whoHasWaitedForAnAddressSpaceIsKnownAfterItsEnd() {
        ObjectNode root = statistics("shootdown-storm", TimingProfiles.DEFAULT_NAME);
        JsonNode lock = root.at("/processes/0/lock");

        assertThat(root.at("/processes/0/exit").intValue()).isZero();
        assertThat(lock.get("waits").longValue()).isPositive();
        assertThat(lock.get("wait_cycles").longValue())
                .isGreaterThanOrEqualTo(lock.get("longest_wait_cycles").longValue());
        assertThat(root.get("lock")).as("all waiting is its").isEqualTo(lock);
        assertThat(StatisticsText.lines(root))
                .anySatisfy(line -> assertThat(line).matches("process 1 .*; waits: [0-9,]+ for address spaces, .*"))
                .anySatisfy(line -> assertThat(line).matches("lock waits +[0-9,]+ for address spaces, .*"));
    }

    /** Each waits for its own space: who waits in which process adds up, even where processes have shared a space. */
    @ParameterizedTest
    @MethodSource("guests")
    void theWaitsOfProcessesAddUp(String name) {
        JsonNode root = statistics(name, TimingProfiles.DEFAULT_NAME);
        long waits = 0;
        long cycles = 0;
        for (JsonNode process : root.get("processes")) {
            waits += process.at("/lock/waits").longValue();
            cycles += process.at("/lock/wait_cycles").longValue();
        }
        assertThat(waits).isEqualTo(root.at("/lock/waits").longValue());
        assertThat(cycles).isEqualTo(root.at("/lock/wait_cycles").longValue());
    }

    /** The u74 leaves the D bit to software: a page that is read and then written faults twice. */
    @Test
    void faultsThatOnlyTeachOfAPageThatIsThereAreSpurious() {
        ObjectNode software = statistics("mmap", "u74");
        ObjectNode hardware = statistics("mmap", "skylake");

        assertThat(software.at("/faults/spurious").longValue()).isPositive();
        assertThat(hardware.at("/faults/spurious").longValue()).isZero();
        assertThat(software.at("/faults/demand_zero")).isEqualTo(hardware.at("/faults/demand_zero"));
        assertThat(StatisticsText.lines(software))
                .anySatisfy(
                        line -> assertThat(line).matches("faults +demand_zero [0-9]+, file [0-9]+, spurious [0-9]+"));
    }

    @Test
    void theFileIsTheTreeAsJsonAndEndsWithALineFeed() throws JsonProcessingException {
        ObjectNode root = statistics("hello", TimingProfiles.DEFAULT_NAME);

        String text = StatisticsFile.text(root);

        assertThat(new ObjectMapper().readTree(text)).isEqualTo(new ObjectMapper().readTree(root.toString()));
        assertThat(text).endsWith("}\n").doesNotContain("\r");
    }

    @Test
    void theTextNamesWhatPeopleLookFor() {
        ObjectNode root = statistics("stack-growth", TimingProfiles.DEFAULT_NAME);

        List<String> lines = StatisticsText.lines(root);

        assertThat(lines).anySatisfy(line -> assertThat(line).matches("image +stack-growth, exit 0"));
        assertThat(lines).anySatisfy(line -> assertThat(line).matches("cycles +[0-9,]+"));
        assertThat(lines)
                .anySatisfy(line -> assertThat(line).matches("instructions +[0-9,]+ \\([0-9.]+ cycles each\\)"));
        assertThat(lines).anySatisfy(line -> assertThat(line).matches("dtlb +[0-9,]+ accesses, [0-9,]+ misses .*%\\)"));
        assertThat(lines).anySatisfy(line -> assertThat(line).matches("faults +file 2, stack 1,536"));
        assertThat(lines).anySatisfy(line -> assertThat(line).matches("system calls +exit 1, write 3"));
        assertThat(lines).anySatisfy(line -> assertThat(line).matches("process 1 +exit 0, .*"));
    }

    @Test
    void theHostsLanguageChangesNothing() {
        Locale before = Locale.getDefault();
        List<String> expected = textWithHost();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(textWithHost()).isEqualTo(expected);
        } finally {
            Locale.setDefault(before);
        }
    }

    private static List<String> textWithHost() {
        TestGuest guest = TestGuest.booted("hello", TestGuest.config());
        guest.finish();
        Statistics statistics = new Statistics(guest.assembly());
        ObjectNode root = statistics.collect("hello", 0);
        statistics.addHost(root, 98_765_432_100L);
        List<String> lines = new ArrayList<>(StatisticsText.lines(root));
        lines.add(StatisticsFile.text(root));
        return lines;
    }

    private static ObjectNode statistics(String name, String profile) {
        return RUNS.computeIfAbsent(name + " " + profile, key -> {
                    TestGuest guest = TestGuest.booted(name, TestGuest.config(PagingMode.SV48, profile));
                    int status = guest.finish();
                    return new Statistics(guest.assembly()).collect(name, status);
                })
                .deepCopy();
    }

    private static List<String> keys(JsonNode node) {
        List<String> keys = new ArrayList<>();
        node.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    private static List<JsonNode> leaves(JsonNode node) {
        if (node.isValueNode()) {
            return List.of(node);
        }
        List<JsonNode> leaves = new ArrayList<>();
        node.forEach(child -> leaves.addAll(leaves(child)));
        return leaves;
    }

    private static long sum(JsonNode counters) {
        long sum = 0;
        for (JsonNode counter : counters) {
            sum += counter.longValue();
        }
        return sum;
    }

    private static long sumOfHarts(JsonNode root, String path) {
        long sum = 0;
        for (JsonNode hart : root.get("harts")) {
            sum += hart.at(path).longValue();
        }
        return sum;
    }
}
