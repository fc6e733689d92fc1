package dev.pagewalk.emulator.engine.translator;

import dev.pagewalk.emulator.engine.EngineLog;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Turns a request into a class: plans the region, writes its bytecode, loads it. Any thread. */
final class RegionCompiler {
    /** HotSpot never compiles a method with more bytecode than this (flag DontCompileHugeMethods). */
    static final int MOST_BYTECODE_BYTES = 8000;

    /** What one tries first, by estimate. */
    private static final int BUDGET_BYTES = 9000;

    private static final int MOST_HAND_OVER_BYTES = 2 * MOST_BYTECODE_BYTES;

    private final RegionTraits traits;

    RegionCompiler(RegionTraits traits) {
        this.traits = traits;
    }

    /** What cannot be translated for any reason, errors of ours included, is refused: it can be interpreted. */
    Translation translate(TranslationRequest request) {
        try {
            return translateUnlessTooLarge(request);
        } catch (RuntimeException | LinkageError e) {
            return new Translation(request, null, null, EngineLog.INTERNAL_ERROR + e);
        }
    }

    private Translation translateUnlessTooLarge(TranslationRequest request) {
        int budget = BUDGET_BYTES;
        while (true) {
            RegionPlan plan = RegionPlanner.plan(request, budget);
            if (plan == null) {
                return new Translation(
                        request,
                        null,
                        null,
                        "its first instruction is not kept decoded: it crosses a page, has a breakpoint, or was changed");
            }
            RegionBytecode bytecode = emit(plan);
            if (bytecode.bytecodeBytes() <= MOST_BYTECODE_BYTES) {
                return new Translation(request, bytecode, load(bytecode), null);
            }
            if (plan.blocks().size() == 1) {
                return new Translation(
                        request,
                        null,
                        null,
                        bytecode.bytecodeBytes() + " bytes of bytecode are too many for one block");
            }
            // What the estimate was worth this time says how much less it has to be.
            budget = Math.min(
                    budget - budget / 10, (int) ((long) budget * MOST_BYTECODE_BYTES / bytecode.bytecodeBytes()));
        }
    }

    private RegionBytecode emit(RegionPlan plan) {
        // Not even tried where a class file could not hold it, or be it only nearly.
        if (plan.handOverBytes() <= MOST_HAND_OVER_BYTES) {
            RegionBytecode bytecode = RegionEmitter.emit(plan, traits, true);
            if (bytecode.bytecodeBytes() <= MOST_BYTECODE_BYTES) {
                return bytecode;
            }
        }
        return RegionEmitter.emit(plan, traits, false);
    }

    /** The class is hidden: it goes when its region goes. */
    private RegionCode load(RegionBytecode bytecode) {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup()
                    .defineHiddenClassWithClassData(
                            bytecode.classFile(), RegionLocals.classData(bytecode.plan(), traits), true);
            return (RegionCode) lookup.findConstructor(lookup.lookupClass(), MethodType.methodType(void.class))
                    .invoke();
        } catch (Throwable e) {
            throw new IllegalStateException("a translated region cannot be loaded", e);
        }
    }
}
