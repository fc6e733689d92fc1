package dev.pagewalk.tools.cli;

import static dev.pagewalk.tools.testing.ElfBytes.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.testing.CommandResult;
import dev.pagewalk.tools.testing.ElfBytes;
import dev.pagewalk.tools.testing.InProcess;
import dev.pagewalk.tools.testing.PagewalkProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is no image for this machine is refused in one line that says which file and why. */
class BadInputTest {
    private static final long KERNEL_HALF = 0xffff_ffc0_0000_0000L;

    @TempDir
    Path folder;

    static List<Arguments> badFiles() {
        ElfBytes hello = ElfBytes.of("hello");
        byte[] whole = hello.toByteArray();
        long secondOffset = hello.get64(hello.segment(1, SEGMENT_OFFSET));
        return List.of(
                bad("empty", new byte[0], "empty"),
                bad("text", "hello, world\n".getBytes(StandardCharsets.UTF_8), "not an ELF file"),
                bad("one byte", new byte[] {0x7F}, "not an ELF file"),
                bad("cut in the identification", Arrays.copyOf(whole, 12), "cut off"),
                bad("cut in the header", Arrays.copyOf(whole, 40), "cut off"),
                bad("cut in the program headers", Arrays.copyOf(whole, 80), "outside the file"),
                bad("cut in a segment", Arrays.copyOf(whole, (int) secondOffset + 1), "outside the file"),
                bad("x86-64", elf().with16(MACHINE, 62), "x86-64"),
                bad("32-bit", elf().with8(CLASS, 1), "32-bit"),
                bad("big-endian", elf().with8(DATA_ENCODING, 2), "big-endian"),
                bad("dynamically linked", segment(0, SEGMENT_TYPE, 3), "-static"),
                bad("position-independent", elf().with16(TYPE, 3), "-no-pie"),
                bad("not linked", elf().with16(TYPE, 1), "not linked"),
                bad("floating point", elf().with32(FLAGS, 2), "rv64imac"),
                bad("overlap", overlapping(), "overlap"),
                bad("segments beyond the file", elf().with16(PROGRAM_HEADER_COUNT, 1000), "outside the file"),
                bad("65535 segments", elf().with16(PROGRAM_HEADER_COUNT, 0xffff), "too many"),
                bad("no segments", elf().with16(PROGRAM_HEADER_COUNT, 0), "no segment"),
                bad("program headers at -1", elf().with64(PROGRAM_HEADER_OFFSET, -1), "outside the file"),
                bad("huge file size", segment(0, SEGMENT_FILE_SIZE, Long.MAX_VALUE), "more bytes in the file"),
                bad("negative file size", segment(0, SEGMENT_FILE_SIZE, -1), "more bytes in the file"),
                bad("huge memory size", segment(1, SEGMENT_MEMORY_SIZE, Long.MAX_VALUE), "outside user space"),
                bad("more than half of all addresses", segment(1, SEGMENT_MEMORY_SIZE, 1L << 63 | 47), "user space"),
                bad("memory size past the end", segment(0, SEGMENT_MEMORY_SIZE, -1), "past the end"),
                bad("offset past the end", segment(0, SEGMENT_OFFSET, 1L << 40), "outside the file"),
                bad("kernel half", segment(1, SEGMENT_ADDRESS, KERNEL_HALF + secondOffset % 4096), "user space"),
                bad("non-canonical", segment(1, SEGMENT_ADDRESS, (1L << 56) + secondOffset % 4096), "user space"),
                bad("page zero", segment(1, SEGMENT_ADDRESS, secondOffset % 4096), "user space"),
                bad(
                        "entry in data",
                        elf().with64(ENTRY, hello.get64(hello.segment(1, SEGMENT_ADDRESS))),
                        "entry point"),
                bad("entry nowhere", elf().with64(ENTRY, 0), "entry point"),
                bad("odd entry", elf().with64(ENTRY, hello.get64(ENTRY) + 1), "multiple of 2"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badFiles")
    void aFileThatIsNoImageIsRefusedInOneLine(String what, byte[] content, String reason) throws IOException {
        Path file = Files.write(folder.resolve("guest.elf"), content);

        CommandResult result = InProcess.pagewalk("boot", file.toString());

        assertOneLine(result, ExitStatus.NOT_RUNNABLE, file + ": ", reason);
    }

    /** The same through a real process: nothing else gets onto its streams. */
    @Test
    void aRefusalIsAllThatAProcessWrites() throws IOException {
        Path file = Files.write(folder.resolve("guest.elf"), new byte[0]);

        CommandResult result = PagewalkProcess.run("boot", file.toString(), "--stats", "--strace");

        assertOneLine(result, ExitStatus.NOT_RUNNABLE, file + ": ", "empty");
    }

    @Test
    void aMissingFileIsNoImage() {
        CommandResult result =
                InProcess.pagewalk("boot", folder.resolve("missing.elf").toString());

        assertOneLine(result, ExitStatus.NO_SUCH_IMAGE, "missing.elf: ", "no such image");
    }

    @Test
    void anEmptyNameIsNoImage() {
        assertOneLine(InProcess.pagewalk("boot", ""), ExitStatus.NO_SUCH_IMAGE, "name is empty", "images");
    }

    @Test
    void aDirectoryIsNoImage() {
        CommandResult result = InProcess.pagewalk("boot", folder.toString());

        assertOneLine(result, ExitStatus.NOT_RUNNABLE, folder + ": ", "is a directory");
    }

    @Test
    void anUnreadableFileIsRefused() throws IOException {
        Path file = Files.write(folder.resolve("guest.elf"), elf().toByteArray());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(file), "this user may read every file");

        CommandResult result = InProcess.pagewalk("boot", file.toString());

        assertOneLine(result, ExitStatus.NOT_RUNNABLE, file + ": ", "permission denied");
    }

    @Test
    void aPathThroughAFileIsNoImage() throws IOException {
        Path file = Files.write(folder.resolve("guest.elf"), elf().toByteArray());

        CommandResult result = InProcess.pagewalk("boot", file + "/inside");

        assertOneLine(result, ExitStatus.NO_SUCH_IMAGE, file + "/inside: ", "no such image");
    }

    @Test
    void anAddressThatOnlyADeeperPagingModeHasIsRefused() throws IOException {
        ElfBytes elf = elf();
        long offset = elf.get64(elf.segment(1, SEGMENT_OFFSET));
        Path file = Files.write(
                folder.resolve("guest.elf"),
                elf.with64(elf.segment(1, SEGMENT_ADDRESS), (1L << 40) + offset % 4096)
                        .toByteArray());

        CommandResult result = InProcess.pagewalk("boot", file.toString(), "--paging", "sv39");

        assertOneLine(result, ExitStatus.NOT_RUNNABLE, file + ": ", "user space");
    }

    @Test
    void anImageLargerThanRamRunsUntilItTouchesMoreThanThereIs() throws IOException {
        Path file = Files.writeString(folder.resolve("large.s"), """
                        .globl _start
                _start: la t0, words
                        li t1, 128
                        li t2, 4096
                1:      sd t1, 0(t0)
                        add t0, t0, t2
                        addi t1, t1, -1
                        bnez t1, 1b
                        li a7, 93
                        ecall
                        .data
                words:  .fill 65536, 8, 1
                """);

        CommandResult result = InProcess.pagewalk("boot", file.toString(), "--ram", "256K");

        assertThat(result.status()).as("killed for lack of memory").isEqualTo(137);
        assertThat(result.error()).isEmpty();
    }

    @Test
    void anErrorInASourceIsNamedWithItsPlace() throws IOException {
        Path file = Files.writeString(folder.resolve("guest.s"), "        nop\n        addd a0, a0, a1\n");

        CommandResult result = InProcess.pagewalk("boot", file.toString());

        assertOneLine(result, ExitStatus.NOT_RUNNABLE, file + ":2:9: ", "addd");
    }

    @Test
    void aSourceThatIsNoTextIsRefused() throws IOException {
        Path file = Files.write(folder.resolve("guest.s"), new byte[] {(byte) 0xC3, 0x28, (byte) 0xFF});

        CommandResult result = InProcess.pagewalk("boot", file.toString());

        assertOneLine(result, ExitStatus.NOT_RUNNABLE, file + ": ", "UTF-8");
    }

    private static void assertOneLine(CommandResult result, int status, String place, String reason) {
        assertThat(result.status()).as(result.error()).isEqualTo(status);
        assertThat(result.errorLines()).hasSize(1);
        assertThat(result.error())
                .startsWith("pagewalk: ")
                .contains(place)
                .contains(reason)
                .doesNotContain("Exception")
                .endsWith("\n");
        assertThat(result.output()).isEmpty();
    }

    private static ElfBytes elf() {
        return ElfBytes.of("hello");
    }

    private static ElfBytes segment(int index, int field, long value) {
        ElfBytes elf = elf();
        int place = elf.segment(index, field);
        return field == SEGMENT_TYPE ? elf.with32(place, (int) value) : elf.with64(place, value);
    }

    /** Two segments at one address, each where its bytes may stand. */
    private static ElfBytes overlapping() {
        ElfBytes elf = elf();
        long first = elf.get64(elf.segment(0, SEGMENT_ADDRESS));
        long offset = elf.get64(elf.segment(1, SEGMENT_OFFSET));
        long start = first & -4096 | offset & 4095;
        return elf.with64(elf.segment(1, SEGMENT_ADDRESS), start).with64(elf.segment(0, SEGMENT_MEMORY_SIZE), 8192);
    }

    private static Arguments bad(String what, ElfBytes content, String reason) {
        return bad(what, content.toByteArray(), reason);
    }

    private static Arguments bad(String what, byte[] content, String reason) {
        return Arguments.of(what, content, reason);
    }
}
