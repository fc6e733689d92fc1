package dev.pagewalk.emulator.engine.interpreter;

import dev.pagewalk.emulator.bus.PhysicalBus;
import dev.pagewalk.emulator.debug.DebugPoints;
import dev.pagewalk.emulator.engine.Arithmetic;
import dev.pagewalk.emulator.engine.DropReason;
import dev.pagewalk.emulator.engine.Engine;
import dev.pagewalk.emulator.engine.EngineReport;
import dev.pagewalk.emulator.engine.code.CodePage;
import dev.pagewalk.emulator.engine.code.CodePages;
import dev.pagewalk.emulator.engine.code.DecodeListener;
import dev.pagewalk.emulator.engine.code.DecodedWord;
import dev.pagewalk.emulator.engine.code.Visit;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.Reservations;
import dev.pagewalk.emulator.isa.Opcode;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.tlb.L0Filter;
import java.util.ArrayList;
import java.util.List;

/**
 * The reference engine: executes decoded instructions one by one.
 *
 * <p>{@link #run} finds the page, {@link #runFast} executes what needs nothing but registers and an L0 hit, and leaves
 * everything else to its slow twin, {@link SlowPath}. In the fast loop what changes with every instruction (pc, cycle,
 * counters) lives in locals.
 *
 * <p>Next stop on the path of a load: the L0 hit in {@code LD}, or {@link SlowPath} after an L0 miss.
 */
public final class Interpreter implements Engine {
    private final CodePages codePages;
    private final DecodeListener decodeListener;
    private final DebugPoints debugPoints;
    private final List<FetchUnit> fetchUnits = new ArrayList<>();
    private final List<SlowPath> slowPaths = new ArrayList<>();

    public Interpreter(
            List<Hart> harts,
            PhysicalBus bus,
            Reservations reservations,
            DebugPoints debugPoints,
            TimingProfile profile) {
        this(harts, bus, reservations, debugPoints, profile, DecodeListener.NONE);
    }

    /** @param decodeListener of another engine, which puts {@linkplain dev.pagewalk.emulator.engine.code.Mark marks} */
    public Interpreter(
            List<Hart> harts,
            PhysicalBus bus,
            Reservations reservations,
            DebugPoints debugPoints,
            TimingProfile profile,
            DecodeListener decodeListener) {
        this.decodeListener = decodeListener;
        this.debugPoints = debugPoints;
        this.codePages = new CodePages(bus.memory(), bus.guards(), harts);
        bus.observeStores(codePages);
        for (Hart hart : harts) {
            fetchUnits.add(new FetchUnit(hart, bus.memory(), codePages, debugPoints, profile, decodeListener));
            slowPaths.add(new SlowPath(hart, bus, reservations, debugPoints, profile));
        }
    }

    @Override
    public void debugPointsChanged() {
        codePages.keepAll();
    }

    @Override
    public void discardCode() {
        codePages.discardAll(DropReason.RESTORED);
    }

    /** For the other engine. */
    public CodePages codePages() {
        return codePages;
    }

    /** For the other engine: a hart's way to its code. */
    public FetchUnit fetchUnit(Hart hart) {
        return fetchUnits.get(hart.id());
    }

    /** For the other engine: a hart's slow twin. */
    public SlowPath slowPath(Hart hart) {
        return slowPaths.get(hart.id());
    }

    @Override
    public EngineReport report() {
        return EngineReport.ofInterpreter();
    }

    @Override
    public void run(Hart hart) {
        final FetchUnit fetch = fetchUnits.get(hart.id());
        CodePage previous = null;
        while (hart.cycle < hart.stopCycle && hart.trapCause() == null) {
            if (debugPoints.haveBreakpoints() && debugPoints.stopsAt(hart)) {
                break;
            }
            if (debugPoints.watchMemory() && slowPaths.get(hart.id()).stopsBefore(fetch.peek())) {
                break;
            }
            final CodePage page = fetch.page();
            if (page != null) {
                if (page != previous && previous != null) {
                    decodeListener.onEntered(page, CodePage.slotOf(hart.pc));
                }
                runOnPage(hart, page);
                previous = page;
            }
        }
        if (hart.trapCause() != null) {
            hart.extraFetches++;
        }
        fetch.leave();
        hart.mmu().instructionAccesses = hart.retired + hart.extraFetches;
    }

    /**
     * Executes from the page that the pc stands in, until the pc leaves it, the stop cycle or a trap; or up to and with one
     * instruction of the slow twin, after which the page is looked up again.
     *
     * <p>At least one instruction executes, whatever the clock says: its fetch has been paid for. So {@link #run} has asked
     * the debugger about the first one, and about one that reaches into the next page.
     */
    private void runOnPage(Hart hart, CodePage page) {
        final FetchUnit fetch = fetchUnits.get(hart.id());
        final SlowPath slow = slowPaths.get(hart.id());
        long[] slots = page.marked();
        long stop = hart.stopCycle;
        final long retiredBefore = hart.retired;
        boolean crosses = false;
        while (!runFast(hart, slots, stop)) {
            final int slot = CodePage.slotOf(hart.pc);
            final long word = slots[slot];
            if (word == DecodedWord.MARK) {
                final Visit visit = page.mark(slot).visit(hart);
                if (visit == Visit.EXECUTED) {
                    hart.staysOnPage = hart.trapCause() == null && fetch.isOn(hart.pc);
                    return;
                }
                slots = page.words();
                if (visit == Visit.INTERPRET_ONE) {
                    stop = Long.MIN_VALUE;
                }
                continue;
            }
            if (DecodedWord.opcode(word) != Opcode.NONE) {
                boolean isFirst = hart.retired == retiredBefore;
                if (debugPoints.watchMemory() && !isFirst && slow.stopsBefore(word)) {
                    break;
                }
                slow.execute(word);
                if (hart.trapCause() == null) {
                    hart.pc = hart.nextPc;
                    hart.retired++;
                    hart.cycle += DecodedWord.cycles(word);
                    hart.staysOnPage = fetch.isOn(hart.pc) && !crosses;
                }
                return;
            }
            if (debugPoints.haveBreakpoints() && debugPoints.stopsAt(hart)) {
                hart.stopCycle = Long.MIN_VALUE;
                break;
            }
            if (debugPoints.watchMemory() && slot == CodePage.SLOTS - 1 && hart.retired != retiredBefore) {
                break;
            }
            final long[] decoded = fetch.decode(page);
            if (decoded == null) {
                return;
            }
            if (decoded != page.words()) {
                // Decoded for one execution, because it reaches into the next page or has a breakpoint.
                crosses = slot == CodePage.SLOTS - 1 && DecodedWord.lengthBytes(decoded[slot]) == 4;
                slots = decoded;
                stop = Long.MIN_VALUE;
            } else if (stop != Long.MIN_VALUE) {
                // Anew, because the first mark on a page gives it another array.
                slots = page.marked();
            }
        }
        hart.staysOnPage = fetch.isOn(hart.pc) && !crosses;
    }

    /**
     * The fast loop: executes from one page's slots while it meets nothing but registers and L0 hits.
     *
     * <p>It calls nothing that is not inlined. A call, however rare, would make the compiler keep the loop's variables in
     * memory, where each instruction would wait for the one before.
     *
     * @return true at an instruction boundary beyond the page or at the stop cycle; false before an instruction that needs
     *     {@link FetchUnit#decode} or {@link SlowPath}
     */
    private static boolean runFast(Hart hart, long[] slots, long stop) {
        final Mmu mmu = hart.mmu();
        final L0Filter loads = mmu.loads();
        final L0Filter stores = mmu.stores();
        final long[] stamps = mmu.dataStamps();
        final long[] x = hart.x;

        long pc = hart.pc;
        long cycle = hart.cycle;
        long retired = hart.retired;
        long dataAccesses = mmu.dataAccesses;
        final long page = pc & PagingMode.PAGE_MASK;
        boolean atBoundary = false;

        for (; ; ) {
            final long word = slots[CodePage.slotOf(pc)];
            fast:
            {
                final int rd = DecodedWord.rd(word);
                final long a = x[DecodedWord.rs1(word)];
                final long b = x[DecodedWord.rs2(word)];
                final long immediate = DecodedWord.immediate(word);
                long next = pc + DecodedWord.lengthBytes(word);
                final int opcode = DecodedWord.opcode(word);
                // One case for a family, not for each member. The compiler computes what cases have in common before
                // the switch, for every instruction; here it does so for the family alone. And it makes the switch a
                // tree of comparisons after the guest that it has seen so far, which must not be deep for the next one.
                switch (opcode) {
                    case Opcode.LUI -> x[rd] = immediate;
                    case Opcode.AUIPC -> x[rd] = pc + immediate;
                    case Opcode.ADDI,
                            Opcode.SLTI,
                            Opcode.SLTIU,
                            Opcode.XORI,
                            Opcode.ORI,
                            Opcode.ANDI,
                            Opcode.SLLI,
                            Opcode.SRLI,
                            Opcode.SRAI ->
                        x[rd] = switch (opcode) {
                            case Opcode.ADDI -> a + immediate;
                            case Opcode.SLTI -> a < immediate ? 1 : 0;
                            case Opcode.SLTIU -> Arithmetic.lessUnsigned(a, immediate) ? 1 : 0;
                            case Opcode.XORI -> a ^ immediate;
                            case Opcode.ORI -> a | immediate;
                            case Opcode.ANDI -> a & immediate;
                            case Opcode.SLLI -> a << immediate;
                            case Opcode.SRLI -> a >>> immediate;
                            default -> a >> immediate;
                        };

                    case Opcode.ADD,
                            Opcode.SUB,
                            Opcode.SLL,
                            Opcode.SLT,
                            Opcode.SLTU,
                            Opcode.XOR,
                            Opcode.SRL,
                            Opcode.SRA,
                            Opcode.OR,
                            Opcode.AND ->
                        x[rd] = switch (opcode) {
                            case Opcode.ADD -> a + b;
                            case Opcode.SUB -> a - b;
                            case Opcode.SLL -> a << b;
                            case Opcode.SLT -> a < b ? 1 : 0;
                            case Opcode.SLTU -> Arithmetic.lessUnsigned(a, b) ? 1 : 0;
                            case Opcode.XOR -> a ^ b;
                            case Opcode.SRL -> a >>> b;
                            case Opcode.SRA -> a >> b;
                            case Opcode.OR -> a | b;
                            default -> a & b;
                        };

                    case Opcode.ADDIW, Opcode.SLLIW, Opcode.SRLIW, Opcode.SRAIW ->
                        x[rd] = switch (opcode) {
                            case Opcode.ADDIW -> (int) (a + immediate);
                            case Opcode.SLLIW -> (int) a << immediate;
                            case Opcode.SRLIW -> (int) a >>> immediate;
                            default -> (int) a >> immediate;
                        };

                    case Opcode.ADDW, Opcode.SUBW, Opcode.SLLW, Opcode.SRLW, Opcode.SRAW ->
                        x[rd] = switch (opcode) {
                            case Opcode.ADDW -> (int) (a + b);
                            case Opcode.SUBW -> (int) (a - b);
                            case Opcode.SLLW -> (int) a << b;
                            case Opcode.SRLW -> (int) a >>> b;
                            default -> (int) a >> b;
                        };

                    case Opcode.BEQ, Opcode.BNE, Opcode.BLT, Opcode.BGE, Opcode.BLTU, Opcode.BGEU -> {
                        final boolean taken = switch (opcode) {
                            case Opcode.BEQ -> a == b;
                            case Opcode.BNE -> a != b;
                            case Opcode.BLT -> a < b;
                            case Opcode.BGE -> a >= b;
                            case Opcode.BLTU -> Arithmetic.lessUnsigned(a, b);
                            default -> !Arithmetic.lessUnsigned(a, b);
                        };
                        if (taken) {
                            next = pc + immediate;
                        }
                    }
                    case Opcode.JAL -> {
                        x[rd] = next;
                        next = pc + immediate;
                    }
                    case Opcode.JALR -> {
                        long target = a + immediate & ~1;
                        x[rd] = next;
                        next = target;
                    }

                    case Opcode.LB, Opcode.LBU, Opcode.LH, Opcode.LHU, Opcode.LW, Opcode.LWU, Opcode.LD -> {
                        final long address = a + immediate;
                        final int place = loads.place(address, DecodedWord.loadTagMask(word));
                        if (place < 0) {
                            break fast;
                        }
                        stamps[place >>> L0Filter.ENTRY_SHIFT] = ++dataAccesses;
                        x[rd] = switch (opcode) {
                            case Opcode.LB -> loads.readByte(place, address);
                            case Opcode.LBU -> loads.readByte(place, address) & 0xFF;
                            case Opcode.LH -> loads.readShort(place, address);
                            case Opcode.LHU -> loads.readShort(place, address) & 0xFFFF;
                            case Opcode.LW -> loads.readInt(place, address);
                            case Opcode.LWU -> loads.readInt(place, address) & 0xFFFFFFFFL;
                            default -> loads.readLong(place, address);
                        };
                    }
                    case Opcode.SB, Opcode.SH, Opcode.SW, Opcode.SD -> {
                        final long address = a + immediate;
                        final int place = stores.place(address, DecodedWord.storeTagMask(word));
                        if (place < 0) {
                            break fast;
                        }
                        stamps[place >>> L0Filter.ENTRY_SHIFT] = ++dataAccesses;
                        switch (opcode) {
                            case Opcode.SB -> stores.writeByte(place, address, (byte) b);
                            case Opcode.SH -> stores.writeShort(place, address, (short) b);
                            case Opcode.SW -> stores.writeInt(place, address, (int) b);
                            default -> stores.writeLong(place, address, b);
                        }
                    }

                    case Opcode.MUL,
                            Opcode.MULH,
                            Opcode.MULHSU,
                            Opcode.MULHU,
                            Opcode.DIV,
                            Opcode.DIVU,
                            Opcode.REM,
                            Opcode.REMU ->
                        x[rd] = switch (opcode) {
                            case Opcode.MUL -> a * b;
                            case Opcode.MULH -> Math.multiplyHigh(a, b);
                            case Opcode.MULHSU -> Arithmetic.multiplyHighSignedUnsigned(a, b);
                            case Opcode.MULHU -> Arithmetic.multiplyHighUnsigned(a, b);
                            case Opcode.DIV -> Arithmetic.divide(a, b);
                            case Opcode.DIVU -> Arithmetic.divideUnsigned(a, b);
                            case Opcode.REM -> Arithmetic.remainder(a, b);
                            default -> Arithmetic.remainderUnsigned(a, b);
                        };

                    case Opcode.MULW, Opcode.DIVW, Opcode.DIVUW, Opcode.REMW, Opcode.REMUW ->
                        x[rd] = switch (opcode) {
                            case Opcode.MULW -> (int) a * (int) b;
                            case Opcode.DIVW -> Arithmetic.divide((int) a, (int) b);
                            case Opcode.DIVUW -> Arithmetic.divideUnsigned((int) a, (int) b);
                            case Opcode.REMW -> Arithmetic.remainder((int) a, (int) b);
                            default -> Arithmetic.remainderUnsigned((int) a, (int) b);
                        };

                    default -> {
                        break fast;
                    }
                }
                pc = next;
                retired++;
                cycle += DecodedWord.cycles(word);
                if (cycle < stop && (pc & PagingMode.PAGE_MASK) == page) {
                    continue;
                }
                atBoundary = true;
            }
            break;
        }
        hart.pc = pc;
        hart.cycle = cycle;
        hart.retired = retired;
        mmu.dataAccesses = dataAccesses;
        return atBoundary;
    }
}
