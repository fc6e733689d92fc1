package dev.pagewalk.kernel.model;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.mmu.access.AccessType;
import java.util.List;

/** What reads and writes the memory of one space. */
sealed interface AccessOperation extends Operation {
    int space();

    @Override
    default boolean isPossible(MemoryModel model) {
        return model.space(space()) != null;
    }

    /** How many bytes a call could copy, and the watched ones among them. */
    record Copied(int count, List<Byte> watched) {}

    /** A load, store or fetch of one watched byte by an instruction, through a hart's TLB. */
    record Access(int space, int page, int slot, AccessType type, int value) implements AccessOperation {
        @Override
        public Object inKernel(KernelMemory kernel) {
            long address = kernel.arena.address(page) + Cell.offset(slot);
            return kernel.access(space, address, type, value);
        }

        @Override
        public Object inModel(MemoryModel model) {
            return model.memory(space).access(page, slot, type, value);
        }
    }

    /** A system call reads, as write(2) does. */
    record CopyIn(int space, int page, int offset, int length) implements AccessOperation {
        @Override
        public Object inKernel(KernelMemory kernel) throws KernelException {
            long address = kernel.arena.address(page) + offset;
            byte[] bytes = new byte[length];
            int count = kernel.memory.userMemory.copyFromUser(kernel.space(space), address, bytes, length);
            return new Copied(count, Cell.watched(offset, bytes, count));
        }

        @Override
        public Object inModel(MemoryModel model) throws KernelException {
            return model.memory(space).read(page, offset, length);
        }
    }

    /** A system call writes the same byte everywhere, as read(2) does. */
    record CopyOut(int space, int page, int offset, int length, int value) implements AccessOperation {
        @Override
        public Object inKernel(KernelMemory kernel) throws KernelException {
            long address = kernel.arena.address(page) + offset;
            return kernel.memory.userMemory.copyToUser(
                    kernel.space(space), address, KernelMemory.bytes(length, value), length);
        }

        @Override
        public Object inModel(MemoryModel model) throws KernelException {
            return model.memory(space).write(page, offset, length, value);
        }
    }
}
