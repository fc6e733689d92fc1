package dev.pagewalk.kernel.model;

import dev.pagewalk.kernel.space.ForkStrategy;

/** What makes spaces and ends them. Spaces are numbered by the place that they have, up to {@link Arena#MOST_SPACES}. */
sealed interface ProcessOperation extends Operation {

    /** An empty space where there is none. */
    record Start(int space) implements ProcessOperation {
        @Override
        public boolean isPossible(MemoryModel model) {
            return model.space(space) == null;
        }

        @Override
        public Object inKernel(KernelMemory kernel) {
            kernel.start(space);
            return null;
        }

        @Override
        public Object inModel(MemoryModel model) {
            model.start(space);
            return null;
        }
    }

    /**
     * fork.
     *
     * @param allocations of frames that succeed before one fails; all of them where it is negative
     */
    record Fork(int parent, int child, ForkStrategy strategy, int allocations) implements ProcessOperation {
        @Override
        public boolean isPossible(MemoryModel model) {
            return model.space(parent) != null && model.space(child) == null;
        }

        @Override
        public Object inKernel(KernelMemory kernel) {
            return kernel.fork(parent, child, strategy, allocations);
        }

        @Override
        public Object inModel(MemoryModel model) {
            return model.fork(parent, child, strategy, allocations >= 0);
        }
    }

    record Exit(int space) implements ProcessOperation {
        @Override
        public boolean isPossible(MemoryModel model) {
            return model.space(space) != null;
        }

        @Override
        public Object inKernel(KernelMemory kernel) {
            kernel.exit(space);
            return null;
        }

        @Override
        public Object inModel(MemoryModel model) {
            model.exit(space);
            return null;
        }
    }
}
