package dev.pagewalk.kernel.model;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.MapRequest;
import dev.pagewalk.kernel.space.MapRequest.FileRange;
import dev.pagewalk.kernel.space.MapRequest.Placement;
import dev.pagewalk.kernel.space.RegionKind;
import dev.pagewalk.kernel.space.RemapRequest;

/** What changes the regions of one space. Pages are numbered as in {@link Arena}. */
sealed interface MappingOperation extends Operation {
    int space();

    @Override
    default boolean isPossible(MemoryModel model) {
        return model.space(space()) != null;
    }

    /** mmap of anonymous memory. */
    record MapMemory(
            int space, int page, int count, int protection, boolean shared, Placement placement, boolean populate)
            implements MappingOperation {
        @Override
        public Object inKernel(KernelMemory kernel) throws KernelException {
            MapRequest request = new MapRequest(
                    kernel.arena.hintAddress(page), Arena.lengthBytes(count), protection, shared, placement);
            return kernel.map(space, request, populate);
        }

        @Override
        public Object inModel(MemoryModel model) throws KernelException {
            int advice = model.space(space).initialAdvice;
            ModelPage first = ModelPage.anonymous(RegionKind.ANONYMOUS, protection, advice);
            if (shared) {
                ModelFile memory = model.unnamedFile(count * Arena.PAGE);
                first = new ModelPage(RegionKind.SHARED, protection, advice, memory, 0, true, true);
            }
            return model.map(space, page, count, first, placement, populate);
        }
    }

    /** mmap of a file. */
    record MapFile(
            int space,
            int page,
            int count,
            int protection,
            int file,
            int filePage,
            boolean shared,
            boolean mayWrite,
            Placement placement,
            boolean populate)
            implements MappingOperation {
        @Override
        public Object inKernel(KernelMemory kernel) throws KernelException {
            FileRange range = new FileRange(kernel.files.get(file), filePage * Arena.PAGE, mayWrite);
            MapRequest request = new MapRequest(
                    kernel.arena.hintAddress(page), Arena.lengthBytes(count), protection, shared, placement, range);
            return kernel.map(space, request, populate);
        }

        @Override
        public Object inModel(MemoryModel model) throws KernelException {
            ModelPage first = new ModelPage(
                    RegionKind.FILE,
                    protection,
                    model.space(space).initialAdvice,
                    model.files.get(file),
                    filePage,
                    shared,
                    mayWrite || !shared);
            return model.map(space, page, count, first, placement, populate);
        }
    }

    /** Memory of an image or a stack, brought at once (S7). */
    record MapEagerly(int space, int page, int count, RegionKind kind, int protection) implements MappingOperation {
        @Override
        public Object inKernel(KernelMemory kernel) throws KernelException {
            kernel.space(space).mapRegion(kernel.arena.address(page), Arena.lengthBytes(count), kind, protection);
            return null;
        }

        @Override
        public Object inModel(MemoryModel model) throws KernelException {
            model.mapping(space).mapEagerly(page, count, kind, protection);
            return null;
        }
    }

    record Unmap(int space, int page, int count) implements MappingOperation {
        @Override
        public Object inKernel(KernelMemory kernel) throws KernelException {
            kernel.space(space).unmap(kernel.arena.address(page), Arena.lengthBytes(count));
            return null;
        }

        @Override
        public Object inModel(MemoryModel model) throws KernelException {
            model.mapping(space).unmap(page, count);
            return null;
        }
    }

    record Protect(int space, int page, int count, int protection) implements MappingOperation {
        @Override
        public Object inKernel(KernelMemory kernel) throws KernelException {
            kernel.space(space).protect(kernel.arena.address(page), Arena.lengthBytes(count), protection);
            return null;
        }

        @Override
        public Object inModel(MemoryModel model) throws KernelException {
            model.mapping(space).protect(page, count, protection);
            return null;
        }
    }

    /** mremap; flags as in {@link RemapRequest}. */
    record Remap(int space, int page, int oldCount, int newCount, long flags, int to) implements MappingOperation {
        @Override
        public Object inKernel(KernelMemory kernel) throws KernelException {
            Arena arena = kernel.arena;
            long start = kernel.space(space)
                    .remap(new RemapRequest(
                            arena.address(page),
                            Arena.lengthBytes(oldCount),
                            Arena.lengthBytes(newCount),
                            flags,
                            arena.hintAddress(to)));
            return arena.page(start);
        }

        @Override
        public Object inModel(MemoryModel model) throws KernelException {
            return model.mapping(space).remap(page, oldCount, newCount, flags, to);
        }
    }

    /** brk, relative to the heap's start. */
    record MoveBreak(int space, long bytes) implements MappingOperation {
        @Override
        public Object inKernel(KernelMemory kernel) {
            long heapStart = kernel.arena.address(kernel.arena.heapStart());
            return kernel.space(space).moveBreak(heapStart + bytes) - heapStart;
        }

        @Override
        public Object inModel(MemoryModel model) {
            return model.mapping(space).moveBreak(bytes);
        }
    }

    /** Faults pages in, as MAP_POPULATE and mlockall do. */
    record Populate(int space, int page, int count) implements MappingOperation {
        @Override
        public Object inKernel(KernelMemory kernel) {
            AddressSpace populated = kernel.space(space);
            kernel.populate(populated, kernel.arena.address(page), Arena.lengthBytes(count));
            return null;
        }

        @Override
        public Object inModel(MemoryModel model) {
            model.space(space).populate(page, count);
            return null;
        }
    }
}
