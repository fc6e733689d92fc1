package dev.pagewalk.emulator.engine.interpreter;

import dev.pagewalk.emulator.debug.DebugPoints;
import dev.pagewalk.emulator.engine.code.CodePage;
import dev.pagewalk.emulator.engine.code.CodePages;
import dev.pagewalk.emulator.engine.code.DecodeListener;
import dev.pagewalk.emulator.engine.code.DecodedWord;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.isa.Decoder;
import dev.pagewalk.emulator.isa.Instruction;
import dev.pagewalk.emulator.isa.Opcode;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.trap.TrapCause;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.tlb.L0Filter;
import dev.pagewalk.mmu.tlb.Tlb;

/**
 * One hart's way to its code: translates the page that the pc stands in and decodes what has not been decoded.
 *
 * <p>Next stop on the path of a load: {@link Interpreter}, which executes what this decodes.
 */
public final class FetchUnit {
    private static final int LAST_SLOT_OFFSET = 4094;
    private static final int NO_ENTRY = -1;

    private final Hart hart;
    private final Mmu mmu;
    private final PhysicalMemory memory;
    private final CodePages codePages;
    private final DebugPoints debugPoints;
    private final TimingProfile profile;

    private final DecodeListener decodeListener;

    /** The page behind each line of the fetch L0; valid while the line's tag is. */
    private final CodePage[] pagesByLine = new CodePage[L0Filter.LINES];

    /** Holds an instruction that is not kept decoded, in its slot, while it executes once. */
    private final long[] onceSlots = new long[CodePage.SLOTS];

    /** The page that {@link #page} found last. */
    private long page;

    /** Its physical frame. */
    private long frameAddress;

    /** The L1 entry of that page, whose stamp is owed; or none. */
    private int entry = NO_ENTRY;

    FetchUnit(
            Hart hart,
            PhysicalMemory memory,
            CodePages codePages,
            DebugPoints debugPoints,
            TimingProfile profile,
            DecodeListener decodeListener) {
        this.decodeListener = decodeListener;
        this.debugPoints = debugPoints;
        this.hart = hart;
        this.mmu = hart.mmu();
        this.memory = memory;
        this.codePages = codePages;
        this.profile = profile;
    }

    /**
     * The page that {@code hart.pc} stands in, or null where the fetch has trapped. Takes its access's
     * ordinal from the hart's counters; the access itself is counted by the instruction's retiring or trapping.
     */
    CodePage page() {
        leave();
        long pc = hart.pc;
        boolean stays = hart.staysOnPage;
        hart.staysOnPage = false;
        page = pc & PagingMode.PAGE_MASK;
        mmu.instructionAccesses = hart.retired + hart.extraFetches + 1;
        if ((pc & 1) != 0) {
            // No jump leads to an odd address, but a kernel or a debugger may put a hart there.
            hart.trap(TrapCause.INSTRUCTION_MISALIGNED, pc);
            return null;
        }
        L0Filter fetches = mmu.fetches();
        int line = fetches.lineOf(pc);
        if (fetches.tags[line] == page) {
            frameAddress = fetches.frames[line];
            entry = fetches.places[line] >>> L0Filter.ENTRY_SHIFT;
            return pagesByLine[line - fetches.firstLine()];
        }
        Tlb tlb = mmu.instructionTlb();
        entry = stays ? tlb.lookup(pc, mmu.asid()) : NO_ENTRY;
        // Where the hart stays on its page, the last instruction's translation is this one's.
        long address = entry == NO_ENTRY ? translate(pc) : tlb.physicalAddress(entry, pc);
        if (address < 0) {
            return null;
        }
        frameAddress = address & PagingMode.PAGE_MASK;
        entry = tlb.lookup(pc, mmu.asid());
        return codePage(pc, address);
    }

    /**
     * The decoded instruction that {@code hart.pc} stands at, as a fetch would find it; {@link Opcode#NONE} where it would
     * trap. Changes nothing.
     */
    long peek() {
        long pc = hart.pc;
        long address = peekAddress(pc);
        if ((pc & 1) != 0 || address < 0) {
            return Opcode.NONE;
        }
        int raw = memory.readShort(address);
        if (Decoder.lengthBytes(raw) == 4) {
            long second = peekAddress(pc + 2);
            if (second < 0) {
                return Opcode.NONE;
            }
            raw |= memory.readShort(second) << 16;
        }
        return decodedWord(raw);
    }

    /** A compressed instruction executes as what it stands for, but keeps its length. {@link Opcode#NONE} where it is illegal. */
    private long decodedWord(int raw) {
        int expanded = Decoder.expand(raw);
        Instruction instruction = Decoder.decode(expanded);
        return instruction == null
                ? Opcode.NONE
                : DecodedWord.pack(instruction, expanded, Decoder.lengthBytes(raw), profile);
    }

    private long peekAddress(long va) {
        long address = mmu.peekFetch(va);
        return address >= 0 && memory.contains(address, 2) ? address : -1;
    }

    /**
     * Goes on to another page as {@link #page} would, if its translation is in the fetch L0 and leads to the expected frame. The hart is
     * to retire another instruction for sure, and {@code hart.retired} is up to date.
     *
     * @param virtualAddress any address in the page
     * @param expectedFrame its physical address
     * @return false where nothing has been done, and {@link #page} has to
     */
    public boolean crossTo(long virtualAddress, long expectedFrame) {
        L0Filter fetches = mmu.fetches();
        int line = fetches.lineOf(virtualAddress);
        if (fetches.tags[line] != (virtualAddress & PagingMode.PAGE_MASK) || fetches.frames[line] != expectedFrame) {
            return false;
        }
        leave();
        page = virtualAddress & PagingMode.PAGE_MASK;
        frameAddress = expectedFrame;
        entry = fetches.places[line] >>> L0Filter.ENTRY_SHIFT;
        return true;
    }

    /** Whether an address is on the page that {@link #page} found last. */
    boolean isOn(long address) {
        return (address & PagingMode.PAGE_MASK) == page;
    }

    /**
     * Stamps the L1 entry of the page that was executed last with its last access, which the hart's counters tell. The
     * engine calls it before it returns; from then on the entry may belong to another page.
     */
    void leave() {
        if (entry != NO_ENTRY) {
            mmu.instructionStamps()[entry] = hart.retired + hart.extraFetches;
            entry = NO_ENTRY;
        }
    }

    /**
     * Decodes the instruction at {@code hart.pc}, in the page that {@link #page} has just found, and keeps it in its slot
     * unless it reaches into the next page.
     *
     * <p>Neither does it keep one that a debugger may want to stop at.
     *
     * @return the slots to execute it from: the page's own, or others that are good for this one execution; null where the
     *     hart has trapped: illegal encoding, or a fault on the second page
     */
    long[] decode(CodePage codePage) {
        int offset = (int) (hart.pc & ~PagingMode.PAGE_MASK);
        int raw = memory.readShort(frameAddress + offset);
        boolean crosses = offset == LAST_SLOT_OFFSET && Decoder.lengthBytes(raw) == 4;
        if (crosses) {
            hart.extraFetches++;
            leave();
            mmu.instructionAccesses = hart.retired + hart.extraFetches + 1;
            long second = translate(hart.pc + 2);
            if (second < 0) {
                return null;
            }
            codePage(hart.pc + 2, second);
            raw |= memory.readShort(second) << 16;
        } else if (Decoder.lengthBytes(raw) == 4) {
            raw = memory.readInt(frameAddress + offset);
        }
        long word = decodedWord(raw);
        if (word == Opcode.NONE) {
            hart.trap(TrapCause.ILLEGAL_INSTRUCTION, raw & 0xFFFFFFFFL);
            return null;
        }
        int slot = offset >>> 1;
        if (crosses || !codePages.keeps(frameAddress + offset)) {
            onceSlots[slot] = word;
            return onceSlots;
        }
        codePage.keep(slot, word);
        decodeListener.onDecoded(codePage, slot, word);
        return codePage.words();
    }

    /** The page of a frame that has been translated for a fetch, put behind its line of the fetch L0 where it has one. */
    private CodePage codePage(long va, long address) {
        CodePage codePage = codePages.page(address);
        for (long breakpoint : debugPoints.breakpoints()) {
            if ((breakpoint & PagingMode.PAGE_MASK) == (va & PagingMode.PAGE_MASK)) {
                codePages.doNotKeep(address & PagingMode.PAGE_MASK | breakpoint & ~PagingMode.PAGE_MASK);
            }
        }
        L0Filter fetches = mmu.fetches();
        int line = fetches.lineOf(va);
        if (fetches.tags[line] == (va & PagingMode.PAGE_MASK)) {
            pagesByLine[line - fetches.firstLine()] = codePage;
        }
        return codePage;
    }

    private long translate(long va) {
        long address = mmu.translate(va, AccessType.FETCH);
        hart.cycle += mmu.takeExtraCycles();
        if (address < 0) {
            hart.trap(TrapCause.of(mmu.fault(), AccessType.FETCH), va);
        } else if (!memory.contains(address, 2)) {
            hart.trap(TrapCause.INSTRUCTION_ACCESS_FAULT, va);
            return -1;
        }
        return address;
    }
}
