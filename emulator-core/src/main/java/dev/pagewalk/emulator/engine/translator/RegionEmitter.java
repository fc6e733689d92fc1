package dev.pagewalk.emulator.engine.translator;

import static org.objectweb.asm.Opcodes.*;

import dev.pagewalk.emulator.engine.ExitReason;
import dev.pagewalk.emulator.engine.code.DecodedWord;
import dev.pagewalk.emulator.isa.Opcode;
import dev.pagewalk.mmu.table.PagingMode;
import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/**
 * Writes the class of a region: control flow, clock and exits. What single instructions do is {@link InstructionEmitter}'s.
 *
 * <pre>
 * int run(Passage passage, long[] x, long left, long window, int entry) {
 *     load registers
 *     switch (entry) -> its block
 *     block:  if (left < worst cost to the next check) exit      at heads of loops and entries
 *             instructions; a miss of the L0 filter jumps to its slow stub
 *             left -= cycles; counts += retired, accesses
 *             branch to a block, or to an exit stub, or with a number to the switch
 *     slow stubs:  left = passage.slow(...); if (left < 0) leave; go back
 *     exit stubs:  entry = number of the exit
 *     leave:  store registers, left, counts; return entry
 * }
 * </pre>
 */
final class RegionEmitter {
    static final String PACKAGE = "dev/pagewalk/emulator/engine/translator/";
    private static final String CLASS_NAME = PACKAGE + "TranslatedRegion";
    private static final String SUPERCLASS = PACKAGE + "RegionCode";
    private static final String RUN_DESCRIPTOR = "(L" + PACKAGE + "Passage;[JJJI)I";

    /** From so many cases on (flag MinJumpTableSize) C2 would jump by a table, which the host predicts worse than branches. */
    private static final int LEAST_TO_SEARCH = 10;

    private final RegionPlan plan;
    private final boolean keepsLoopsInRegisters;
    private final RegionLocals locals;
    private final List<Site> sites = new ArrayList<>();
    private final List<Integer> worstCycles = new ArrayList<>();
    private final List<Exit> exits = new ArrayList<>();
    private final List<Runnable> stubs = new ArrayList<>();
    private final Label[] blockLabels;
    private final Label switchLabel = new Label();
    private final Label leaveLabel = new Label();
    private final Label leftLabel = new Label();
    private MethodVisitor method;
    private boolean hasFrame;

    private RegionEmitter(RegionPlan plan, RegionTraits traits, boolean keepsLoopsInRegisters) {
        this.plan = plan;
        this.keepsLoopsInRegisters = keepsLoopsInRegisters;
        this.locals = new RegionLocals(plan, traits);
        this.blockLabels = new Label[plan.blocks().size()];
        for (int i = 0; i < blockLabels.length; i++) {
            blockLabels[i] = new Label();
        }
    }

    /**
     * @param keepsLoopsInRegisters whether what a loop uses is not live across its slow calls, so that HotSpot keeps it in host
     *     registers; this takes many bytes
     */
    static RegionBytecode emit(RegionPlan plan, RegionTraits traits, boolean keepsLoopsInRegisters) {
        return new RegionEmitter(plan, traits, keepsLoopsInRegisters).emit();
    }

    private RegionBytecode emit() {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(V17, ACC_FINAL | ACC_SUPER, CLASS_NAME, null, SUPERCLASS, null);
        emitConstructor(writer);
        method = writer.visitMethod(0, "run", RUN_DESCRIPTOR, null, null);
        method.visitCode();
        Label end = new Label();
        emitRun();
        method.visitLabel(end);
        method.visitMaxs(10, locals.count());
        method.visitEnd();
        writer.visitEnd();
        return new RegionBytecode(plan, sites, worstCycles, exits, writer.toByteArray(), end.getOffset());
    }

    private static void emitConstructor(ClassWriter writer) {
        MethodVisitor constructor = writer.visitMethod(0, "<init>", "()V", null, null);
        constructor.visitCode();
        constructor.visitVarInsn(ALOAD, 0);
        constructor.visitMethodInsn(INVOKESPECIAL, SUPERCLASS, "<init>", "()V", false);
        constructor.visitInsn(RETURN);
        constructor.visitMaxs(1, 1);
        constructor.visitEnd();
    }

    private void emitRun() {
        locals.emitLoads(method);
        if (plan.needsSwitch()) {
            emitSwitch();
        }
        InstructionEmitter instructions = new InstructionEmitter(this, method, locals, keepsLoopsInRegisters);
        for (int i = 0; i < plan.blocks().size(); i++) {
            Block block = plan.blocks().get(i);
            Block next = i + 1 < plan.blocks().size() ? plan.blocks().get(i + 1) : null;
            place(blockLabels[block.order]);
            emitBlock(block, next, instructions);
        }
        stubs.forEach(Runnable::run);
        place(leftLabel);
        push(method, RegionCode.LEFT);
        method.visitVarInsn(ISTORE, RegionLocals.ENTRY);
        place(leaveLabel);
        locals.emitStores(method);
        method.visitVarInsn(ILOAD, RegionLocals.ENTRY);
        method.visitInsn(IRETURN);
    }

    private void emitSwitch() {
        place(switchLabel);
        if (plan.entries().size() >= LEAST_TO_SEARCH) {
            emitSearch(1, plan.entries().size());
            return;
        }
        Label[] targets =
                plan.entries().stream().map(entry -> blockLabels[entry.order]).toArray(Label[]::new);
        method.visitVarInsn(ILOAD, RegionLocals.ENTRY);
        method.visitTableSwitchInsn(1, targets.length, targets[0], targets);
    }

    /** Jumps to the entry with the number, which is in this range. */
    private void emitSearch(int first, int last) {
        if (first == last) {
            Block entry = plan.entries().get(first - 1);
            method.visitJumpInsn(GOTO, blockLabels[entry.order]);
            return;
        }
        int middle = (first + last + 1) / 2;
        Label upperHalf = new Label();
        method.visitVarInsn(ILOAD, RegionLocals.ENTRY);
        push(method, middle);
        method.visitJumpInsn(IF_ICMPGE, upperHalf);
        emitSearch(first, middle - 1);
        place(upperHalf);
        emitSearch(middle, last);
    }

    private void emitBlock(Block block, Block next, InstructionEmitter instructions) {
        if (block.isChecked) {
            method.visitVarInsn(LLOAD, RegionLocals.LEFT);
            push(method, (long) block.worstCycles);
            method.visitInsn(LCMP);
            method.visitJumpInsn(IFLT, exit(ExitReason.DEADLINE, block.slot * 2));
        }
        int plain = block.instructions.size() - (block.endsInJump() ? 1 : 0);
        for (int i = 0; i < plain; i++) {
            instructions.emit(block.instructions.get(i), block);
        }
        switch (block.lastOpcode()) {
            case Opcode.ECALL, Opcode.EBREAK -> instructions.emitTrap(block.last(), block);
            case Opcode.JAL -> {
                instructions.emitLink(block.last());
                emitCharge(block);
                go(block, block.taken, block.takenBySwitch, takenOffset(block), next);
            }
            case Opcode.JALR -> {
                instructions.emitIndirectTarget(block.last());
                emitCharge(block);
                emitIndirectJump(block);
            }
            default -> {
                emitCharge(block);
                if (Opcode.isBranch(block.lastOpcode())) {
                    instructions.emitBranch(
                            block.last(), way(block, block.taken, block.takenBySwitch, takenOffset(block)));
                }
                go(block, block.fallThrough, block.fallThroughBySwitch, block.endSlot() * 2, next);
            }
        }
    }

    private static int takenOffset(Block block) {
        return block.last().offset() + DecodedWord.immediate(block.last().word());
    }

    private void emitCharge(Block block) {
        addTo(RegionLocals.LEFT, -block.cycles);
        addTo(RegionLocals.COUNTS, block.instructions.size() + ((long) block.accesses << Passage.ACCESSES_SHIFT));
    }

    private void addTo(int local, long amount) {
        method.visitVarInsn(LLOAD, local);
        push(method, amount);
        method.visitInsn(LADD);
        method.visitVarInsn(LSTORE, local);
    }

    /** Goes on at a block, unless that is emitted right behind. */
    private void go(Block from, Block to, boolean bySwitch, int offset, Block next) {
        if (to == null || bySwitch || to != next || from.isOnOtherPage(to)) {
            method.visitJumpInsn(GOTO, way(from, to, bySwitch, offset));
        }
    }

    /** The label that leads to a block, or out of the region where there is none. */
    private Label way(Block from, Block to, boolean bySwitch, int offset) {
        if (to == null) {
            return exit(ExitReason.JUMP, offset);
        }
        if (from.isOnOtherPage(to)) {
            return crossing(to, bySwitch);
        }
        if (!bySwitch && to.order > from.order) {
            return blockLabels[to.order];
        }
        if (!bySwitch) {
            // Back by a jump of its own. At a conditional one C2 would keep the comparison's result for the
            // interpreter.
            Label label = new Label();
            stubs.add(() -> {
                place(label);
                method.visitJumpInsn(GOTO, blockLabels[to.order]);
            });
            return label;
        }
        Label label = new Label();
        stubs.add(() -> {
            place(label);
            push(method, to.entry);
            method.visitVarInsn(ISTORE, RegionLocals.ENTRY);
            method.visitJumpInsn(GOTO, switchLabel);
        });
        return label;
    }

    /** A way to a block in another page: out of the region where the translation is not at hand. */
    private Label crossing(Block to, boolean bySwitch) {
        Label out = exit(ExitReason.JUMP, to.slot * 2);
        Label label = new Label();
        stubs.add(() -> {
            place(label);
            push(method, to.slot);
            emitCrossing();
            method.visitJumpInsn(IFEQ, out);
            if (bySwitch) {
                push(method, to.entry);
                method.visitVarInsn(ISTORE, RegionLocals.ENTRY);
            }
            method.visitJumpInsn(GOTO, bySwitch ? switchLabel : blockLabels[to.order]);
        });
        return label;
    }

    /** On the stack a slot; leaves whether execution may go on there. */
    private void emitCrossing() {
        method.visitVarInsn(ALOAD, RegionLocals.PASSAGE);
        method.visitInsn(SWAP);
        method.visitVarInsn(LLOAD, RegionLocals.LEFT);
        method.visitVarInsn(LLOAD, RegionLocals.COUNTS);
        method.visitMethodInsn(INVOKEVIRTUAL, PACKAGE + "Passage", "cross", "(IJJ)Z", false);
    }

    /** To the entry that is in the target's slot, by the switch; where there is none, out of the region. */
    private void emitIndirectJump(Block from) {
        Label out = new Label();
        method.visitVarInsn(LLOAD, RegionLocals.TARGET);
        method.visitVarInsn(LLOAD, RegionLocals.WINDOW);
        method.visitInsn(LSUB);
        method.visitInsn(DUP2);
        method.visitVarInsn(LSTORE, RegionLocals.ADDRESS);
        push(method, -CodeWindow.BYTES);
        method.visitInsn(LAND);
        method.visitInsn(LCONST_0);
        method.visitInsn(LCMP);
        method.visitJumpInsn(IFNE, out);
        locals.emitTargets(method);
        method.visitVarInsn(LLOAD, RegionLocals.ADDRESS);
        method.visitInsn(L2I);
        method.visitInsn(ICONST_1);
        method.visitInsn(IUSHR);
        method.visitInsn(SALOAD);
        method.visitInsn(DUP);
        method.visitVarInsn(ISTORE, RegionLocals.ENTRY);
        if (plan.entries().stream().anyMatch(entry -> entry.isOnOtherPage(from))) {
            method.visitJumpInsn(IFEQ, out);
            method.visitVarInsn(LLOAD, RegionLocals.ADDRESS);
            method.visitInsn(L2I);
            push(method, PagingMode.PAGE_SHIFT);
            method.visitInsn(IUSHR);
            push(method, CodeWindow.pageIndex(from.slot));
            method.visitJumpInsn(IF_ICMPEQ, switchLabel);
            method.visitVarInsn(LLOAD, RegionLocals.ADDRESS);
            method.visitInsn(L2I);
            method.visitInsn(ICONST_1);
            method.visitInsn(IUSHR);
            emitCrossing();
        }
        method.visitJumpInsn(IFNE, switchLabel);
        method.visitJumpInsn(GOTO, out);
        int number = addExit(ExitReason.INDIRECT, 0);
        stubs.add(() -> {
            place(out);
            method.visitVarInsn(ALOAD, RegionLocals.PASSAGE);
            method.visitVarInsn(LLOAD, RegionLocals.TARGET);
            method.visitFieldInsn(PUTFIELD, PACKAGE + "Passage", "target", "J");
            push(method, number);
            method.visitVarInsn(ISTORE, RegionLocals.ENTRY);
            method.visitJumpInsn(GOTO, leaveLabel);
        });
    }

    /** A stub by which the region is left. */
    private Label exit(ExitReason reason, int offset) {
        int number = addExit(reason, offset);
        Label label = new Label();
        stubs.add(() -> {
            place(label);
            push(method, number);
            method.visitVarInsn(ISTORE, RegionLocals.ENTRY);
            method.visitJumpInsn(GOTO, leaveLabel);
        });
        return label;
    }

    private int addExit(ExitReason reason, int offset) {
        exits.add(new Exit(reason, offset));
        return exits.size() - 1;
    }

    /** Registers an instruction that may leave the fast path; returns its number. */
    int addSite(Site site, Block block) {
        sites.add(site);
        worstCycles.add(block.worstCycles - site.cyclesBefore());
        return sites.size() - 1;
    }

    /** Has something emitted behind all blocks. */
    void addStub(Runnable stub) {
        stubs.add(stub);
    }

    /** Where a region is left for which {@link Passage#slow} has done everything. */
    Label leftLabel() {
        return leftLabel;
    }

    /** Puts a label to which something jumps. */
    void place(Label label) {
        method.visitLabel(label);
        if (hasFrame) {
            // All locals have their types from the first frame on, and nothing is on the stack.
            method.visitFrame(F_SAME, 0, null, 0, null);
        } else {
            Object[] types = locals.types();
            method.visitFrame(F_FULL, types.length, types, 0, new Object[0]);
            hasFrame = true;
        }
    }

    static void push(MethodVisitor method, int value) {
        if (value >= -1 && value <= 5) {
            method.visitInsn(ICONST_0 + value);
        } else if (value == (byte) value) {
            method.visitIntInsn(BIPUSH, value);
        } else if (value == (short) value) {
            method.visitIntInsn(SIPUSH, value);
        } else {
            method.visitLdcInsn(value);
        }
    }

    static void push(MethodVisitor method, long value) {
        if (value == 0 || value == 1) {
            method.visitInsn(value == 0 ? LCONST_0 : LCONST_1);
        } else {
            method.visitLdcInsn(value);
        }
    }
}
