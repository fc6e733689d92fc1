package dev.pagewalk.emulator.engine.translator;

import static org.objectweb.asm.Opcodes.*;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.mmu.tlb.L0Filter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;

/** Where a region's method keeps what: guest registers and clock in locals, host arrays in constants. */
final class RegionLocals {
    static final int PASSAGE = 1;
    static final int X = 2;
    static final int LEFT = 3;
    static final int WINDOW = 5;
    /** The number of the entry, later of the exit. */
    static final int ENTRY = 7;

    static final int COUNTS = 8;
    static final int ADDRESS = 10;
    static final int LINE = 12;
    static final int TARGET = 13;
    static final int ACCESS_BASE = 15;
    static final int STAMPS = 17;
    private static final int FIRST_LINE = 18;
    private static final int FIRST_REGISTER = 19;

    /** How RAM is read and written, in the order of the class data behind the arrays. */
    enum HostAccess {
        HALF(MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN)),
        WORD(MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN)),
        DOUBLE(MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN));

        private final VarHandle handle;

        HostAccess(VarHandle handle) {
            this.handle = handle;
        }
    }

    /** The arrays that regions access, which are constants to them, in the order of their class data. */
    enum HostArray {
        ENTRY_BY_SLOT("[S"),
        LOAD_TAGS("[J"),
        LOAD_CHUNKS("[[B"),
        LOAD_ADDENDS("[I"),
        LOAD_PLACES("[I"),
        STORE_TAGS("[J"),
        STORE_CHUNKS("[[B"),
        STORE_ADDENDS("[I"),
        STORE_PLACES("[I");

        final String descriptor;

        HostArray(String descriptor) {
            this.descriptor = descriptor;
        }

        private Object of(RegionPlan plan, RegionTraits traits) {
            return switch (this) {
                case ENTRY_BY_SLOT -> plan.entryBySlot();
                case LOAD_TAGS -> traits.loads().tags;
                case LOAD_CHUNKS -> traits.loads().chunks;
                case LOAD_ADDENDS -> traits.loads().addends;
                case LOAD_PLACES -> traits.loads().places;
                case STORE_TAGS -> traits.stores().tags;
                case STORE_CHUNKS -> traits.stores().chunks;
                case STORE_ADDENDS -> traits.stores().addends;
                case STORE_PLACES -> traits.stores().places;
            };
        }
    }

    private static final Handle CLASS_DATA_AT = new Handle(
            H_INVOKESTATIC,
            "java/lang/invoke/MethodHandles",
            "classDataAt",
            "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/Class;I)Ljava/lang/Object;",
            false);

    private final boolean writesStamps;
    private final int lines;
    private final int[] registerLocals = new int[Hart.SINK];
    /** As sets of bits. */
    private final int used;

    private int written;
    private final List<Object> types = new ArrayList<>();
    private int count = FIRST_REGISTER;

    RegionLocals(RegionPlan plan, RegionTraits traits) {
        this.writesStamps = traits.writesStamps();
        this.lines = traits.loads().lines();
        types.addAll(List.of(RegionEmitter.PACKAGE + "RegionCode", RegionEmitter.PACKAGE + "Passage", "[J"));
        types.addAll(List.of(LONG, LONG, INTEGER, LONG, LONG, INTEGER, LONG, LONG, "[J", INTEGER));
        int used = 0;
        for (Block block : plan.blocks()) {
            used |= block.registers();
            for (Site site : block.instructions) {
                written |= Registers.written(site.word());
            }
        }
        for (int registers = used; registers != 0; registers &= registers - 1) {
            registerLocals[Integer.numberOfTrailingZeros(registers)] = count;
            count += 2;
            types.add(LONG);
        }
        this.used = used;
    }

    int count() {
        return count;
    }

    boolean writesStamps() {
        return writesStamps;
    }

    Object[] types() {
        return types.toArray();
    }

    /** The local of a guest register; never x0's, which has none. */
    int of(int register) {
        return registerLocals[register];
    }

    /** Everything gets a value, so that all frames are alike. */
    void emitLoads(MethodVisitor method) {
        for (int local : new int[] {COUNTS, ADDRESS, TARGET}) {
            method.visitInsn(LCONST_0);
            method.visitVarInsn(LSTORE, local);
        }
        method.visitInsn(ICONST_0);
        method.visitVarInsn(ISTORE, LINE);
        emitAccessBase(method);
        method.visitVarInsn(ALOAD, PASSAGE);
        method.visitFieldInsn(GETFIELD, RegionEmitter.PACKAGE + "Passage", "stamps", "[J");
        method.visitVarInsn(ASTORE, STAMPS);
        method.visitVarInsn(ALOAD, PASSAGE);
        method.visitFieldInsn(GETFIELD, RegionEmitter.PACKAGE + "Passage", "firstLine", "I");
        // So HotSpot knows that every line is in the arrays.
        RegionEmitter.push(method, lines - L0Filter.LINES);
        method.visitInsn(IAND);
        method.visitVarInsn(ISTORE, FIRST_LINE);
        // HotSpot gives up on a method for good where it finds a constant that has not been resolved.
        for (HostArray array : HostArray.values()) {
            if (isUsed(array)) {
                emitArray(method, array);
                method.visitInsn(POP);
            }
        }
        for (HostAccess access : HostAccess.values()) {
            emitAccess(method, access);
            method.visitInsn(POP);
        }
        emitLoads(method, used);
    }

    /** Loads a set of registers from the hart. */
    void emitLoads(MethodVisitor method, int registers) {
        for (int rest = registers; rest != 0; rest &= rest - 1) {
            int register = Integer.numberOfTrailingZeros(rest);
            method.visitVarInsn(ALOAD, X);
            RegionEmitter.push(method, register);
            method.visitInsn(LALOAD);
            method.visitVarInsn(LSTORE, registerLocals[register]);
        }
    }

    /** Stores those of a set of registers to the hart that the region writes. */
    void emitStores(MethodVisitor method, int registers) {
        for (int rest = registers & written; rest != 0; rest &= rest - 1) {
            int register = Integer.numberOfTrailingZeros(rest);
            method.visitVarInsn(ALOAD, X);
            RegionEmitter.push(method, register);
            method.visitVarInsn(LLOAD, registerLocals[register]);
            method.visitInsn(LASTORE);
        }
    }

    private boolean isUsed(HostArray array) {
        return writesStamps || array != HostArray.LOAD_PLACES && array != HostArray.STORE_PLACES;
    }

    /** On the stack a line of the hart's; leaves the line of the bank. */
    void emitLineInBank(MethodVisitor method) {
        if (lines != L0Filter.LINES) {
            method.visitVarInsn(ILOAD, FIRST_LINE);
            method.visitInsn(IADD);
        }
    }

    void emitAccessBase(MethodVisitor method) {
        method.visitVarInsn(ALOAD, PASSAGE);
        method.visitFieldInsn(GETFIELD, RegionEmitter.PACKAGE + "Passage", "accessBase", "J");
        method.visitVarInsn(LSTORE, ACCESS_BASE);
    }

    /** Stores everything with which the region is left. */
    void emitStores(MethodVisitor method) {
        emitStores(method, written);
        method.visitVarInsn(ALOAD, PASSAGE);
        method.visitVarInsn(LLOAD, LEFT);
        method.visitFieldInsn(PUTFIELD, RegionEmitter.PACKAGE + "Passage", "left", "J");
        method.visitVarInsn(ALOAD, PASSAGE);
        method.visitVarInsn(LLOAD, COUNTS);
        method.visitFieldInsn(PUTFIELD, RegionEmitter.PACKAGE + "Passage", "counts", "J");
    }

    /** Pushes an array. */
    void emitArray(MethodVisitor method, HostArray array) {
        method.visitLdcInsn(new ConstantDynamic("_", array.descriptor, CLASS_DATA_AT, array.ordinal()));
    }

    /** Pushes the handle that reads and writes a size. */
    void emitAccess(MethodVisitor method, HostAccess access) {
        method.visitLdcInsn(new ConstantDynamic(
                "_", "Ljava/lang/invoke/VarHandle;", CLASS_DATA_AT, HostArray.values().length + access.ordinal()));
    }

    /** Pushes the table of entries by slot. */
    void emitTargets(MethodVisitor method) {
        emitArray(method, HostArray.ENTRY_BY_SLOT);
    }

    /** What {@link #emitArray} and {@link #emitAccess} find at run time in the region's class. */
    static List<Object> classData(RegionPlan plan, RegionTraits traits) {
        List<Object> data = new ArrayList<>();
        for (HostArray array : HostArray.values()) {
            data.add(array.of(plan, traits));
        }
        for (HostAccess access : HostAccess.values()) {
            data.add(access.handle);
        }
        return data;
    }
}
