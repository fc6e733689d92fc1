package dev.pagewalk.kernel.model;

import dev.pagewalk.kernel.error.KernelException;

/**
 * One thing that a guest, or a file system's user, can ask of the kernel: data, so that a sequence can be run again without
 * some of its parts. What refers to something that is not there (any more) is passed over.
 */
sealed interface Operation permits MappingOperation, AdviceOperation, AccessOperation, ProcessOperation, FileOperation {

    /** Whether there is what it refers to. */
    boolean isPossible(MemoryModel model);

    /** Has it done by the kernel; returns what the guest learns. */
    Object inKernel(KernelMemory kernel) throws KernelException;

    /** Has it done by the model, afterwards; returns what the guest has to learn. */
    Object inModel(MemoryModel model) throws KernelException;
}
