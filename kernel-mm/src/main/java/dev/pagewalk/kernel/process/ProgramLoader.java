package dev.pagewalk.kernel.process;

import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.file.Inode;
import dev.pagewalk.kernel.space.AddressSpace;

/** Turns an image and its arguments into a process's memory and first registers. */
public final class ProgramLoader {
    private final ImageLoader images;
    private final InitialStack stack;

    public ProgramLoader(UserMemory userMemory) {
        this.images = new ImageLoader(userMemory);
        this.stack = new InitialStack(userMemory);
    }

    /**
     * Fills an empty address space. A failure leaves it half-filled, to be destroyed.
     *
     * @param file holds the image's bytes
     * @throws ProgramException where the image does not fit user space or the arguments are too long
     * @throws KernelException OUT_OF_MEMORY
     */
    public Start load(ElfImage image, Inode file, ProgramArguments program, AddressSpace space)
            throws ProgramException, KernelException {
        images.load(image, file, space);
        long stackPointer = stack.build(image, program, space);
        return new Start(image.entryPoint(), stackPointer);
    }

    /**
     * A program's first registers; all others are 0.
     *
     * @param pc the entry point
     * @param stackPointer a multiple of 16
     */
    public record Start(long pc, long stackPointer) {}
}
