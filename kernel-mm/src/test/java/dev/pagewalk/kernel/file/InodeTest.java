package dev.pagewalk.kernel.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.testing.TestMemory;
import dev.pagewalk.mmu.table.PagingMode;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("S39")
class InodeTest {
    private final TestMemory memory = new TestMemory(1 << 20, PagingMode.SV48);
    private final FileSystem files = new FileSystem(memory.frames, memory.bus, memory.meter);
    private final int freeAtBoot = memory.frames.freeFrames();

    @AfterEach
    void everyFrameIsBack() {
        assertThat(memory.frames.freeFrames()).isEqualTo(freeAtBoot);
    }

    @Test
    void a_page_of_a_preloaded_file_is_filled_and_its_tail_is_zero() throws Exception {
        byte[] bytes = new byte[5000];
        Arrays.fill(bytes, (byte) 7);
        files.preload("/data", bytes);
        Inode inode = files.find("/data");

        long last = inode.page(1);

        byte[] page = new byte[4096];
        memory.ram.read(last, page, 0, 4096);
        assertThat(Arrays.copyOf(page, 904)).containsOnly(7);
        assertThat(Arrays.copyOfRange(page, 904, 4096)).containsOnly(0);
        assertThat(inode.pageIfResident(0)).isZero();
        assertThat(inode.pageIfResident(1)).isEqualTo(last).isEqualTo(inode.page(1));
        assertThat(memory.frames.inUse(FrameUse.FILE)).isEqualTo(1);
        memory.frames.release(last);
    }

    @Test
    void a_page_past_the_end_is_a_bus_error() throws Exception {
        Inode inode = files.createUnnamed(4097);
        inode.page(1);

        assertThatThrownBy(() -> inode.page(2)).hasMessage(KernelError.PAST_END_OF_FILE.name());
        assertThatThrownBy(() -> inode.page(-1)).hasMessage(KernelError.PAST_END_OF_FILE.name());
        inode.release();
    }

    @Test
    void the_last_reference_of_an_unnamed_file_gives_its_pages_back_except_those_that_are_mapped() throws Exception {
        Inode inode = files.createUnnamed(8192);
        long mapped = inode.pageToWrite(0);
        memory.frames.share(mapped);
        inode.page(1);
        inode.addReference();

        inode.release();
        assertThat(memory.frames.freeFrames()).isEqualTo(freeAtBoot - 2);
        inode.release();
        assertThat(memory.frames.freeFrames()).isEqualTo(freeAtBoot - 1);
        assertThat(memory.frames.release(mapped)).isTrue();
    }
}
