package dev.pagewalk.emulator.engine.translator;

import dev.pagewalk.emulator.engine.DropReason;
import dev.pagewalk.emulator.engine.ExitReason;
import dev.pagewalk.emulator.engine.RegionReport;
import dev.pagewalk.emulator.engine.code.CodePage;
import dev.pagewalk.emulator.engine.code.CodeUser;
import dev.pagewalk.emulator.engine.code.DecodedWord;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A translated region that is in use: its compiled code, and what must be known to enter and to leave it. */
final class Region implements CodeUser {
    /** So many indirect jumps must have missed before a region is translated anew with their targets; then twice as many. */
    private static final int MISSES_TO_GROW = 16;

    /** A power of two. */
    private static final int ENTRIES_TO_JUDGE = 4096;

    private static final int LEAST_INSTRUCTIONS = 10;

    final RegionPlan plan;
    final RegionCode code;
    /** By number; what {@link Passage#slow} needs. */
    final Site[] sites;

    /** By site: the most cycles from before its instruction to the next check. */
    final int[] worstCycles;

    private final Translator translator;
    private final int id;
    private final List<Exit> exits;
    private final long[] exitCounts;
    private final int bytecodeBytes;
    private final TranslationRequest request;
    /** In which its instructions begin. */
    private final BitSet slots;

    private final TreeSet<Integer> missedTargets = new TreeSet<>();
    private boolean isValid = true;
    private int misses;
    private long entered;
    private long executedInstructions;
    /** By reason, those for which {@link Passage#slow} has ended a passage. */
    private final long[] slowExitCounts = new long[ExitReason.values().length];

    Region(Translator translator, int id, Translation translation) {
        this.translator = translator;
        this.id = id;
        RegionBytecode bytecode = translation.bytecode();
        this.plan = bytecode.plan();
        this.code = translation.code();
        this.request = translation.request().withoutWords();
        this.slots = plan.slots();
        this.sites = bytecode.sites().toArray(Site[]::new);
        this.worstCycles =
                bytecode.worstCycles().stream().mapToInt(Integer::intValue).toArray();
        this.exits = bytecode.exits();
        this.exitCounts = new long[exits.size()];
        this.bytecodeBytes = bytecode.bytecodeBytes();
    }

    boolean isValid() {
        return isValid;
    }

    TranslationRequest request() {
        return request;
    }

    int bytecodeBytes() {
        return bytecodeBytes;
    }

    Set<Integer> missedTargets() {
        return missedTargets;
    }

    /** Whether a jump or branch leads from it to a slot of its window. */
    boolean jumpsTo(int slot) {
        return exits.stream().anyMatch(exit -> exit.reason() == ExitReason.JUMP && exit.offset() == slot * 2);
    }

    /** The pages that hold instructions of it. */
    Set<CodePage> pages() {
        Set<CodePage> pages = new LinkedHashSet<>();
        slots.stream().forEach(slot -> pages.add(request.window().page(slot)));
        return pages;
    }

    /** Whether its instructions are where another window has them. */
    boolean isIn(CodeWindow window) {
        return slots.stream().allMatch(slot -> request.window().agrees(window, slot));
    }

    /** Whether all instructions of another region in the same window are in this one. */
    boolean includes(Region other) {
        BitSet rest = (BitSet) other.slots.clone();
        rest.andNot(slots);
        return rest.isEmpty();
    }

    Exit exit(int number) {
        return exits.get(number);
    }

    /** It has been entered and left. */
    void onLeft(long instructions) {
        entered++;
        executedInstructions += instructions;
    }

    /** It is left, but by none of its exits. */
    void onLeftBy(ExitReason reason) {
        slowExitCounts[reason.ordinal()]++;
    }

    void onExit(int number) {
        exitCounts[number]++;
    }

    /** An indirect jump has led to a slot of the window where there is no entry. */
    boolean missesEnoughToGrow(int slot) {
        missedTargets.add(slot);
        return ++misses == MISSES_TO_GROW << request.generation();
    }

    /** Whether so little is executed from entering to leaving that interpreting it is as fast. Asked after each time. */
    boolean isNotWorthEntering() {
        return (entered & ENTRIES_TO_JUDGE - 1) == 0 && executedInstructions < entered * LEAST_INSTRUCTIONS;
    }

    long entered() {
        return entered;
    }

    long executedInstructions() {
        return executedInstructions;
    }

    @Override
    public boolean covers(CodePage page, int firstSlot, int lastSlot) {
        for (Block block : plan.blocks()) {
            if (request.window().page(block.slot) == page) {
                for (Site site : block.instructions) {
                    int first = CodeWindow.slotInPage(site.slot());
                    int last = first + DecodedWord.lengthBytes(site.word()) / 2 - 1;
                    if (first <= lastSlot && last >= firstSlot) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    @Override
    public void drop(DropReason reason) {
        if (isValid) {
            isValid = false;
            translator.onDropped(this, reason);
        }
    }

    void addExits(Map<ExitReason, Long> sum) {
        for (int number = 0; number < exitCounts.length; number++) {
            add(sum, exits.get(number).reason(), exitCounts[number]);
        }
        for (ExitReason reason : ExitReason.values()) {
            add(sum, reason, slowExitCounts[reason.ordinal()]);
        }
    }

    private static void add(Map<ExitReason, Long> sum, ExitReason reason, long count) {
        if (count != 0) {
            sum.merge(reason, count, Long::sum);
        }
    }

    private long physicalAddress() {
        int slot = plan.entries().get(0).slot;
        return request.window().page(slot).frameAddress() + CodeWindow.slotInPage(slot) * 2L;
    }

    RegionReport report() {
        Map<ExitReason, Long> counts = new EnumMap<>(ExitReason.class);
        addExits(counts);
        return new RegionReport(
                id,
                request.virtualAddress(),
                physicalAddress(),
                plan.entries().size(),
                plan.blocks().size(),
                plan.guestInstructions(),
                bytecodeBytes,
                entered,
                executedInstructions,
                counts);
    }
}
