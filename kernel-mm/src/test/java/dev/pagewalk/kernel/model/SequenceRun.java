package dev.pagewalk.kernel.model;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.FaultClass;
import dev.pagewalk.kernel.fault.FaultCounters;
import dev.pagewalk.kernel.shootdown.Invalidation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Has operations done by a kernel and by the model of it, from boot on, and compares everything after each one. */
final class SequenceRun {
    private final KernelMemory kernel;
    private final MemoryModel model;
    private final RegionCheck regions;
    private final PageCheck pages;
    private final TreeMap<String, Integer> outcomes = new TreeMap<>();
    private int step;

    /**
     * @param mistakes of the kernel's invalidation; none where it is the identity
     * @param sparesPeeks as in {@link PageCheck}: then the step at which a difference shows is somewhat arbitrary
     */
    SequenceRun(Setup setup, UnaryOperator<Invalidation> mistakes, boolean sparesPeeks) {
        kernel = new KernelMemory(setup, mistakes);
        model = new MemoryModel(setup, kernel);
        regions = new RegionCheck(kernel, model);
        pages = new PageCheck(setup, kernel, model, sparesPeeks);
        for (int file = 0; file < MemoryModel.FILES; file++) {
            model.files.get(file).inode = kernel.files.get(file);
        }
    }

    /** From boot to the end; throws an AssertionError where kernel and model differ, and whatever the kernel throws. */
    static void replay(Setup setup, List<Operation> operations) {
        new SequenceRun(setup, UnaryOperator.identity(), false).toTheEnd(operations);
    }

    void toTheEnd(List<Operation> operations) {
        operations.forEach(this::step);
        end();
    }

    /** How often operations went how: the operation's name, and the error or fault, if any. */
    Map<String, Integer> outcomes() {
        return outcomes;
    }

    MemoryModel model() {
        return model;
    }

    void step(Operation operation) {
        if (!operation.isPossible(model)) {
            return;
        }
        Object actual = outcome(() -> operation.inKernel(kernel));
        Object expected = outcome(() -> operation.inModel(model));
        Difference.unlessEqual("result", expected, actual);
        boolean refused = actual instanceof KernelError || actual instanceof FaultClass || Boolean.FALSE.equals(actual);
        outcomes.merge(operation.getClass().getSimpleName() + (refused ? " " + actual : ""), 1, Integer::sum);
        step++;
        regions.check();
        pages.check(step);
        checkSanitizer();
    }

    private interface Call {
        Object make() throws KernelException;
    }

    /** The result, or the error. */
    private static Object outcome(Call call) {
        try {
            return call.make();
        } catch (KernelException failure) {
            return failure.error();
        }
    }

    private void checkSanitizer() {
        if (kernel.memory.sanitizer.violations() > 0) {
            throw new AssertionError(kernel.memory.sanitizer.reports().get(0));
        }
    }

    /** All spaces exit, and all frames have to come back. */
    void end() {
        for (int space = 0; space < Arena.MOST_SPACES; space++) {
            step(new ProcessOperation.Exit(space));
        }
        int cached = 0;
        for (ModelFile file : model.allFiles()) {
            cached += file.cached().size();
        }
        int free = kernel.memory.frames.freeFrames();
        Difference.unlessSame("free frames at the end", kernel.freeFramesAtBoot - cached, free);
        FaultCounters faults = kernel.memory.counters;
        outcomes.put("fault: huge page", model.hugeFaults());
        outcomes.put("fault: copy on write", (int) faults.copyOnWrite);
        outcomes.put("fault: page reused", (int) faults.copyOnWriteReuse);
        outcomes.put("fault: stack", (int) faults.stack);
        outcomes.put("fault: file", (int) faults.file);
    }
}
