package dev.pagewalk.kernel.process;

import static dev.pagewalk.kernel.testing.ElfFile.R;
import static dev.pagewalk.kernel.testing.ElfFile.W;
import static dev.pagewalk.kernel.testing.ElfFile.X;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.Region;
import dev.pagewalk.kernel.space.RegionKind;
import dev.pagewalk.kernel.space.UserLayout;
import dev.pagewalk.kernel.testing.ElfFile;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import dev.pagewalk.mmu.table.Pte;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageLoadingTest {
    private static final long PAGE = 4096;

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        java.util.Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static byte[] code() {
        byte[] bytes = new byte[12];
        for (int i = 0; i < 12; i++) {
            bytes[i] = (byte) (ElfFile.EXIT_0[i / 4] >>> 8 * (i % 4));
        }
        return bytes;
    }

    private static byte peek(TestMachine test, long address) {
        byte[] seen = test.kernel().peek(test.process(), address, 1);
        assertThat(seen).hasSize(1);
        return seen[0];
    }

    private static Region withoutBacking(Region region) {
        return region(region.start(), region.end(), region.kind(), region.protection());
    }

    private static Region region(long start, long end, RegionKind kind, int protection) {
        return new Region(start, end, kind, protection);
    }

    @Test
    @Tag("S4")
    void segmentsBecomeRegionsWithTheirPermissions() {
        ElfImage image = new ElfFile()
                .segment(0x1_0000, code(), 12, R | X)
                .segment(0x2_0000, filled(10, 1), 10, R)
                .segment(0x3_0000, filled(10, 2), 0x5000, R | W)
                .segment(0x4_0000, filled(4, 3), 4, X)
                .segment(0x5_0000, new byte[0], PAGE + 1, R | W)
                .image(0x1_0000);
        TestMachine test = TestMachine.options().boot(image);
        AddressSpace space = test.process().space();
        assertThat(space.regions().all().stream().limit(6).map(ImageLoadingTest::withoutBacking))
                .containsExactly(
                        region(0x1_0000, 0x1_1000, RegionKind.CODE, 5),
                        region(0x2_0000, 0x2_1000, RegionKind.RODATA, 1),
                        region(0x3_0000, 0x3_1000, RegionKind.DATA, 3),
                        region(0x3_1000, 0x3_5000, RegionKind.DATA, 3),
                        region(0x4_0000, 0x4_1000, RegionKind.CODE, 4),
                        region(0x5_0000, 0x5_2000, RegionKind.DATA, 3));
        assertThat(space.pageTable().peek(0x1_0000)).as("text comes lazily").isZero();
        assertThat(space.pageTable().peek(0x3_0000))
                .as("the page with the end of .data")
                .isNotZero();
        assertThat(Pte.rights(space.pageTable().peek(0x3_0000)).substring(0, 4)).isEqualTo("rw-u");
        // Only pages with bytes from the file are there; .bss is lazy.
        assertThat(space.pageTable().peek(0x3_1000)).isZero();
        assertThat(space.pageTable().peek(0x5_0000)).isZero();
        assertThat(space.userPages()).as("the end of .data, and the stack").isEqualTo(1 + 1);
        assertThat(space.programBreak().start()).isEqualTo(0x5_2000);
        test.finish();
    }

    @Test
    @Tag("S15")
    void bssReadsZeroFromTheLastByteOfTheFileOn() {
        TestMachine.options()
                .run(new Guest()
                        .line("la s5, datum")
                        .line("ld a0, 0(s5)")
                        .expect(-1)
                        .line("la s6, zeros")
                        .line("ld a0, 0(s6)")
                        .expect(0)
                        .line("li s7, 0x9000")
                        .line("add s6, s6, s7")
                        .line("ld a0, 0(s6)")
                        .expect(0)
                        .line("sd s5, 0(s6)")
                        .line("ld a0, 0(s6)")
                        .expect("s5")
                        .data("        .data\ndatum: .dword -1\n        .bss\nzeros: .zero 0x10000"));
    }

    @Test
    @Tag("S15")
    void theRestOfAnImagesLastFilePageIsZero() {
        ElfImage image = new ElfFile()
                .segment(0x1_0000, code(), 12, R | X)
                .segment(0x3_0010, filled(100, 0xAA), 0x2000, R | W)
                .image(0x1_0000);
        TestMachine test = TestMachine.options().boot(image);
        for (int i = 0; i < 4096; i++) {
            assertThat(peek(test, 0x3_0000 + i)).isEqualTo((byte) (i >= 0x10 && i < 0x10 + 100 ? 0xAA : 0));
        }
        test.finish();
    }

    @Test
    @Tag("S13")
    void segmentsThatShareAPageKeepTheirBytesAndUniteTheirRights() {
        ElfImage image = new ElfFile()
                .segment(0x1_0000, code(), 12, R | X)
                .segment(0x1_0800, filled(0x1000, 0x11), 0x1000, R | X)
                .segment(0x1_1800, filled(0x1000, 0x22), 0x3000, R | W)
                .image(0x1_0000);
        TestMachine test = TestMachine.options().boot(image);
        AddressSpace space = test.process().space();
        assertThat(space.regions().all().stream().limit(4).map(ImageLoadingTest::withoutBacking))
                .containsExactly(
                        region(0x1_0000, 0x1_1000, RegionKind.CODE, 5),
                        region(0x1_1000, 0x1_2000, RegionKind.CODE, 7),
                        region(0x1_2000, 0x1_3000, RegionKind.DATA, 3),
                        region(0x1_3000, 0x1_5000, RegionKind.DATA, 3));
        assertThat(peek(test, 0x1_0000)).isEqualTo((byte) 0x13);
        assertThat(peek(test, 0x1_0800)).isEqualTo((byte) 0x11);
        assertThat(peek(test, 0x1_17FF)).isEqualTo((byte) 0x11);
        assertThat(peek(test, 0x1_1800)).isEqualTo((byte) 0x22);
        assertThat(peek(test, 0x1_27FF)).isEqualTo((byte) 0x22);
        assertThat(peek(test, 0x1_2800)).isZero();
        assertThat(Pte.rights(space.pageTable().peek(0x1_1000)).substring(0, 4)).isEqualTo("rwxu");
        assertThat(Pte.rights(space.pageTable().peek(0x1_2000)).substring(0, 4)).isEqualTo("rw-u");
        test.finish();
    }

    @Test
    @Tag("S13")
    void threeSegmentsMayShareOnePage() {
        ElfImage image = new ElfFile()
                .segment(0x1_0000, code(), 12, R | X)
                .segment(0x1_0100, filled(16, 1), 16, R)
                .segment(0x1_0200, filled(16, 2), 16, R | W)
                .image(0x1_0000);
        TestMachine test = TestMachine.options().boot(image);
        assertThat(withoutBacking(
                        test.process().space().regions().all().iterator().next()))
                .isEqualTo(region(0x1_0000, 0x1_1000, RegionKind.CODE, 7));
        assertThat(peek(test, 0x1_0100)).isEqualTo((byte) 1);
        assertThat(peek(test, 0x1_020F)).isEqualTo((byte) 2);
        test.finish();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 0x1000, 0xF000, 0xF800, 0x7FFF_0000_0000L, 0x7FFF_FFFF_0000L, 0x8000_0000_0000L, -4096})
    void aSegmentOutsideUserSpaceIsRefused(long address) {
        ElfImage image = new ElfFile()
                .segment(0x1_0000, code(), 12, R | X)
                .segment(address, filled(16, 1), 16, R)
                .image(0x1_0000);
        assertThat(TestMachine.options().refusal(image))
                .isEqualTo(String.format(
                        "the segment at 0x%x of 0x10 bytes lies outside user space, which is 0x10000 to 0x%x",
                        address, UserLayout.DEFAULT.stackReserveStart()));
    }

    @Test
    void aSegmentThatReachesIntoTheStacksReserveIsRefused() {
        long limit = UserLayout.DEFAULT.stackReserveStart();
        for (long size : new long[] {limit - 0x2_0000 + 1, Long.MAX_VALUE, -0x3_0000L, Long.MIN_VALUE}) {
            ElfImage image = new ElfFile()
                    .segment(0x1_0000, code(), 12, R | X)
                    .segment(0x2_0000, new byte[0], size, R | W)
                    .image(0x1_0000);
            assertThat(TestMachine.options().refusal(image))
                    .startsWith("the segment at 0x20000 of 0x" + Long.toHexString(size) + " bytes lies outside");
        }
        ElfImage longest = new ElfFile()
                .segment(0x1_0000, code(), 12, R | X)
                .segment(0x2_0000, new byte[0], limit - 0x2_0000, R | W)
                .image(0x1_0000);
        TestMachine.options().boot(longest).finish();
    }

    @Test
    @Tag("S23")
    void ramThatIsTooSmallIsSaidSoAndAllFramesAreBack() {
        ElfImage image = new ElfFile()
                .segment(0x1_0000, code(), 12, R | X)
                .segment(0x2_0000, filled(100_000, 1), 100_001, R | W)
                .image(0x1_0000);
        String arguments = "x".repeat(20 << 12);
        int started = 0;
        for (long ram = 64 << 10; ram <= 256 << 10; ram += PAGE) {
            TestMachine.Options options = TestMachine.options().ramBytes(ram).arguments(List.of("guest", arguments));
            TestMachine test = options.bootUnlessRefused(image);
            if (test != null) {
                started++;
                test.finish();
            } else {
                assertThat(started).as("sizes below %d that sufficed", ram).isZero();
                assertThat(options.refusal(image))
                        .isEqualTo("RAM of " + ram / 1024
                                + " KiB is too small for this image; give the machine more with --ram");
            }
        }
        assertThat(started).isBetween(10, 40);
    }

    @Test
    void theSmallestRamRunsASmallGuest() {
        TestMachine test = TestMachine.options().ramBytes(64 << 10).run(new Guest());
        assertThat(test.kernel().frames().totalFrames()).isEqualTo(16);
    }
}
