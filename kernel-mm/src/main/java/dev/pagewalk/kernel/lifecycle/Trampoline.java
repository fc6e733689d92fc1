package dev.pagewalk.kernel.lifecycle;

import dev.pagewalk.kernel.file.FileSystem;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.Advice;
import dev.pagewalk.kernel.space.FileBacking;
import dev.pagewalk.kernel.space.Protection;
import dev.pagewalk.kernel.space.Region;
import dev.pagewalk.kernel.space.RegionKind;
import dev.pagewalk.mmu.table.PagingMode;

/**
 * The kernel's own code in user space, one page that all processes share: handlers of signals return to it. Linux on riscv64
 * has it in its vDSO: arch/riscv/kernel/vdso/rt_sigreturn.S.
 */
final class Trampoline {
    /** {@code li a7, 139; ecall}: rt_sigreturn. */
    private static final byte[] CODE = {(byte) 0x93, 0x08, (byte) 0xB0, 0x08, 0x73, 0x00, 0x00, 0x00};

    private final FileSystem files;

    /** By number: restoring a snapshot makes all inodes anew. */
    private final long pageInode;

    Trampoline(FileSystem files) {
        this.files = files;
        this.pageInode = files.createKernelFile(CODE).number();
    }

    /** Maps it into a new space; its frame comes when a handler returns. */
    void mapInto(AddressSpace space) {
        long start = space.layout().trampoline();
        int protection = Protection.READ | Protection.EXEC;
        FileBacking backing = new FileBacking(files.inode(pageInode), 0, true, false);
        space.regions()
                .insert(new Region(
                        start, start + PagingMode.PAGE_BYTES, RegionKind.VDSO, protection, backing, Advice.NONE));
    }
}
