package dev.pagewalk.kernel.model;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.FaultClass;
import dev.pagewalk.kernel.file.Inode;
import dev.pagewalk.kernel.frame.FailurePlan;
import dev.pagewalk.kernel.shootdown.Invalidation;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.ForkStrategy;
import dev.pagewalk.kernel.space.MapRequest;
import dev.pagewalk.kernel.testing.TestMemory;
import dev.pagewalk.mmu.access.AccessType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** The kernel's side: several spaces, the files, and one hart that runs in whatever space was accessed last. */
final class KernelMemory implements KernelChoices {
    private static final int HART = 0;
    private static final int MOST_FAULTS = 4;

    final Arena arena;
    final TestMemory memory;
    final int freeFramesAtBoot;

    /** By number. */
    final List<Inode> files = new ArrayList<>();

    private final AddressSpace[] spaces = new AddressSpace[Arena.MOST_SPACES];
    private AddressSpace loaded;

    /** @param mistakes puts mistakes before the kernel's own invalidation */
    KernelMemory(Setup setup, UnaryOperator<Invalidation> mistakes) {
        arena = setup.arena();
        memory = new TestMemory(arena.ramBytes(), setup.mode(), setup.hugePages(), mistakes);
        memory.workOn(HART);
        memory.files.observeMappings((inode, sizeBytes) -> {
            for (AddressSpace space : spaces) {
                if (space != null) {
                    space.truncated(inode, sizeBytes);
                }
            }
        });
        freeFramesAtBoot = memory.frames.freeFrames();
        for (int file = 0; file < MemoryModel.FILES; file++) {
            memory.files.preload("/" + file, MemoryModel.preloaded(file));
            files.add(memory.file("/" + file));
        }
    }

    AddressSpace space(int space) {
        return spaces[space];
    }

    @Override
    public boolean exists(int space) {
        return spaces[space] != null;
    }

    @Override
    public boolean isHuge(int space, int page) {
        return spaces[space].pageTable().look(arena.address(page)).isHuge();
    }

    static byte[] bytes(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    int map(int space, MapRequest request, boolean populate) throws KernelException {
        long start = spaces[space].map(request);
        if (populate) {
            populate(spaces[space], start, request.lengthBytes());
        }
        return arena.page(start);
    }

    void populate(AddressSpace space, long start, long lengthBytes) {
        long reached = start;
        while (reached < start + lengthBytes) {
            reached = space.populateStep(reached, start + lengthBytes);
        }
    }

    void start(int space) {
        spaces[space] = memory.space(arena.layout());
    }

    /** @param allocations that succeed; all of them where it is negative */
    boolean fork(int parent, int child, ForkStrategy strategy, int allocations) {
        AtomicInteger left = new AtomicInteger(allocations);
        memory.frames.setFailurePlan(() -> left.getAndDecrement() == 0);
        spaces[child] = memory.fork(spaces[parent], strategy);
        memory.frames.setFailurePlan(FailurePlan.NEVER);
        return spaces[child] != null;
    }

    void exit(int space) {
        if (loaded == spaces[space]) {
            loaded = null;
            memory.leave(HART);
        }
        spaces[space].destroy();
        spaces[space] = null;
    }

    /** Lets an instruction access a byte; returns what a load gets, or the fault that cannot be mended, or null. */
    Object access(int space, long address, AccessType type, int value) {
        loaded = spaces[space];
        for (int faults = 0; faults < MOST_FAULTS; faults++) {
            memory.run(HART, loaded);
            long physical = memory.touch(HART, address, type);
            memory.workOn(HART);
            if (physical >= 0) {
                return accessFrame(physical, type, value);
            }
            FaultClass fault = memory.faults.handle(loaded, address, type);
            if (fault != null) {
                return fault;
            }
        }
        throw new AssertionError("the access faults again and again");
    }

    private Object accessFrame(long physical, AccessType type, int value) {
        if (type == AccessType.STORE) {
            memory.ram.writeByte(physical, value);
        }
        return type == AccessType.LOAD ? (Object) (byte) memory.ram.readByte(physical) : null;
    }
}
