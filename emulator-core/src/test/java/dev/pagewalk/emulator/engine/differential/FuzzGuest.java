package dev.pagewalk.emulator.engine.differential;

import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.engine.EngineOptions;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.emulator.isa.Decoder;
import dev.pagewalk.emulator.testing.Oracle;
import dev.pagewalk.emulator.testing.RecordingDevice;
import dev.pagewalk.emulator.testing.ScriptedKernel;
import dev.pagewalk.emulator.trap.InterruptLine;
import dev.pagewalk.emulator.trap.KernelStep;
import dev.pagewalk.emulator.trap.TrapCause;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.mmu.tlb.TlbFlush;
import java.util.Random;

/**
 * A machine with a case's program in it, and a kernel that maps what is missing, steps over what cannot be done, and meddles with
 * pages, code and interrupts when it is called. What the kernel does depends on the seed and on saved state alone.
 */
final class FuzzGuest {
    private static final long RAM = PhysicalMemory.RAM_BASE;
    private static final int PAGE_BYTES = 4096;
    private static final long RW = Pte.R | Pte.W | Pte.U;
    private static final long RX = Pte.R | Pte.X | Pte.U;

    /** A hart with more traps than this has nothing more to do. */
    private static final long MOST_TRAPS = 400;

    private static final int MOST_CALLS_WITH_REWRITES = 120;
    private static final int SPACES = 2;

    /** Tables from here on. */
    private static final long TABLES = RAM;

    /** The code's frames, in a row; then those of the other space; then data. */
    private static final long CODE_FRAMES = RAM + 0x3_0000;

    private static final long OTHER_CODE_FRAMES = CODE_FRAMES + Layout.MOST_CODE_PAGES * PAGE_BYTES;
    private static final long DATA_FRAMES = OTHER_CODE_FRAMES + Layout.MOST_CODE_PAGES * PAGE_BYTES;
    private static final long LARGE_FRAME = RAM + (2 << 20);

    final FuzzCase test;
    final Machine machine;
    final ScriptedKernel kernel;
    final RecordingDevice device = new RecordingDevice();
    final Assembled code;

    private final PhysicalMemory memory;
    private final PagingMode mode;
    private final long[] roots = new long[SPACES];
    private long nextTable = TABLES;
    private long nextFrame = DATA_FRAMES;
    private long lazyFrames;

    FuzzGuest(FuzzCase test, EngineOptions options) {
        this.test = test;
        this.machine = new Machine(test.config(), options);
        this.memory = machine.bus().memory();
        this.mode = test.config().pagingMode();
        this.kernel = new ScriptedKernel(machine.harts());
        machine.connect(kernel);
        machine.bus().attach(device);
        code = new Assembled(Piece.lines(test.program()), RandomProgram.END);
        Random random = new Random(test.seed() + 99);
        device.answer = random.nextLong();
        device.onWrite = this::deviceWritten;
        buildSpaces(random);
        kernel.onTrap = this::trap;
        kernel.onContinue = this::continued;
        kernel.onBegin = (hart, line, nowCycle) -> hart.charge(decision().nextInt(4) * 100L);
        kernel.onEnd = this::serviced;
        for (Hart hart : machine.harts()) {
            start(hart, random);
        }
    }

    private void start(Hart hart, Random random) {
        for (int register : Layout.DATA_REGISTERS) {
            hart.x[register] = Oracle.operand(random);
        }
        hart.cycle = random.nextInt(50);
        hart.mmu().setAddressSpace(roots[0], 1);
        hart.pc = entry(hart.id() == 0 || random.nextBoolean() ? RandomProgram.ENTRY : RandomProgram.OTHER_ENTRY);
        if (random.nextInt(4) == 0) {
            hart.pc += Layout.CODE_ALIAS - Layout.CODE;
        } else if (random.nextInt(6) == 0) {
            hart.pc += Layout.LARGE_CODE + CODE_FRAMES - RAM - Layout.CODE;
        }
        hart.enter(HartPhase.RUNNING);
        if (random.nextInt(3) == 0) {
            machine.raise(hart.id(), InterruptLine.TIMER, 100 + random.nextInt(3000));
        }
    }

    private long entry(int label) {
        return Layout.CODE + Math.max(0, code.offset(label));
    }

    private void buildSpaces(Random random) {
        for (int space = 0; space < SPACES; space++) {
            roots[space] = newTable();
        }
        // Where neither is set the first access sets it, or faults.
        long ad = random.nextInt(3) == 0 ? 0 : Pte.A | Pte.D;
        byte[][] versions = {code.bytes(), code.otherBytes()};
        int pages = versions[0].length / PAGE_BYTES;
        if (pages > Layout.MOST_CODE_PAGES) {
            throw new IllegalStateException("seed " + test.seed() + ": " + pages + " pages of code");
        }
        memory.write(CODE_FRAMES, versions[0], 0, versions[0].length);
        memory.write(OTHER_CODE_FRAMES, versions[1], 0, versions[1].length);
        for (int page = 0; page < pages; page++) {
            long offset = (long) page * PAGE_BYTES;
            for (int space = 0; space < SPACES; space++) {
                long frame = (space == 0 ? CODE_FRAMES : OTHER_CODE_FRAMES) + offset;
                map(space, Layout.CODE + offset, frame, RX | (test.readOnlyCode() ? 0 : Pte.W) | ad);
                map(space, Layout.CODE_ALIAS + offset, frame, RX | ad);
                map(space, Layout.CODE_AS_DATA + offset, frame, RW | ad);
            }
        }
        int dataPages = Layout.DATA_PAGES;
        for (int page = 0; page < dataPages; page++) {
            mapEverywhere(Layout.DATA + (long) page * PAGE_BYTES, newFrame(random), RW | ad);
        }
        mapEverywhere(Layout.READ_ONLY, newFrame(random), Pte.R | Pte.U | ad);
        lazyFrames = nextFrame;
        nextFrame += Layout.LAZY_PAGES * PAGE_BYTES;
        mapEverywhere(Layout.DEVICE, RecordingDevice.BASE, RW | ad);
        mapEverywhere(Layout.NOTHING, RecordingDevice.BASE + PAGE_BYTES, RW | ad);
        for (int page = 0; page < Layout.SWEEP_PAGES; page += 2) {
            long frame = newFrame(random);
            mapEverywhere(Layout.SWEEP + (long) page * PAGE_BYTES, frame, RW | ad);
            long uncached = page == 6 ? (long) Pte.PBMT_IO << Pte.PBMT_SHIFT : 0;
            mapEverywhere(Layout.SWEEP + (page + 1L) * PAGE_BYTES, frame, RW | ad | uncached);
        }
        for (int page = 0; page < Layout.STACK_PAGES; page++) {
            mapEverywhere(Layout.STACK + (long) page * PAGE_BYTES, newFrame(random), RW | ad);
        }
        for (int space = 0; space < SPACES; space++) {
            put(space, Layout.LARGE, 1, Pte.leaf(LARGE_FRAME, RW | ad));
            put(space, Layout.LARGE_CODE, 1, Pte.leaf(RAM, RX | ad));
        }
    }

    private long newTable() {
        long table = nextTable;
        nextTable += PAGE_BYTES;
        if (nextTable > CODE_FRAMES) {
            throw new IllegalStateException("too many tables");
        }
        return table;
    }

    private long newFrame(Random random) {
        long frame = nextFrame;
        nextFrame += PAGE_BYTES;
        byte[] bytes = new byte[PAGE_BYTES];
        random.nextBytes(bytes);
        memory.write(frame, bytes, 0, PAGE_BYTES);
        return frame;
    }

    private void mapEverywhere(long va, long frame, long flags) {
        for (int space = 0; space < SPACES; space++) {
            map(space, va, frame, flags);
        }
    }

    private void map(int space, long va, long frame, long flags) {
        put(space, va, 0, Pte.leaf(frame, flags));
    }

    private void put(int space, long va, int level, long pte) {
        memory.writeLong(pteAddress(roots[space], va, level, true), pte);
    }

    /** -1 where a table is missing, unless it is to be made. */
    private long pteAddress(long root, long va, int level, boolean makes) {
        long table = root;
        for (int above = mode.levels() - 1; above > level; above--) {
            long address = table + 8L * mode.index(va, above);
            long pte = memory.readLong(address);
            if (!Pte.isValid(pte) && makes) {
                pte = Pte.table(newTable());
                memory.writeLong(address, pte);
            }
            if (!Pte.isValid(pte) || Pte.isLeaf(pte)) {
                return -1;
            }
            table = Pte.physicalAddress(pte);
        }
        return table + 8L * mode.index(va, level);
    }

    /** Where a hart finds what it executes; -1 where nowhere. */
    private long physical(Hart hart, long va) {
        if (!mode.isUserHalf(va)) {
            return -1;
        }
        for (int level = 0; level < 2; level++) {
            long address = pteAddress(hart.mmu().rootAddress(), va, level, false);
            long pte = address < 0 ? 0 : memory.readLong(address);
            if (Pte.isValid(pte) && Pte.isLeaf(pte)) {
                long physical = Pte.physicalAddress(pte) + (va & PagingMode.pageSizeBytes(level) - 1);
                return memory.contains(physical, 2) ? physical : -1;
            }
        }
        return -1;
    }

    /** The kernel's coin, the same whenever it comes to the same call. */
    private Random decision() {
        return new Random(test.seed() * 1_000_003 + kernel.callCount * 17);
    }

    private KernelStep trap(Hart hart, TrapCause cause, long value) {
        Random random = decision();
        hart.charge(random.nextInt(60));
        if (cause.isInterrupt()) {
            if (cause == TrapCause.TIMER_INTERRUPT && random.nextInt(8) != 0) {
                machine.raise(hart.id(), InterruptLine.TIMER, hart.cycle + 1 + random.nextInt(spread(random)));
            }
            return KernelStep.RESUME;
        }
        if (++kernel.notes[16 + hart.id()] > MOST_TRAPS || cause == TrapCause.SYSTEM_CALL && exits(hart)) {
            kernel.notes[hart.id()] = 2;
            return KernelStep.IDLE;
        }
        return switch (cause) {
            case SYSTEM_CALL -> {
                hart.pc += 4;
                yield service(hart, random);
            }
            case LOAD_PAGE_FAULT, STORE_PAGE_FAULT, INSTRUCTION_PAGE_FAULT -> pageFault(hart, cause, value, random);
            default -> skip(hart, random);
        };
    }

    private static boolean exits(Hart hart) {
        return hart.x[Layout.SERVICE] == Layout.EXIT;
    }

    private int spread(Random random) {
        return random.nextBoolean() ? 3000 : 100;
    }

    private KernelStep continued(Hart hart) {
        Random random = decision();
        hart.charge(random.nextInt(40));
        return random.nextInt(4) == 0 ? KernelStep.RESUME_ONCE : KernelStep.RESUME;
    }

    private void serviced(Hart hart, InterruptLine line, long nowCycle) {
        if (kernel.callCount % 3 == 0) {
            hart.mmu().flush(TlbFlush.ofAsid(1));
        }
        if (kernel.notes[hart.id()] == 1) {
            kernel.notes[hart.id()] = 0;
            machine.hartControl().wake(hart.id(), nowCycle + kernel.callCount % 2 * 300);
        }
    }

    private KernelStep pageFault(Hart hart, TrapCause cause, long va, Random random) {
        boolean store = cause == TrapCause.STORE_PAGE_FAULT;
        long root = hart.mmu().rootAddress();
        for (int level = 0; level < 2 && mode.isUserHalf(va); level++) {
            long address = pteAddress(root, va, level, false);
            long pte = address < 0 ? 0 : memory.readLong(address);
            boolean permitted = (pte & (store ? Pte.W : cause == TrapCause.LOAD_PAGE_FAULT ? Pte.R : Pte.X)) != 0;
            if (Pte.isValid(pte) && Pte.isLeaf(pte) && permitted) {
                // A or D is missing; or the TLB has what is no more.
                memory.writeLong(address, pte | Pte.A | (store ? Pte.D : 0));
                hart.mmu().flush(TlbFlush.address(va));
                return KernelStep.RESUME;
            }
        }
        if (va >= Layout.LAZY && va < Layout.LAZY + Layout.LAZY_PAGES * PAGE_BYTES) {
            long frame = lazyFrames + (va - Layout.LAZY & PagingMode.PAGE_MASK);
            long flags =
                    random.nextBoolean() ? RW | Pte.A | Pte.D : Pte.R | Pte.U | Pte.A | (store ? Pte.W | Pte.D : 0);
            mapEverywhere(va & PagingMode.PAGE_MASK, frame, flags);
            hart.mmu().flush(TlbFlush.address(va));
            return random.nextInt(4) == 0 ? KernelStep.RESUME_ONCE : KernelStep.RESUME;
        }
        return skip(hart, random);
    }

    /** On behind the instruction, or where there is none, from the beginning. */
    private KernelStep skip(Hart hart, Random random) {
        if (random.nextInt(100) == 0) {
            kernel.notes[hart.id()] = 2;
            return KernelStep.IDLE;
        }
        long address = (hart.pc & 1) == 0 ? physical(hart, hart.pc) : -1;
        if (address >= 0 && random.nextInt(80) == 0) {
            // No jump leads there, but a kernel may.
            hart.pc |= 1;
        } else if (address < 0 || random.nextInt(30) == 0) {
            hart.pc = entry(random.nextBoolean() ? RandomProgram.ENTRY : RandomProgram.OTHER_ENTRY);
        } else {
            hart.pc += Decoder.lengthBytes(memory.readShort(address));
        }
        return KernelStep.RESUME;
    }

    private KernelStep service(Hart hart, Random random) {
        int other = random.nextInt(machine.harts().size());
        long later = hart.cycle + machine.interleaving().interruptLatencyCycles() + random.nextInt(100);
        switch (random.nextInt(20)) {
            case 0, 1 -> {
                return KernelStep.CONTINUE;
            }
            case 2 -> {
                return KernelStep.RESUME_ONCE;
            }
            case 3, 4 -> {
                int space = hart.mmu().rootAddress() == roots[0] ? 1 : 0;
                hart.mmu().setAddressSpace(roots[space], space + 1);
            }
            case 5 -> hart.mmu().flush(TlbFlush.all());
            case 6 -> hart.mmu().flush(TlbFlush.address(hart.pc));
            case 7 -> machine.raise(hart.id(), InterruptLine.TIMER, hart.cycle + 1 + random.nextInt(spread(random)));
            case 8 -> machine.raise(other, InterruptLine.SOFTWARE, later);
            case 9 -> {
                // Its own interrupt wakes it, if nobody else's does.
                machine.raise(hart.id(), InterruptLine.SOFTWARE, later);
                kernel.notes[hart.id()] = 1;
                return random.nextBoolean() ? KernelStep.WAIT : KernelStep.IDLE;
            }
            case 10 -> rewriteCode(random, true);
            case 11 -> rewriteCode(random, false);
            case 13 -> {
                for (int page = 0; page < Layout.LAZY_PAGES; page++) {
                    long va = Layout.LAZY + (long) page * PAGE_BYTES;
                    for (int space = 0; space < SPACES; space++) {
                        put(space, va, 0, 0);
                    }
                    hart.mmu().flush(TlbFlush.address(va));
                }
            }
            case 14 -> changeRights(hart, Layout.DATA + PAGE_BYTES * (long) random.nextInt(Layout.DATA_PAGES), Pte.D);
            case 15 -> swapPages(hart, random);
            case 16 -> changeRights(hart, Layout.READ_ONLY, Pte.W);
            default -> {
                // Nothing special.
            }
        }
        return KernelStep.RESUME;
    }

    /** A frame of code as a whole, or eight bytes of it, as they were at first, in this space or the other. */
    private void rewriteCode(Random random, boolean whole) {
        if (kernel.callCount > MOST_CALLS_WITH_REWRITES) {
            // What changes again and again is not translated any more.
            return;
        }
        byte[] bytes = random.nextBoolean() ? code.bytes() : code.otherBytes();
        long frames = random.nextBoolean() ? CODE_FRAMES : OTHER_CODE_FRAMES;
        int offset = random.nextInt(bytes.length) & (whole ? -PAGE_BYTES : -8);
        int length = whole ? PAGE_BYTES : 8;
        machine.bus().announceStore(frames + offset, length);
        memory.write(frames + offset, bytes, offset, length);
    }

    private void changeRights(Hart hart, long va, long flag) {
        for (int space = 0; space < SPACES; space++) {
            long address = pteAddress(roots[space], va, 0, false);
            memory.writeLong(address, memory.readLong(address) ^ flag);
        }
        hart.mmu().flush(TlbFlush.address(va));
    }

    private void swapPages(Hart hart, Random random) {
        long one = Layout.SWEEP + PAGE_BYTES * (long) random.nextInt(Layout.SWEEP_PAGES);
        long two = Layout.DATA;
        for (int space = 0; space < SPACES; space++) {
            long first = pteAddress(roots[space], one, 0, false);
            long second = pteAddress(roots[space], two, 0, false);
            long pte = memory.readLong(first);
            memory.writeLong(first, memory.readLong(second));
            memory.writeLong(second, pte);
        }
        hart.mmu().flush(TlbFlush.address(one));
        hart.mmu().flush(TlbFlush.address(two));
    }

    /** Some registers interrupt whoever writes them, soon. */
    private void deviceWritten(long offset, long value, long nowCycle) {
        Hart hart = machine.hartUnderWay();
        device.answer = device.answer * 31 + value;
        if (offset == 16 && hart != null) {
            machine.raise(hart.id(), InterruptLine.TIMER, nowCycle + 1 + (value & 63));
        } else if (offset == 24 && hart != null) {
            machine.raise(hart.id(), InterruptLine.EXTERNAL, nowCycle + 1 + (value & 1023));
        }
    }

    /** What of RAM is used, as pairs of first address and length. */
    long[][] usedRanges() {
        return new long[][] {{RAM, nextFrame - RAM}, {LARGE_FRAME, 0x9000}};
    }

    PhysicalMemory memory() {
        return memory;
    }

    String listing() {
        return code.listing(Layout.CODE);
    }
}
