package dev.pagewalk.kernel.model;

import dev.pagewalk.kernel.error.KernelException;

/** What happens to files beside the mappings of them. Files are numbered as in {@link MemoryModel#files}. */
sealed interface FileOperation extends Operation {
    @Override
    default boolean isPossible(MemoryModel model) {
        return true;
    }

    record WriteFile(int file, int offset, int length, int value) implements FileOperation {
        @Override
        public Object inKernel(KernelMemory kernel) throws KernelException {
            return kernel.files.get(file).write(offset, KernelMemory.bytes(length, value), length);
        }

        @Override
        public Object inModel(MemoryModel model) {
            return model.files.get(file).write(offset, length, value);
        }
    }

    record ReadFile(int file, int offset, int length) implements FileOperation {
        @Override
        public Object inKernel(KernelMemory kernel) throws KernelException {
            byte[] bytes = new byte[length];
            int count = kernel.files.get(file).read(offset, bytes, length);
            return new AccessOperation.Copied(count, Cell.watched(offset, bytes, count));
        }

        @Override
        public Object inModel(MemoryModel model) {
            byte[] bytes = model.files.get(file).read(offset, length);
            return new AccessOperation.Copied(bytes.length, Cell.watched(offset, bytes, bytes.length));
        }
    }

    record Truncate(int file, int sizeBytes) implements FileOperation {
        @Override
        public Object inKernel(KernelMemory kernel) {
            kernel.files.get(file).truncate(sizeBytes);
            return null;
        }

        @Override
        public Object inModel(MemoryModel model) {
            model.truncate(file, sizeBytes);
            return null;
        }
    }

    /** Memory is short, and the page cache asked for some of its frames. */
    record Reclaim() implements FileOperation {
        @Override
        public Object inKernel(KernelMemory kernel) {
            return kernel.memory.files.reclaim();
        }

        @Override
        public Object inModel(MemoryModel model) {
            return model.learnReclaimed();
        }
    }
}
