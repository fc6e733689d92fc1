package dev.pagewalk.kernel.model;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.Advice;
import dev.pagewalk.kernel.space.MemoryAdvice;
import java.util.ArrayList;
import java.util.List;

/** What says something about the memory of one space, or asks something. */
sealed interface AdviceOperation extends Operation {
    int space();

    @Override
    default boolean isPossible(MemoryModel model) {
        return model.space(space()) != null;
    }

    record Advise(int space, int page, int count, MemoryAdvice advice) implements AdviceOperation {
        @Override
        public Object inKernel(KernelMemory kernel) throws KernelException {
            kernel.space(space).advise(kernel.arena.address(page), Arena.lengthBytes(count), advice);
            return null;
        }

        @Override
        public Object inModel(MemoryModel model) throws KernelException {
            model.advice(space).advise(page, count, advice);
            return null;
        }
    }

    /** mlock with {@link Advice} bits, munlock without. */
    record Lock(int space, int page, int count, int locks) implements AdviceOperation {
        @Override
        public Object inKernel(KernelMemory kernel) throws KernelException {
            AddressSpace locked = kernel.space(space);
            if (locks == Advice.NONE) {
                locked.unlock(kernel.arena.address(page), Arena.lengthBytes(count));
            } else {
                locked.lock(kernel.arena.address(page), Arena.lengthBytes(count), locks);
            }
            return null;
        }

        @Override
        public Object inModel(MemoryModel model) throws KernelException {
            model.advice(space).lock(page, count, locks);
            return null;
        }
    }

    /** mlockall and munlockall, without bringing pages: locks for what is mapped, and for what will be. */
    record LockAll(int space, int present, int future) implements AdviceOperation {
        @Override
        public Object inKernel(KernelMemory kernel) {
            kernel.space(space).lockAll(present);
            kernel.space(space).setInitialAdvice(future);
            return null;
        }

        @Override
        public Object inModel(MemoryModel model) {
            model.advice(space).lockAll(present);
            model.space(space).initialAdvice = future;
            return null;
        }
    }

    record Sync(int space, int page, int count, boolean invalidates) implements AdviceOperation {
        @Override
        public Object inKernel(KernelMemory kernel) throws KernelException {
            kernel.space(space).sync(kernel.arena.address(page), Arena.lengthBytes(count), invalidates);
            return null;
        }

        @Override
        public Object inModel(MemoryModel model) throws KernelException {
            model.advice(space).sync(page, count, invalidates);
            return null;
        }
    }

    /** mincore. */
    record Residency(int space, int page, int count) implements AdviceOperation {
        @Override
        public Object inKernel(KernelMemory kernel) throws KernelException {
            List<Boolean> resident = new ArrayList<>();
            for (byte one : kernel.space(space).residency(kernel.arena.address(page), count)) {
                resident.add(one == 1);
            }
            return resident;
        }

        @Override
        public Object inModel(MemoryModel model) throws KernelException {
            return model.advice(space).residency(page, count);
        }
    }
}
