package dev.pagewalk.emulator.engine.translator;

import static org.objectweb.asm.Opcodes.*;

import dev.pagewalk.emulator.engine.code.DecodedWord;
import dev.pagewalk.emulator.engine.translator.RegionLocals.HostAccess;
import dev.pagewalk.emulator.engine.translator.RegionLocals.HostArray;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.isa.Format;
import dev.pagewalk.emulator.isa.InstructionTable;
import dev.pagewalk.emulator.isa.Opcode;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.tlb.L0Filter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/**
 * Writes what single instructions do to registers and memory.
 *
 * <p>Next stop on the path of a load: the L0 hit in {@link #emitAccess}, or {@link Passage#slow} after a miss.
 */
final class InstructionEmitter {
    private static final String OUT_OF_LINE = RegionEmitter.PACKAGE + "OutOfLine";
    private static final String ARITHMETIC = "dev/pagewalk/emulator/engine/Arithmetic";
    private static final String BINARY = "(JJ)J";

    private final RegionEmitter region;
    private final MethodVisitor method;
    private final RegionLocals locals;
    private final boolean keepsLoopsInRegisters;

    InstructionEmitter(RegionEmitter region, MethodVisitor method, RegionLocals locals, boolean keepsLoopsInRegisters) {
        this.keepsLoopsInRegisters = keepsLoopsInRegisters;
        this.region = region;
        this.method = method;
        this.locals = locals;
    }

    /** An instruction behind which execution goes on with the next. */
    void emit(Site site, Block block) {
        long word = site.word();
        int opcode = DecodedWord.opcode(word);
        switch (InstructionTable.get(opcode).format()) {
            case LOAD -> emitAccess(site, block, true);
            case STORE -> emitAccess(site, block, false);
            case LOAD_RESERVED, ATOMIC, CSR, CSR_IMMEDIATE -> emitSlow(site, block);
            // Harts see each other's stores at once and fetch is coherent: there is nothing to order.
            case FENCE, NONE -> {}
            default -> {
                if (DecodedWord.rd(word) != Hart.SINK) {
                    emitComputation(site);
                    method.visitVarInsn(LSTORE, locals.of(DecodedWord.rd(word)));
                }
            }
        }
    }

    private void emitComputation(Site site) {
        long word = site.word();
        long immediate = DecodedWord.immediate(word);
        switch (DecodedWord.opcode(word)) {
            case Opcode.LUI -> RegionEmitter.push(method, immediate);
            case Opcode.AUIPC -> emitWindowOffset(site.offset() + immediate);
            case Opcode.ADDI -> emitSum(word);
            case Opcode.SLTI -> emitLess(() -> operands(word, immediate));
            case Opcode.SLTIU ->
                emitLess(() -> {
                    pushComparand(DecodedWord.rs1(word), true);
                    RegionEmitter.push(method, immediate + Long.MIN_VALUE);
                });
            case Opcode.XORI -> emitInstruction(LXOR, () -> operands(word, immediate));
            case Opcode.ORI -> emitInstruction(LOR, () -> operands(word, immediate));
            case Opcode.ANDI -> emitInstruction(LAND, () -> operands(word, immediate));
            case Opcode.SLLI -> emitInstruction(LSHL, () -> shiftOperands(word, immediate));
            case Opcode.SRLI -> emitInstruction(LUSHR, () -> shiftOperands(word, immediate));
            case Opcode.SRAI -> emitInstruction(LSHR, () -> shiftOperands(word, immediate));
            case Opcode.ADD -> emitInstruction(LADD, () -> operands(word));
            case Opcode.SUB -> emitInstruction(LSUB, () -> operands(word));
            case Opcode.SLL -> emitInstruction(LSHL, () -> shiftOperands(word));
            case Opcode.SLT -> emitLess(() -> operands(word));
            case Opcode.SLTU ->
                emitLess(() -> {
                    pushComparand(DecodedWord.rs1(word), true);
                    pushComparand(DecodedWord.rs2(word), true);
                });
            case Opcode.XOR -> emitInstruction(LXOR, () -> operands(word));
            case Opcode.SRL -> emitInstruction(LUSHR, () -> shiftOperands(word));
            case Opcode.SRA -> emitInstruction(LSHR, () -> shiftOperands(word));
            case Opcode.OR -> emitInstruction(LOR, () -> operands(word));
            case Opcode.AND -> emitInstruction(LAND, () -> operands(word));
            case Opcode.ADDIW -> emitWordInstruction(IADD, () -> wordOperands(word, immediate));
            case Opcode.SLLIW -> emitWordInstruction(ISHL, () -> wordOperands(word, immediate));
            case Opcode.SRLIW -> emitWordInstruction(IUSHR, () -> wordOperands(word, immediate));
            case Opcode.SRAIW -> emitWordInstruction(ISHR, () -> wordOperands(word, immediate));
            case Opcode.ADDW -> emitWordInstruction(IADD, () -> wordOperands(word));
            case Opcode.SUBW -> emitWordInstruction(ISUB, () -> wordOperands(word));
            case Opcode.SLLW -> emitWordInstruction(ISHL, () -> wordOperands(word));
            case Opcode.SRLW -> emitWordInstruction(IUSHR, () -> wordOperands(word));
            case Opcode.SRAW -> emitWordInstruction(ISHR, () -> wordOperands(word));
            case Opcode.MUL -> emitInstruction(LMUL, () -> operands(word));
            case Opcode.MULH -> emitCall("java/lang/Math", "multiplyHigh", () -> operands(word));
            case Opcode.MULHSU -> emitCall(ARITHMETIC, "multiplyHighSignedUnsigned", () -> operands(word));
            case Opcode.MULHU -> emitCall(ARITHMETIC, "multiplyHighUnsigned", () -> operands(word));
            case Opcode.DIV -> emitCall(ARITHMETIC, "divide", () -> operands(word));
            case Opcode.DIVU -> emitCall(ARITHMETIC, "divideUnsigned", () -> operands(word));
            case Opcode.REM -> emitCall(ARITHMETIC, "remainder", () -> operands(word));
            case Opcode.REMU -> emitCall(ARITHMETIC, "remainderUnsigned", () -> operands(word));
            case Opcode.MULW -> emitWordInstruction(IMUL, () -> wordOperands(word));
            case Opcode.DIVW -> emitCall(OUT_OF_LINE, "divideWord", () -> operands(word));
            case Opcode.DIVUW -> emitCall(OUT_OF_LINE, "divideUnsignedWord", () -> operands(word));
            case Opcode.REMW -> emitCall(OUT_OF_LINE, "remainderWord", () -> operands(word));
            case Opcode.REMUW -> emitCall(OUT_OF_LINE, "remainderUnsignedWord", () -> operands(word));
            default ->
                throw new IllegalStateException("no translation of "
                        + InstructionTable.get(DecodedWord.opcode(word)).mnemonic());
        }
    }

    private void emitInstruction(int instruction, Runnable operands) {
        operands.run();
        method.visitInsn(instruction);
    }

    /** On the low 32 bits, the result sign-extended. */
    private void emitWordInstruction(int instruction, Runnable operands) {
        operands.run();
        method.visitInsn(instruction);
        method.visitInsn(I2L);
    }

    private void emitCall(String owner, String name, Runnable operands) {
        operands.run();
        method.visitMethodInsn(INVOKESTATIC, owner, name, BINARY, false);
    }

    /** 1 where the first operand is less, else 0: the sign of the comparison. */
    private void emitLess(Runnable operands) {
        operands.run();
        method.visitInsn(LCMP);
        RegionEmitter.push(method, 31);
        method.visitInsn(IUSHR);
        method.visitInsn(I2L);
    }

    private void operands(long word) {
        pushRegister(DecodedWord.rs1(word));
        pushRegister(DecodedWord.rs2(word));
    }

    private void operands(long word, long immediate) {
        pushRegister(DecodedWord.rs1(word));
        RegionEmitter.push(method, immediate);
    }

    /** Java's shifts look at as many bits of the amount as RISC-V's. */
    private void shiftOperands(long word) {
        operands(word);
        method.visitInsn(L2I);
    }

    private void shiftOperands(long word, long immediate) {
        pushRegister(DecodedWord.rs1(word));
        RegionEmitter.push(method, (int) immediate);
    }

    private void wordOperands(long word) {
        pushRegister(DecodedWord.rs1(word));
        method.visitInsn(L2I);
        pushRegister(DecodedWord.rs2(word));
        method.visitInsn(L2I);
    }

    private void wordOperands(long word, long immediate) {
        pushRegister(DecodedWord.rs1(word));
        method.visitInsn(L2I);
        RegionEmitter.push(method, (int) immediate);
    }

    private void pushRegister(int register) {
        if (register == 0) {
            method.visitInsn(LCONST_0);
        } else {
            method.visitVarInsn(LLOAD, locals.of(register));
        }
    }

    /** rs1 + immediate. */
    private void emitSum(long word) {
        long immediate = DecodedWord.immediate(word);
        if (DecodedWord.rs1(word) == 0) {
            RegionEmitter.push(method, immediate);
            return;
        }
        pushRegister(DecodedWord.rs1(word));
        if (immediate != 0) {
            RegionEmitter.push(method, immediate);
            method.visitInsn(LADD);
        }
    }

    /** An address relative to the window: regions do not know where they are mapped. */
    private void emitWindowOffset(long offset) {
        method.visitVarInsn(LLOAD, RegionLocals.WINDOW);
        RegionEmitter.push(method, offset);
        method.visitInsn(LADD);
    }

    /** A load or store: inline where the L0 filter has the page, else by a stub. */
    private void emitAccess(Site site, Block block, boolean isLoad) {
        long word = site.word();
        int rd = isLoad ? DecodedWord.rd(word) : Hart.SINK;
        Label slow = new Label();
        Label back = new Label();
        emitSum(word);
        method.visitVarInsn(LSTORE, RegionLocals.ADDRESS);
        emitHitTest(word, isLoad, slow);
        if (locals.writesStamps()) {
            emitStamp(site, isLoad);
        }
        HostAccess size = sizeOf(word, isLoad);
        if (size != null) {
            locals.emitAccess(method, size);
        }
        emitElement(isLoad ? HostArray.LOAD_CHUNKS : HostArray.STORE_CHUNKS, AALOAD);
        emitElement(isLoad ? HostArray.LOAD_ADDENDS : HostArray.STORE_ADDENDS, IALOAD);
        method.visitVarInsn(LLOAD, RegionLocals.ADDRESS);
        method.visitInsn(L2I);
        method.visitInsn(IADD);
        if (isLoad) {
            emitRead(word, size);
            if (rd == Hart.SINK) {
                method.visitInsn(POP2);
            } else {
                method.visitVarInsn(LSTORE, locals.of(rd));
            }
        } else {
            emitWrite(word, size);
        }
        region.place(back);
        int number = region.addSite(site, block);
        region.addStub(() -> {
            region.place(slow);
            emitSlowCall(site, block, number, rd);
            method.visitJumpInsn(GOTO, back);
        });
    }

    /** Goes on where the L0 filter has the page, else at a label. */
    private void emitHitTest(long word, boolean isLoad, Label miss) {
        locals.emitArray(method, isLoad ? HostArray.LOAD_TAGS : HostArray.STORE_TAGS);
        method.visitVarInsn(LLOAD, RegionLocals.ADDRESS);
        method.visitInsn(L2I);
        RegionEmitter.push(method, PagingMode.PAGE_SHIFT);
        method.visitInsn(IUSHR);
        RegionEmitter.push(method, L0Filter.LINES - 1);
        method.visitInsn(IAND);
        locals.emitLineInBank(method);
        method.visitInsn(DUP);
        method.visitVarInsn(ISTORE, RegionLocals.LINE);
        method.visitInsn(LALOAD);
        method.visitVarInsn(LLOAD, RegionLocals.ADDRESS);
        RegionEmitter.push(method, isLoad ? DecodedWord.loadTagMask(word) : DecodedWord.storeTagMask(word));
        method.visitInsn(LAND);
        method.visitInsn(LCMP);
        method.visitJumpInsn(IFNE, miss);
    }

    private void emitElement(HostArray array, int instruction) {
        locals.emitArray(method, array);
        method.visitVarInsn(ILOAD, RegionLocals.LINE);
        method.visitInsn(instruction);
    }

    private void emitStamp(Site site, boolean isLoad) {
        method.visitVarInsn(ALOAD, RegionLocals.STAMPS);
        emitElement(isLoad ? HostArray.LOAD_PLACES : HostArray.STORE_PLACES, IALOAD);
        method.visitVarInsn(LLOAD, RegionLocals.ACCESS_BASE);
        method.visitVarInsn(LLOAD, RegionLocals.COUNTS);
        RegionEmitter.push(method, site.accessesBefore());
        method.visitMethodInsn(INVOKESTATIC, OUT_OF_LINE, "stamp", "([JIJJI)V", false);
    }

    /** Null for bytes, which need no handle. */
    private static HostAccess sizeOf(long word, boolean isLoad) {
        long mask = isLoad ? DecodedWord.loadTagMask(word) : DecodedWord.storeTagMask(word);
        return mask == L0Filter.BYTE
                ? null
                : mask == L0Filter.HALF ? HostAccess.HALF : mask == L0Filter.WORD ? HostAccess.WORD : HostAccess.DOUBLE;
    }

    /** On the stack the handle, if any, the array and the index; leaves the value. */
    private void emitRead(long word, HostAccess size) {
        if (size == null) {
            method.visitInsn(BALOAD);
        } else {
            method.visitMethodInsn(
                    INVOKEVIRTUAL, "java/lang/invoke/VarHandle", "get", "([BI)" + descriptor(size), false);
        }
        switch (DecodedWord.opcode(word)) {
            case Opcode.LBU -> mask(0xFF);
            case Opcode.LHU -> mask(0xFFFF);
            default -> {}
        }
        if (size != HostAccess.DOUBLE) {
            method.visitInsn(I2L);
        }
        if (DecodedWord.opcode(word) == Opcode.LWU) {
            RegionEmitter.push(method, 0xFFFFFFFFL);
            method.visitInsn(LAND);
        }
    }

    private void mask(int bits) {
        RegionEmitter.push(method, bits);
        method.visitInsn(IAND);
    }

    private void emitWrite(long word, HostAccess size) {
        pushRegister(DecodedWord.rs2(word));
        if (size == null) {
            method.visitInsn(L2I);
            method.visitInsn(BASTORE);
            return;
        }
        if (size != HostAccess.DOUBLE) {
            method.visitInsn(L2I);
        }
        if (size == HostAccess.HALF) {
            method.visitInsn(I2S);
        }
        method.visitMethodInsn(
                INVOKEVIRTUAL, "java/lang/invoke/VarHandle", "set", "([BI" + descriptor(size) + ")V", false);
    }

    private static String descriptor(HostAccess size) {
        return size == HostAccess.HALF ? "S" : size == HostAccess.WORD ? "I" : "J";
    }

    /** An instruction that the fast path never executes. */
    private void emitSlow(Site site, Block block) {
        emitSlowCall(site, block, region.addSite(site, block), DecodedWord.rd(site.word()));
    }

    /** A system call or breakpoint: it always traps. */
    void emitTrap(Site site, Block block) {
        emitSlow(site, block);
        method.visitJumpInsn(GOTO, region.leftLabel());
    }

    /**
     * Has an instruction executed by {@link Passage#slow}. HotSpot keeps what is live across a call on the stack, and not just for the
     * call; so in a loop nothing that the loop uses is: it is handed over in the hart's registers, and fetched from there.
     */
    private void emitSlowCall(Site site, Block block, int number, int rd) {
        long word = site.word();
        int handedOver = keepsLoopsInRegisters ? block.loopRegisters : 0;
        locals.emitStores(method, handedOver);
        Format format = InstructionTable.get(DecodedWord.opcode(word)).format();
        method.visitVarInsn(ALOAD, RegionLocals.PASSAGE);
        pushRegister(DecodedWord.rs1(word));
        pushRegister(format == Format.STORE || format == Format.ATOMIC ? DecodedWord.rs2(word) : 0);
        RegionEmitter.push(method, number);
        method.visitVarInsn(LLOAD, RegionLocals.LEFT);
        method.visitVarInsn(LLOAD, RegionLocals.COUNTS);
        method.visitMethodInsn(INVOKEVIRTUAL, RegionEmitter.PACKAGE + "Passage", "slow", "(JJIJJ)J", false);
        method.visitInsn(DUP2);
        method.visitVarInsn(LSTORE, RegionLocals.LEFT);
        method.visitInsn(LCONST_0);
        method.visitInsn(LCMP);
        method.visitJumpInsn(IFLT, region.leftLabel());
        if (locals.writesStamps()) {
            locals.emitAccessBase(method);
        }
        if (handedOver != 0) {
            locals.emitLoads(method, handedOver);
            emitField("counts");
            method.visitVarInsn(LSTORE, RegionLocals.COUNTS);
        } else if (rd != Hart.SINK) {
            emitField("value");
            method.visitVarInsn(LSTORE, locals.of(rd));
        }
    }

    private void emitField(String name) {
        method.visitVarInsn(ALOAD, RegionLocals.PASSAGE);
        method.visitFieldInsn(GETFIELD, RegionEmitter.PACKAGE + "Passage", name, "J");
    }

    /** The return address of a jump that links. */
    void emitLink(Site site) {
        long word = site.word();
        if (DecodedWord.rd(word) != Hart.SINK) {
            emitWindowOffset(site.offset() + DecodedWord.lengthBytes(word));
            method.visitVarInsn(LSTORE, locals.of(DecodedWord.rd(word)));
        }
    }

    /** Where an indirect jump leads, and its return address. */
    void emitIndirectTarget(Site site) {
        emitSum(site.word());
        RegionEmitter.push(method, -2L);
        method.visitInsn(LAND);
        method.visitVarInsn(LSTORE, RegionLocals.TARGET);
        emitLink(site);
    }

    /** Jumps where a branch is taken. */
    void emitBranch(Site site, Label taken) {
        long word = site.word();
        int opcode = DecodedWord.opcode(word);
        boolean isUnsigned = opcode == Opcode.BLTU || opcode == Opcode.BGEU;
        pushComparand(DecodedWord.rs1(word), isUnsigned);
        pushComparand(DecodedWord.rs2(word), isUnsigned);
        method.visitInsn(LCMP);
        method.visitJumpInsn(
                switch (opcode) {
                    case Opcode.BEQ -> IFEQ;
                    case Opcode.BNE -> IFNE;
                    case Opcode.BLT, Opcode.BLTU -> IFLT;
                    default -> IFGE;
                },
                taken);
    }

    private void pushComparand(int register, boolean isUnsigned) {
        pushRegister(register);
        if (isUnsigned) {
            RegionEmitter.push(method, Long.MIN_VALUE);
            method.visitInsn(LADD);
        }
    }
}
