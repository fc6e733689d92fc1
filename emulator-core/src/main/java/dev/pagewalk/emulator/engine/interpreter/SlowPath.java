package dev.pagewalk.emulator.engine.interpreter;

import dev.pagewalk.emulator.bus.PhysicalBus;
import dev.pagewalk.emulator.debug.DebugPoints;
import dev.pagewalk.emulator.engine.Arithmetic;
import dev.pagewalk.emulator.engine.MemoryAccess;
import dev.pagewalk.emulator.engine.code.DecodedWord;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.Reservations;
import dev.pagewalk.emulator.isa.Csr;
import dev.pagewalk.emulator.isa.Opcode;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.trap.TrapCause;
import dev.pagewalk.mmu.access.AccessType;

/**
 * The slow twin of {@link Interpreter#runFast}: loads and stores that miss the L0 filter, atomics, counters, fences and
 * traps.
 *
 * <p>Next stop on the path of a load: {@link MemoryAccess#load}.
 */
public final class SlowPath {
    private final Hart hart;
    private final MemoryAccess memory;
    private final DebugPoints debugPoints;
    private final int cyclesPerTimerTick;

    SlowPath(Hart hart, PhysicalBus bus, Reservations reservations, DebugPoints debugPoints, TimingProfile profile) {
        this.hart = hart;
        this.debugPoints = debugPoints;
        this.memory = new MemoryAccess(hart, bus, reservations, profile);
        this.cyclesPerTimerTick = profile.cyclesPerTimerTick();
    }

    /**
     * Executes the instruction at {@code hart.pc}. Either it sets {@code hart.nextPc}, and the caller retires it and adds
     * its class's cycles, or it records a trap and has changed nothing.
     */
    public void execute(long word) {
        final long[] x = hart.x;
        final int rd = DecodedWord.rd(word);
        final long a = x[DecodedWord.rs1(word)];
        final long b = x[DecodedWord.rs2(word)];
        final long immediate = DecodedWord.immediate(word);
        final long address = a + immediate;
        hart.nextPc = hart.pc + DecodedWord.lengthBytes(word);
        switch (DecodedWord.opcode(word)) {
            case Opcode.LB -> write(rd, (byte) memory.load(address, 1));
            case Opcode.LBU -> write(rd, memory.load(address, 1));
            case Opcode.LH -> write(rd, (short) memory.load(address, 2));
            case Opcode.LHU -> write(rd, memory.load(address, 2));
            case Opcode.LW -> write(rd, (int) memory.load(address, 4));
            case Opcode.LWU -> write(rd, memory.load(address, 4));
            case Opcode.LD -> write(rd, memory.load(address, 8));
            case Opcode.SB -> memory.store(address, 1, b);
            case Opcode.SH -> memory.store(address, 2, b);
            case Opcode.SW -> memory.store(address, 4, b);
            case Opcode.SD -> memory.store(address, 8, b);

            case Opcode.LR_W -> write(rd, (int) memory.loadReserved(a, 4));
            case Opcode.LR_D -> write(rd, memory.loadReserved(a, 8));
            case Opcode.SC_W -> write(rd, memory.storeConditional(a, 4, b));
            case Opcode.SC_D -> write(rd, memory.storeConditional(a, 8, b));
            case Opcode.AMOSWAP_W,
                    Opcode.AMOADD_W,
                    Opcode.AMOXOR_W,
                    Opcode.AMOAND_W,
                    Opcode.AMOOR_W,
                    Opcode.AMOMIN_W,
                    Opcode.AMOMAX_W,
                    Opcode.AMOMINU_W,
                    Opcode.AMOMAXU_W -> atomicWord(DecodedWord.opcode(word), rd, a, (int) b);
            case Opcode.AMOSWAP_D,
                    Opcode.AMOADD_D,
                    Opcode.AMOXOR_D,
                    Opcode.AMOAND_D,
                    Opcode.AMOOR_D,
                    Opcode.AMOMIN_D,
                    Opcode.AMOMAX_D,
                    Opcode.AMOMINU_D,
                    Opcode.AMOMAXU_D -> atomicDouble(DecodedWord.opcode(word), rd, a, b);

            case Opcode.CSRRW, Opcode.CSRRWI -> accessCsr(rd, (int) immediate, true);
            case Opcode.CSRRS, Opcode.CSRRC, Opcode.CSRRSI, Opcode.CSRRCI ->
                accessCsr(rd, (int) immediate, DecodedWord.rs1(word) != 0);

            // Harts see each other's stores at once and fetch is coherent: there is nothing to order.
            case Opcode.FENCE, Opcode.FENCE_I -> {}

            case Opcode.ECALL -> hart.trap(TrapCause.SYSTEM_CALL, 0);
            case Opcode.EBREAK -> hart.trap(TrapCause.BREAKPOINT, hart.pc);

            default -> throw new IllegalStateException("no slow path for opcode " + DecodedWord.opcode(word));
        }
    }

    /** Whether a debugger wants to stop before the instruction at {@code hart.pc}, for what it accesses. */
    boolean stopsBefore(long word) {
        final long address = hart.x[DecodedWord.rs1(word)] + DecodedWord.immediate(word);
        final int opcode = DecodedWord.opcode(word);
        return switch (opcode) {
            case Opcode.LB, Opcode.LBU, Opcode.LH, Opcode.LHU, Opcode.LW, Opcode.LWU, Opcode.LD ->
                debugPoints.stopsBeforeAccess(hart, address, DecodedWord.rs2(word) + 1, AccessType.LOAD);
            case Opcode.SB, Opcode.SH, Opcode.SW, Opcode.SD ->
                debugPoints.stopsBeforeAccess(hart, address, DecodedWord.rd(word) + 1, AccessType.STORE);
            default -> Opcode.isAtomic(opcode) && stopsBeforeAtomic(opcode, address);
        };
    }

    private boolean stopsBeforeAtomic(int opcode, long address) {
        final int sizeBytes = Opcode.atomicSizeBytes(opcode);
        final boolean loads = opcode != Opcode.SC_W && opcode != Opcode.SC_D;
        final boolean stores = opcode != Opcode.LR_W && opcode != Opcode.LR_D;
        return loads && debugPoints.stopsBeforeAccess(hart, address, sizeBytes, AccessType.LOAD)
                || stores && debugPoints.stopsBeforeAccess(hart, address, sizeBytes, AccessType.STORE);
    }

    private void write(int rd, long value) {
        if (hart.trapCause() == null) {
            hart.x[rd] = value;
        }
    }

    /** Word atomics: the operands are the low 32 bits, the old value is sign-extended. */
    private void atomicWord(int opcode, int rd, long va, int operand) {
        long address = memory.atomicAddress(va, 4);
        if (address < 0) {
            return;
        }
        int old = (int) memory.readRam(address, 4);
        int value = switch (opcode) {
            case Opcode.AMOSWAP_W -> operand;
            case Opcode.AMOADD_W -> old + operand;
            case Opcode.AMOXOR_W -> old ^ operand;
            case Opcode.AMOAND_W -> old & operand;
            case Opcode.AMOOR_W -> old | operand;
            case Opcode.AMOMIN_W -> Math.min(old, operand);
            case Opcode.AMOMAX_W -> Math.max(old, operand);
            case Opcode.AMOMINU_W -> Arithmetic.lessUnsigned(old, operand) ? old : operand;
            default -> Arithmetic.lessUnsigned(old, operand) ? operand : old;
        };
        memory.writeRam(address, 4, value);
        hart.x[rd] = old;
    }

    private void atomicDouble(int opcode, int rd, long va, long operand) {
        long address = memory.atomicAddress(va, 8);
        if (address < 0) {
            return;
        }
        long old = memory.readRam(address, 8);
        long value = switch (opcode) {
            case Opcode.AMOSWAP_D -> operand;
            case Opcode.AMOADD_D -> old + operand;
            case Opcode.AMOXOR_D -> old ^ operand;
            case Opcode.AMOAND_D -> old & operand;
            case Opcode.AMOOR_D -> old | operand;
            case Opcode.AMOMIN_D -> Math.min(old, operand);
            case Opcode.AMOMAX_D -> Math.max(old, operand);
            case Opcode.AMOMINU_D -> Arithmetic.lessUnsigned(old, operand) ? old : operand;
            default -> Arithmetic.lessUnsigned(old, operand) ? operand : old;
        };
        memory.writeRam(address, 8, value);
        hart.x[rd] = old;
    }

    /** The user counters, which are read-only; every other CSR is illegal in U-mode here. */
    private void accessCsr(int rd, int csr, boolean writes) {
        if (writes) {
            hart.trap(TrapCause.ILLEGAL_INSTRUCTION, 0);
            return;
        }
        switch (csr) {
            case Csr.CYCLE -> write(rd, hart.cycle);
            case Csr.TIME -> write(rd, hart.cycle / cyclesPerTimerTick);
            case Csr.INSTRET -> write(rd, hart.retired);
            default -> hart.trap(TrapCause.ILLEGAL_INSTRUCTION, 0);
        }
    }
}
