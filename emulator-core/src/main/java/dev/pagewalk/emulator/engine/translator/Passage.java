package dev.pagewalk.emulator.engine.translator;

import dev.pagewalk.emulator.debug.DebugPoints;
import dev.pagewalk.emulator.engine.ExitReason;
import dev.pagewalk.emulator.engine.code.DecodedWord;
import dev.pagewalk.emulator.engine.code.Visit;
import dev.pagewalk.emulator.engine.interpreter.FetchUnit;
import dev.pagewalk.emulator.engine.interpreter.SlowPath;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.isa.Opcode;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.mmu.access.AccessType;

/**
 * A hart's way through translated regions: brings it in and out, and does for them what their fast path cannot.
 *
 * <p>While a region executes, the hart's clock and counters stand still; {@code left} and {@code counts} run instead. Wherever
 * anything else may look, they are brought up to date, exactly.
 */
final class Passage {
    /**
     * In {@code counts}, the accesses stand above the retired instructions. What a block adds to it fits into 32 bits then, as host
     * instructions like it.
     */
    static final int ACCESSES_SHIFT = 24;

    private static final int RETIRED_MASK = (1 << ACCESSES_SHIFT) - 1;

    /** An instruction costs a cycle at least, so no more are retired than {@code counts} can tell. */
    private static final long MOST_CYCLES = RETIRED_MASK / 2;

    /** What {@link #slow} returns where the region must be left, with no exit of its own. */
    private static final long LEAVE = Long.MIN_VALUE;

    /**
     * Regions that have not been entered often leave after so many cycles. So the host's compilers see them entered, not just
     * looping, and what they compile they compile whole.
     */
    private static final long YOUNG_CYCLES = 50_000;

    private static final int YOUNG_ENTRIES = 400;

    /** Cycles to the stop, stored by the region when it is left. */
    long left;

    /** What an instruction gives that {@link #slow} has executed. */
    long value;

    /** Retired instructions and accesses since the region was entered, stored by the region when it is left, and around slow calls. */
    long counts;

    /** Where an indirect jump leads that leaves the region. */
    long target;

    /** The ordinal of the last data access before the region was entered, and of those since that no block counts. */
    long accessBase;

    /** Where the hart's lines begin in the L0 filters' banks. */
    final int firstLine;

    final long[] stamps;

    private final Translator translator;
    private final Hart hart;
    private final Mmu mmu;
    private final FetchUnit fetchUnit;
    private final SlowPath slowPath;
    private final DebugPoints debugPoints;

    private Region region;
    private long window;
    private long stopCycle;
    /** The hart's own stop, which an instruction may shorten. */
    private long hartStopCycle;

    private long retiredBefore;
    /** Where {@link #slow} has ended the passage behind an instruction: what that instruction writes. */
    private int resultRegister;

    Passage(Translator translator, Hart hart, FetchUnit fetchUnit, SlowPath slowPath, DebugPoints debugPoints) {
        this.fetchUnit = fetchUnit;
        this.translator = translator;
        this.hart = hart;
        this.mmu = hart.mmu();
        this.slowPath = slowPath;
        this.debugPoints = debugPoints;
        this.firstLine = mmu.loads().firstLine();
        this.stamps = mmu.dataStamps();
    }

    /** Executes a region from one of its entries on, where the stop is far enough away. */
    Visit enter(Region entered, Block entry) {
        if (hart.cycle >= hart.stopCycle || hart.stopCycle - hart.cycle < entry.worstCycles) {
            return Visit.INTERPRET_ON;
        }
        if (CodeWindow.slotOf(hart.pc) != entry.slot) {
            // The frame is mapped at several addresses, and this is not the one for which the region was made.
            return Visit.INTERPRET_ONE;
        }
        region = entered;
        window = CodeWindow.startOf(hart.pc);
        hartStopCycle = hart.stopCycle;
        left = Math.min(hart.stopCycle - hart.cycle, entered.entered() < YOUNG_ENTRIES ? YOUNG_CYCLES : MOST_CYCLES);
        stopCycle = hart.cycle + left;
        retiredBefore = hart.retired;
        accessBase = mmu.dataAccesses;
        resultRegister = Hart.SINK;
        final int exit = entered.code.run(this, hart.x, left, window, entry.entry);
        if (exit == RegionCode.LEFT) {
            hart.x[resultRegister] = value;
        } else {
            leaveAt(exit);
        }
        entered.onLeft(hart.retired - retiredBefore);
        if (entered.isNotWorthEntering()) {
            translator.onNotWorthEntering(entered, hart.cycle);
        }
        return hart.retired != retiredBefore || hart.trapCause() != null ? Visit.EXECUTED : Visit.INTERPRET_ONE;
    }

    /** Left at the boundary of two blocks. */
    private void leaveAt(int number) {
        hart.cycle = stopCycle - left;
        hart.retired = retired(counts);
        mmu.dataAccesses = accesses(counts);
        region.onExit(number);
        final Exit exit = region.exit(number);
        if (exit.reason() == ExitReason.INDIRECT) {
            hart.pc = target;
            if (CodeWindow.startOf(target) == window) {
                translator.onMissedTarget(region, hart);
            }
        } else {
            hart.pc = window + exit.offset();
            if (exit.reason() == ExitReason.JUMP && CodeWindow.startOf(hart.pc) == window) {
                translator.onExit(region, CodeWindow.slotOf(hart.pc));
            }
        }
    }

    /**
     * The region is about to go on in another page. Nothing is executed there before the stop is asked about, so this is no fetch
     * where the stop has been reached.
     *
     * @param slot of the window, any in the page
     * @return whether the translation is at hand, so that it may
     */
    boolean cross(int slot, long leftNow, long countsNow) {
        hart.retired = retired(countsNow);
        return leftNow > 0
                && fetchUnit.crossTo(
                        window + slot * 2L, region.request().window().page(slot).frameAddress());
    }

    /**
     * Executes an instruction that the fast path of a region cannot: the interpreter's slow twin does it, on a hart that is
     * brought up to date. Its result is in {@link #value}.
     *
     * @param a the value of rs1
     * @param b the value of rs2
     * @param number of the site
     * @param leftNow cycles to the stop when the block was entered
     * @param countsNow likewise
     * @return cycles to the stop, as if the block had just been entered; negative where the region has to be left, and the hart
     *     is up to date
     */
    long slow(long a, long b, int number, long leftNow, long countsNow) {
        final Site site = region.sites[number];
        final long word = site.word();
        final long cycle = stopCycle - leftNow + site.cyclesBefore();
        final long accesses = accesses(countsNow) + site.accessesBefore();
        counts = countsNow;
        hart.pc = window + site.offset();
        hart.cycle = cycle;
        hart.retired = retired(countsNow) + site.retiredBefore();
        mmu.dataAccesses = accesses;
        hart.x[DecodedWord.rs1(word)] = a;
        if (readsSecondRegister(word)) {
            hart.x[DecodedWord.rs2(word)] = b;
        }
        final boolean accessesMemory = Opcode.accessesMemory(DecodedWord.opcode(word));
        if (accessesMemory && debugPoints.watchMemory() && isWatched(a + DecodedWord.immediate(word))) {
            region.onLeftBy(ExitReason.CHANGED);
            return LEAVE;
        }
        slowPath.execute(word);
        if (hart.trapCause() != null) {
            region.onLeftBy(ExitReason.TRAP);
            return LEAVE;
        }
        accessBase += mmu.dataAccesses - accesses - (accessesMemory ? 1 : 0);
        final long leftThen = leftNow - (hart.cycle - cycle);
        value = hart.x[resultRegister(word)];
        if (hart.stopCycle != hartStopCycle || !region.isValid()) {
            region.onLeftBy(ExitReason.CHANGED);
            return leaveBehind(word);
        }
        if (leftThen - site.cyclesBefore() < region.worstCycles[number]) {
            region.onLeftBy(ExitReason.DEADLINE);
            return leaveBehind(word);
        }
        return leftThen;
    }

    /** The hart's retired instructions where a region's counts are these. */
    private long retired(long countsNow) {
        return retiredBefore + (countsNow & RETIRED_MASK);
    }

    /** The ordinal of the hart's last data access, likewise. */
    private long accesses(long countsNow) {
        return accessBase + (countsNow >>> ACCESSES_SHIFT);
    }

    private long leaveBehind(long word) {
        hart.pc = hart.nextPc;
        hart.retired++;
        hart.cycle += DecodedWord.cycles(word);
        resultRegister = resultRegister(word);
        return LEAVE;
    }

    /** Whether a debugger may want to stop for an access; any access to the page of a watched byte, to be sure. */
    private boolean isWatched(long address) {
        final long last = address + Long.BYTES - 1;
        return debugPoints.forbids(address, AccessType.LOAD)
                || debugPoints.forbids(address, AccessType.STORE)
                || debugPoints.forbids(last, AccessType.LOAD)
                || debugPoints.forbids(last, AccessType.STORE);
    }

    /** A load's second register field holds its size. */
    private static boolean readsSecondRegister(long word) {
        final int opcode = DecodedWord.opcode(word);
        return Opcode.isStore(opcode) || Opcode.isAtomic(opcode);
    }

    /** A store's first register field holds its size. */
    private static int resultRegister(long word) {
        return Opcode.isStore(DecodedWord.opcode(word)) ? Hart.SINK : DecodedWord.rd(word);
    }
}
