package dev.pagewalk.emulator.engine.translator;

import dev.pagewalk.emulator.bus.PhysicalBus;
import dev.pagewalk.emulator.debug.DebugPoints;
import dev.pagewalk.emulator.engine.DropReason;
import dev.pagewalk.emulator.engine.Engine;
import dev.pagewalk.emulator.engine.EngineOptions;
import dev.pagewalk.emulator.engine.EngineReport;
import dev.pagewalk.emulator.engine.ExitReason;
import dev.pagewalk.emulator.engine.code.CodePage;
import dev.pagewalk.emulator.engine.code.DecodeListener;
import dev.pagewalk.emulator.engine.code.DecodedWord;
import dev.pagewalk.emulator.engine.interpreter.Interpreter;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.Reservations;
import dev.pagewalk.emulator.isa.Opcode;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.table.PagingMode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The fast engine: translates loops and functions that are hot to JVM bytecode, and has the rest interpreted.
 *
 * <p>The interpreter does the executing. In its way stand marks, at the heads of loops and functions: a {@link Head} counts
 * visits; when there have been enough of them, the code around it is planned ({@link RegionPlanner}), written
 * ({@link RegionEmitter}) and loaded ({@link RegionCompiler}); from then on the head leads into the {@link Region}.
 *
 * <p>When a region is installed can depend on the host's time. Nothing else may depend on whether it is there.
 */
public final class Translator implements Engine, DecodeListener {
    /** While something is being translated, the harts come by so often to fetch it. */
    private static final long POLL_CYCLES = 200_000;

    /** Regions grow so often at most, each time by what they have been left for. */
    private static final int MOST_GENERATIONS = 12;

    /** Whatever the reason is, there must be an end to it. */
    private static final int MOST_TRANSLATIONS = 200;

    /** A page whose translated code has been stored to so often is interpreted. */
    private static final int MOST_CHANGES = 16;

    private final EngineOptions options;
    private final PhysicalMemory memory;
    private final Interpreter interpreter;
    private final List<Passage> passages = new ArrayList<>();
    private final TranslationQueue queue;
    private final Set<Region> regions = new LinkedHashSet<>();

    /** Heads at which nobody asks for some time. */
    private final Set<Head> retired = new LinkedHashSet<>();

    /** When the first of them is to count again; never while there is none. */
    private long nextReturnCycle = Long.MAX_VALUE;

    private int translations;
    private int refusals;
    private long goneInstructions;
    private final Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
    private final Map<ExitReason, Long> goneExits = new EnumMap<>(ExitReason.class);

    public Translator(
            List<Hart> harts,
            PhysicalBus bus,
            Reservations reservations,
            DebugPoints debugPoints,
            TimingProfile profile,
            EngineOptions options) {
        this.options = options;
        this.memory = bus.memory();
        this.interpreter = new Interpreter(harts, bus, reservations, debugPoints, profile, this);
        for (Hart hart : harts) {
            passages.add(new Passage(this, hart, interpreter.fetchUnit(hart), interpreter.slowPath(hart), debugPoints));
        }
        Mmu mmu = harts.get(0).mmu();
        RegionTraits traits = new RegionTraits(
                mmu.usesDataStamps(), mmu.loads().bank(), mmu.stores().bank());
        this.queue = new TranslationQueue(new RegionCompiler(traits), options.inBackground(), this::install);
    }

    @Override
    public void run(Hart hart) {
        if (hart.cycle >= nextReturnCycle) {
            bringBackRetired(hart.cycle);
        }
        long stop = hart.stopCycle;
        while (true) {
            long bound = stop;
            if (queue.isPending()) {
                queue.takeFinished();
                bound = Math.min(stop, hart.cycle + POLL_CYCLES);
            }
            hart.stopCycle = bound;
            interpreter.run(hart);
            if (hart.stopCycle != bound) {
                // An instruction has shortened it.
                return;
            }
            // It may also have shortened what lies beyond the bound.
            stop = Math.min(stop, hart.deadlineCycle);
            if (hart.cycle < bound || hart.cycle >= stop || hart.trapCause() != null) {
                hart.stopCycle = stop;
                return;
            }
        }
    }

    @Override
    public void debugPointsChanged() {
        interpreter.debugPointsChanged();
    }

    @Override
    public void discardCode() {
        interpreter.discardCode();
    }

    Passage passage(Hart hart) {
        return passages.get(hart.id());
    }

    // Where code is

    @Override
    public void onDecoded(CodePage page, int slot, long word) {
        int opcode = DecodedWord.opcode(word);
        boolean goesBack = DecodedWord.immediate(word) <= 0;
        if (Opcode.isBranch(opcode) && goesBack || opcode == Opcode.JAL && (goesBack || RegionPlanner.isCall(word))) {
            onHead(page, RegionPlanner.targetSlot(slot, word));
        } else if (opcode == Opcode.ECALL) {
            onHead(page, slot + DecodedWord.lengthBytes(word) / 2);
        } else if (opcode == Opcode.JALR && !RegionPlanner.isCall(word) && !RegionPlanner.isReturn(word)) {
            // Nobody knows where it leads, so the region begins with it.
            onHead(page, slot);
        }
    }

    @Override
    public void onEntered(CodePage page, int slot) {
        onHead(page, slot);
    }

    /** A slot from which it may be worth translating, where it is in the page. */
    void onHead(CodePage page, int slot) {
        if (slot >= 0 && slot < CodePage.SLOTS) {
            headAt(page, slot);
        }
    }

    // From hot code to a region

    /** A region was left by a jump or branch to another slot of its window. */
    void onExit(Region region, int slot) {
        CodePage page = region.request().window().page(slot);
        if (page != null) {
            onHead(page, CodeWindow.slotInPage(slot));
        }
    }

    /** Execution has come to a head often enough. */
    void onHot(Head head, Hart hart) {
        if (queue.isFull()) {
            head.countAgain(options.hotVisits());
            return;
        }
        if (head.page.changes() >= MOST_CHANGES) {
            refuse(hart.pc, "its page's code is stored to again and again");
            return;
        }
        request(windowAt(hart), hart.pc, List.of(CodeWindow.slotOf(hart.pc)), Set.of());
    }

    /** A region was left because of an indirect jump to code in its window, to where the hart is now. */
    void onMissedTarget(Region region, Hart hart) {
        if (region.missesEnoughToGrow(CodeWindow.slotOf(hart.pc))
                && region.isValid()
                && region.request().generation() < MOST_GENERATIONS) {
            CodeWindow window = windowAt(hart);
            if (region.isIn(window)) {
                request(
                        window,
                        region.request().virtualAddress(),
                        region.request().heads(),
                        region.missedTargets());
            }
        }
    }

    /** A region is left again too soon each time; what it is worth later, when its loops may be longer, will be seen later. */
    void onNotWorthEntering(Region region, long nowCycle) {
        if (region.isValid()) {
            letGo(region, DropReason.SHORT);
            region.plan.entries().forEach(entry -> {
                Head head = headAt(region.request().window(), entry.slot);
                if (head.region() == null) {
                    head.retire(nowCycle);
                    retired.add(head);
                    nextReturnCycle = Math.min(nextReturnCycle, head.retiredUntilCycle());
                }
            });
        }
    }

    private void bringBackRetired(long nowCycle) {
        // Those that other regions have been led to meanwhile are no longer retired.
        retired.removeIf(head -> head.region() != null);
        for (Head head : retired) {
            if (head.retiredUntilCycle() <= nowCycle) {
                head.countAgain(options.hotVisits());
            }
        }
        retired.removeIf(head -> head.retiredUntilCycle() <= nowCycle);
        nextReturnCycle =
                retired.stream().mapToLong(Head::retiredUntilCycle).min().orElse(Long.MAX_VALUE);
    }

    /** The code around a hart's pc, as the hart would fetch it. */
    private CodeWindow windowAt(Hart hart) {
        CodePage[] pages = new CodePage[CodeWindow.PAGES];
        long start = CodeWindow.startOf(hart.pc);
        for (int index = 0; index < CodeWindow.PAGES; index++) {
            long address = hart.mmu().peekFetch(start + index * (long) PagingMode.PAGE_BYTES);
            if (address >= 0 && memory.contains(address, PagingMode.PAGE_BYTES)) {
                pages[index] = interpreter.codePages().find(address);
            }
        }
        return new CodeWindow(pages);
    }

    /**
     * Has the code around some heads translated, and with it what regions hold that are left for it or have been left for code in
     * it: in the end there is one for what belongs together, if that is not too much.
     */
    private void request(CodeWindow window, long virtualAddress, List<Integer> hotHeads, Set<Integer> newTargets) {
        int hot = hotHeads.get(0);
        CodePage page = window.page(hot);
        if (page == null) {
            refuse(virtualAddress, "its translation has changed meanwhile");
            return;
        }
        if (page.translations() >= MOST_TRANSLATIONS) {
            refuse(virtualAddress, "its page has been translated again and again");
            return;
        }
        page.countTranslation();
        List<Integer> heads = new ArrayList<>(hotHeads);
        Set<Integer> companions = new TreeSet<>();
        Set<Integer> targets = new TreeSet<>(newTargets);
        int generation = 0;
        for (Region region : regionsIn(window)) {
            TranslationRequest made = region.request();
            targets.addAll(made.targets());
            targets.addAll(region.missedTargets());
            companions.addAll(made.heads());
            companions.addAll(made.companions());
            generation = Math.max(generation, made.generation() + 1);
            if (region.jumpsTo(hot)) {
                made.heads().stream().filter(slot -> !heads.contains(slot)).forEach(heads::add);
            }
        }
        queue.submit(
                new TranslationRequest(window, window.words(), virtualAddress, heads, companions, targets, generation));
    }

    private void install(Translation translation) {
        TranslationRequest request = translation.request();
        CodeWindow window = request.window();
        if (translation.refusal() != null) {
            refuse(request.virtualAddress(), translation.refusal());
            return;
        }
        RegionPlan plan = translation.bytecode().plan();
        if (!plan.matches(window)) {
            headAt(window, request.heads().get(0)).countAgain(options.hotVisits());
            refuse(request.virtualAddress(), "its code has changed meanwhile");
            return;
        }
        if (regions.size() >= options.mostRegions()) {
            List.copyOf(regions).forEach(region -> letGo(region, DropReason.LIMIT));
        }
        Region region = new Region(this, ++translations, translation);
        for (Region other : regionsIn(window)) {
            if (region.includes(other)) {
                letGo(other, DropReason.GROWN);
            }
        }
        regions.add(region);
        region.pages().forEach(page -> page.addUser(region));
        plan.entries().forEach(entry -> headAt(window, entry.slot).leadTo(region, entry));
        options.log().onTranslated(region.report());
    }

    private Head headAt(CodeWindow window, int slot) {
        return headAt(window.page(slot), CodeWindow.slotInPage(slot));
    }

    /** The head in a slot of a page, put there if need be. */
    private Head headAt(CodePage page, int slot) {
        if (page.mark(slot) == null) {
            page.setMark(slot, new Head(this, page, slot, options.hotVisits()));
        }
        return (Head) page.mark(slot);
    }

    /** The regions whose instructions are all where a window has them, in the order of their translation. */
    private List<Region> regionsIn(CodeWindow window) {
        Set<Region> found = new LinkedHashSet<>();
        for (int slot = 0; slot < CodeWindow.SLOTS; slot += CodePage.SLOTS) {
            if (window.page(slot) != null) {
                window.page(slot).users().forEach(user -> found.add((Region) user));
            }
        }
        return found.stream().filter(region -> region.isIn(window)).toList();
    }

    private void refuse(long virtualAddress, String reason) {
        refusals++;
        options.log().onRefused(virtualAddress, reason);
    }

    private void letGo(Region region, DropReason reason) {
        region.drop(reason);
    }

    /** A region is no longer valid. */
    void onDropped(Region region, DropReason reason) {
        regions.remove(region);
        region.pages().forEach(page -> page.removeUser(region));
        drops.merge(reason, 1L, Long::sum);
        goneInstructions += region.executedInstructions();
        region.addExits(goneExits);
        for (Block entry : region.plan.entries()) {
            Head head = headAt(region.request().window(), entry.slot);
            if (head.region() != region) {
                continue;
            }
            if (reason == DropReason.LIMIT) {
                head.lose(options.hotVisits());
            } else {
                head.countAgain(options.hotVisits());
            }
        }
        options.log().onDropped(region.report(), reason);
    }

    @Override
    public EngineReport report() {
        Map<ExitReason, Long> exits = new EnumMap<>(ExitReason.class);
        exits.putAll(goneExits);
        long instructions = goneInstructions;
        long bytes = 0;
        for (Region region : regions) {
            region.addExits(exits);
            instructions += region.executedInstructions();
            bytes += region.bytecodeBytes();
        }
        return new EngineReport(
                options.kind(),
                translations,
                refusals,
                instructions,
                bytes,
                new EnumMap<>(drops),
                exits,
                regions.stream().map(Region::report).toList());
    }
}
