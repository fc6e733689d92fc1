package dev.pagewalk.kernel.syscall;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.device.ScreenInfo;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestFramebuffer;
import dev.pagewalk.kernel.testing.TestMachine;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Regular files, devices and descriptors, as guests see them. Pipes: {@link PipeCallsTest}. */
class FileCallsTest {
    private static final long PAGE = 4096;
    private static final long AT = 0x2000_0000L;
    private static final int NEW = O_RDWR | O_CREAT;
    private static final String POEM = "roses are red\nviolets are blue\n";

    /** What most guests here use. */
    private static Guest guest() {
        return new Guest()
                .string("new", "/tmp/new")
                .string("poem", "/data/poem")
                .string("text", "hello\n")
                .string("empty", "")
                .words("status", "vector")
                .data("        .bss\n        .balign 4096\nbuffer: .zero 8192");
    }

    private static TestMachine run(Guest guest) {
        return options().run(guest);
    }

    private static TestMachine.Options options() {
        return TestMachine.options().file("/data/poem", POEM);
    }

    /** Copies what was read to the console; a0 is its length. */
    private static Guest show(Guest guest) {
        return guest.line("mv a2, a0")
                .line("li a0, 1")
                .line("la a1, buffer")
                .line("li a7, 64")
                .line("ecall");
    }

    @Test
    @Tag("S26")
    void whatIsWrittenToAFileIsReadFromItAgain() {
        Guest guest = guest().open("new", NEW, "s1")
                .expect(3)
                .call(WRITE, "s1", "=text", 6)
                .expect(6)
                .call(READ, "s1", "=buffer", 10)
                .expect(0)
                .call(LSEEK, "s1", 1, 0)
                .expect(1)
                .call(READ, "s1", "=buffer", 10)
                .expect(5);
        show(guest)
                .call(CLOSE, "s1")
                .expect(0)
                .call(READ, "s1", "=buffer", 1)
                .expect(EBADF)
                .open("new", O_RDONLY, "s1")
                .expect(3)
                .call(WRITE, "s1", "=text", 1)
                .expect(EBADF)
                .call(READ, "s1", "=buffer", 3)
                .expect(3);
        show(guest).call(READ, "s1", "=buffer", 100).expect(3);
        show(guest);
        assertThat(run(guest).console()).isEqualTo("ello\nhello\n");
    }

    @Test
    @Tag("S26")
    void aFileThatWasPutThereIsReadPieceByPiece() {
        Guest guest = guest().open("poem", O_RDONLY, "s1");
        guest.text("more:").call(READ, "s1", "=buffer", 7).line("beqz a0, over");
        show(guest).line("j more").text("over:");
        assertThat(run(guest).console()).isEqualTo(POEM);
    }

    @Test
    void longWritesAndReadsCrossPagesOfFileAndMemory() {
        Guest guest = guest().mmap(AT, 5 * PAGE, RW, ANON | FIXED)
                .line("li t0, " + AT)
                .line("li t1, " + (AT + 5 * PAGE))
                .line("6: sd t0, 0(t0)")
                .line("addi t0, t0, 8")
                .line("bltu t0, t1, 6b")
                .open("new", NEW, "s1")
                .call(PWRITE64, "s1", AT + 8, 5 * PAGE - 16, 100)
                .expect(5 * PAGE - 16)
                .call(LSEEK, "s1", 0, 2)
                .expect(5 * PAGE - 16 + 100)
                .mmap(AT + 8 * PAGE, 6 * PAGE, RW, ANON | FIXED)
                .call(LSEEK, "s1", 0, 0)
                .call(READ, "s1", AT + 8 * PAGE + 12, 6 * PAGE - 12)
                .expect(5 * PAGE + 84)
                .load(AT + 8 * PAGE + 12)
                .expect(0)
                .load(AT + 8 * PAGE + 12 + 100)
                .expect(AT + 8)
                .load(AT + 8 * PAGE + 12 + 100 + 5 * PAGE - 24)
                .expect(AT + 5 * PAGE - 16)
                .load(AT + 8 * PAGE + 12 + 100 + 5 * PAGE - 16)
                .expect(0);
        run(guest);
    }

    @Test
    void preadAndPwriteLeaveTheOffsetAlone() {
        Guest guest = guest().open("poem", O_RDWR, "s1")
                .call(PREAD64, "s1", "=buffer", 100, POEM.length() - 5)
                .expect(5);
        show(guest)
                .call(PWRITE64, "s1", "=text", 5, 0)
                .expect(5)
                .call(LSEEK, "s1", 0, 1)
                .expect(0)
                .call(PREAD64, "s1", "=buffer", 9, 0)
                .expect(9);
        show(guest)
                .call(PREAD64, "s1", "=buffer", 9, POEM.length())
                .expect(0)
                .call(PREAD64, "s1", "=buffer", 9, Long.MAX_VALUE)
                .expect(0)
                .call(PWRITE64, "s1", "=buffer", 9, Long.MAX_VALUE)
                .expect(EFBIG)
                .call(PREAD64, "s1", 8, 9, -1)
                .expect(EINVAL)
                .call(PWRITE64, "s1", 8, 9, -1)
                .expect(EINVAL)
                .call(PREAD64, 0, "=buffer", 9, 0)
                .expect(ESPIPE)
                .call(PWRITE64, 1, "=buffer", 9, 0)
                .expect(ESPIPE)
                .call(PREAD64, 77, "=buffer", 9, 0)
                .expect(EBADF);
        assertThat(run(guest).console()).isEqualTo("blue\nhello are");
    }

    private static Guest describe(Guest guest, int index, Object address, long length) {
        return guest.set("t0", address)
                .line("la t1, vector")
                .line("sd t0, " + 16 * index + "(t1)")
                .line("li t0, " + length)
                .line("sd t0, " + (16 * index + 8) + "(t1)");
    }

    @Test
    void severalBuffersAreOneInTheirOrder() {
        Guest guest = guest().open("poem", O_RDONLY, "s1");
        describe(guest, 0, "=buffer", 6);
        describe(guest, 1, 0, 0);
        describe(guest, 2, AT, 20);
        describe(guest, 3, "=status", 3);
        guest.mmap(AT, PAGE, RW, ANON | FIXED)
                .call(READV, "s1", "=vector", 4)
                .expect(29)
                .call(WRITEV, 1, "=vector", 4)
                .expect(29)
                .call(READV, "s1", "=vector", 4)
                .expect(2)
                .call(READV, "s1", "=vector", 4)
                .expect(0)
                .call(WRITEV, 1, "=vector", 0)
                .expect(0)
                .call(READV, "s1", "=vector", 0)
                .expect(0)
                .call(READV, 1, "=vector", 4)
                .expect(EBADF)
                .call(WRITEV, 0, "=vector", 4)
                .expect(EBADF)
                .call(READV, "s1", "=vector", 1025)
                .expect(EINVAL)
                .call(WRITEV, 1, "=vector", -1)
                .expect(EINVAL)
                .call(WRITEV, 1, 8, 1)
                .expect(EFAULT);
        describe(guest, 1, 0, -1);
        guest.call(READV, "s1", "=vector", 4)
                .expect(EINVAL)
                .call(WRITEV, 1, "=vector", 4)
                .expect(EINVAL);
        describe(guest, 1, -1, 0);
        guest.call(READV, "s1", "=vector", 4)
                .expect(EFAULT)
                .call(WRITEV, 1, "=vector", 4)
                .expect(EFAULT);
        describe(guest, 1, 8, 1);
        guest.call(LSEEK, "s1", 0, 0)
                .call(READV, "s1", "=vector", 4)
                .expect(6)
                .call(LSEEK, "s1", 0, 1)
                .expect(6)
                .call(WRITEV, 1, "=vector", 4)
                .expect(6);
        assertThat(run(guest).console()).isEqualTo(POEM.substring(0, 29) + "roses ");
    }

    @Test
    void offsetsMoveAsLseekSays() {
        Guest guest = guest().open("poem", O_RDONLY, "s1");
        long size = POEM.length();
        long[][] moves = {
            {5, 0, 5},
            {2, 1, 7},
            {-8, 1, EINVAL},
            {0, 1, 7},
            {-1, 2, size - 1},
            {1000, 2, size + 1000},
            {-1, 0, EINVAL},
            {3, 3, 3},
            {size, 3, ENXIO},
            {3, 4, size},
            {size, 4, ENXIO},
            {0, 5, EINVAL},
            {0, -1, EINVAL},
            {Long.MAX_VALUE, 0, Long.MAX_VALUE},
            {1, 1, EINVAL}
        };
        for (long[] move : moves) {
            guest.call(LSEEK, "s1", move[0], move[1]).expect(move[2]);
        }
        guest.call(LSEEK, 1, 0, 0)
                .expect(ESPIPE)
                .call(LSEEK, 1, 0, 9)
                .expect(EINVAL)
                .call(LSEEK, 55, 0, 0)
                .expect(EBADF);
        run(guest);
    }

    @Test
    void aFileOpenedToAppendIsWrittenAtItsEnd() {
        Guest guest = guest().open("poem", O_WRONLY | O_APPEND, "s1")
                .call(WRITE, "s1", "=text", 3)
                .expect(3)
                .call(PWRITE64, "s1", "=text", 6, 0)
                .expect(6)
                .open("poem", O_RDONLY, "s2")
                .call(READ, "s2", "=buffer", 100)
                .expect(POEM.length() + 9);
        show(guest);
        assertThat(run(guest).console()).isEqualTo(POEM + "helhello\n");
    }

    @Test
    void openingRefusesWhatLinuxRefuses() {
        Guest guest = guest().string("data", "/data")
                .string("slash", "/data/poem/")
                .string("below", "/data/poem/x")
                .string("nowhere", "/nowhere/x")
                .string("exe", "/proc/self/exe")
                .string("long", "/" + "n".repeat(256))
                .string("longer", "/.".repeat(2048));
        Object[][] cases = {
            {"new", O_RDONLY, ENOENT},
            {"empty", O_RDONLY, ENOENT},
            {"empty", O_CREAT, ENOENT},
            {"nowhere", NEW, ENOENT},
            {"below", O_RDONLY, ENOTDIR},
            {"below", NEW, ENOTDIR},
            {"slash", O_RDONLY, ENOTDIR},
            {"data", O_WRONLY, EISDIR},
            {"data", O_RDONLY | O_TRUNC, EISDIR},
            {"data", O_CREAT, EISDIR},
            {"data", O_CREAT | O_DIRECTORY, EINVAL},
            {"poem", O_DIRECTORY, ENOTDIR},
            {"poem", O_CREAT | O_EXCL, EEXIST},
            {"data", O_CREAT | O_EXCL, EEXIST},
            {"exe", O_NOFOLLOW, ELOOP},
            {"long", O_RDONLY, ENAMETOOLONG},
            {"longer", O_RDONLY, ENAMETOOLONG},
        };
        for (Object[] refused : cases) {
            guest.open((String) refused[0], (int) refused[1], "s1").expect(refused[2]);
        }
        // What is wrong with the flags is seen before the path is read, and nothing has been opened.
        guest.call(OPENAT, AT_FDCWD, 8, O_CREAT | O_DIRECTORY, 0)
                .expect(EINVAL)
                .call(OPENAT, AT_FDCWD, 8, O_RDONLY, 0)
                .expect(EFAULT)
                .open("exe", O_NOFOLLOW | O_PATH, "s1")
                .expect(3);
        run(guest);
    }

    @Test
    void relativePathsBeginAtADirectorysDescriptor() {
        Guest guest = guest().string("data", "/data")
                .string("name", "poem")
                .string("up", "../data/./poem")
                .string("dot", ".")
                .open("data", O_DIRECTORY, "s1")
                .expect(3)
                .open("data", O_PATH, "s2")
                .expect(4)
                .call(OPENAT, "s1", "=name", O_RDONLY, 0)
                .expect(5)
                .keep("s3")
                .call(OPENAT, "s2", "=up", O_RDONLY, 0)
                .expect(6)
                .call(OPENAT, "s3", "=name", O_RDONLY, 0)
                .expect(ENOTDIR)
                .call(OPENAT, 77, "=name", O_RDONLY, 0)
                .expect(EBADF)
                .call(OPENAT, 77, "=poem", O_RDONLY, 0)
                .expect(7)
                .open("name", O_RDONLY, "s4")
                .expect(ENOENT)
                .open("dot", O_RDONLY, "s4")
                .expect(8)
                .call(READ, "s1", "=buffer", 10)
                .expect(EISDIR)
                .call(READ, "s1", "=buffer", 0)
                .expect(EISDIR)
                .call(PREAD64, "s1", "=buffer", 10, 0)
                .expect(EISDIR);
        run(guest);
    }

    @Test
    void aPlaceAloneGivesNothingOfTheFile() {
        Guest guest = guest().open("poem", O_PATH | O_RDWR, "s1")
                .call(READ, "s1", "=buffer", 1)
                .expect(EBADF)
                .call(WRITE, "s1", "=buffer", 1)
                .expect(EBADF)
                .call(PREAD64, "s1", "=buffer", 1, 0)
                .expect(EBADF)
                .call(LSEEK, "s1", 0, 0)
                .expect(EBADF)
                .call(FTRUNCATE, "s1", 0)
                .expect(EBADF)
                .call(IOCTL, "s1", 0x5401, "=buffer")
                .expect(EBADF)
                .call(FCNTL, "s1", 4, 0)
                .expect(EBADF)
                .call(FCNTL, "s1", 99, 0)
                .expect(EBADF)
                .call(FCNTL, "s1", 3, 0)
                .expect(O_PATH)
                .call(FSTAT, "s1", "=buffer")
                .expect(0)
                .call(DUP, "s1")
                .expect(4)
                .call(CLOSE, "s1")
                .expect(0);
        run(guest);
    }

    private static Guest word(Guest guest, int offset, long value) {
        return guest.line("lw a0, buffer + " + offset).expect(value);
    }

    private static Guest doubleword(Guest guest, int offset, long value) {
        return guest.line("ld a0, buffer + " + offset).expect(value);
    }

    @Test
    void statusStandsWhereLinuxHasIt() {
        Guest guest = guest().open("new", NEW, "s1")
                .call(PWRITE64, "s1", "=text", 6, 2 * PAGE)
                .call(FSTAT, "s1", "=buffer")
                .expect(0)
                .line("ld a0, buffer + 8")
                .keep("s2");
        word(guest, 16, 0100644);
        word(guest, 20, 1);
        doubleword(guest, 24, 0);
        doubleword(guest, 32, 0);
        doubleword(guest, 48, 2 * PAGE + 6);
        word(guest, 56, 4096);
        doubleword(guest, 64, 8);
        guest.string("console", "/dev/console")
                .call(NEWFSTATAT, AT_FDCWD, "=console", "=buffer", 0)
                .expect(0);
        word(guest, 16, 020666);
        doubleword(guest, 32, 5 << 8 | 1);
        guest.call(NEWFSTATAT, "s1", "=empty", "=buffer", 0x1000).expect(0);
        doubleword(guest, 48, 2 * PAGE + 6);
        guest.line("ld a0, buffer + 8").expect("s2");
        guest.call(NEWFSTATAT, AT_FDCWD, "=empty", "=buffer", 0x1000).expect(0);
        word(guest, 16, 040755);
        guest.call(NEWFSTATAT, AT_FDCWD, "=empty", "=buffer", 0)
                .expect(ENOENT)
                .call(NEWFSTATAT, 77, "=empty", "=buffer", 0x1000)
                .expect(EBADF)
                .call(NEWFSTATAT, AT_FDCWD, "=poem", "=buffer", 1)
                .expect(EINVAL)
                .call(FSTAT, 77, "=buffer")
                .expect(EBADF)
                .string("exe", "/proc/self/exe")
                .call(NEWFSTATAT, AT_FDCWD, "=exe", "=buffer", 0)
                .expect(0);
        word(guest, 16, 0100755);
        guest.call(NEWFSTATAT, AT_FDCWD, "=exe", "=buffer", 0x100).expect(0);
        word(guest, 16, 0120777);
        // Nothing is written behind the struct.
        guest.store("=buffer", 77)
                .line("la s3, buffer")
                .line("sd s3, 128(s3)")
                .call(FSTAT, "s1", "=buffer")
                .line("ld a0, 128(s3)")
                .expect("s3");
        run(guest);
    }

    @Test
    void anUnlinkedFileLivesWhileItIsOpen() {
        Guest guest = guest().string("tmp", "/tmp")
                .open("new", NEW, "s1")
                .call(WRITE, "s1", "=text", 6)
                .call(UNLINKAT, AT_FDCWD, "=new", 0)
                .expect(0)
                .call(UNLINKAT, AT_FDCWD, "=new", 0)
                .expect(ENOENT)
                .call(PREAD64, "s1", "=buffer", 6, 0)
                .expect(6)
                .call(FSTAT, "s1", "=buffer")
                .line("lw a0, buffer + 20")
                .expect(0)
                .open("new", O_RDONLY, "s2")
                .expect(ENOENT)
                .open("new", NEW, "s2")
                .call(READ, "s2", "=buffer", 1)
                .expect(0)
                .call(UNLINKAT, AT_FDCWD, "=tmp", 0)
                .expect(EISDIR)
                .call(UNLINKAT, AT_FDCWD, "=tmp", 0x200)
                .expect(EBUSY)
                .call(UNLINKAT, AT_FDCWD, "=new", 0x200)
                .expect(ENOTDIR)
                .call(UNLINKAT, AT_FDCWD, "=new", 1)
                .expect(EINVAL);
        run(guest);
    }

    @Test
    void aFileThatIsCutAndGrowsAgainReadsZeros() {
        Guest guest = guest().open("poem", O_RDWR, "s1")
                .call(FTRUNCATE, "s1", 5)
                .expect(0)
                .call(FTRUNCATE, "s1", 8)
                .expect(0)
                .call(READ, "s1", "=buffer", 100)
                .expect(8)
                .load("=buffer")
                .expect(0x7365736F72L)
                .call(FTRUNCATE, "s1", -1)
                .expect(EINVAL)
                .call(FTRUNCATE, 77, -1)
                .expect(EINVAL)
                .call(FTRUNCATE, 77, 1)
                .expect(EBADF)
                .call(FTRUNCATE, 1, 1)
                .expect(EINVAL)
                .open("poem", O_RDONLY, "s2")
                .call(FTRUNCATE, "s2", 1)
                .expect(EINVAL)
                .open("poem", O_RDWR | O_TRUNC, "s2")
                .call(LSEEK, "s2", 0, 2)
                .expect(0);
        run(guest);
    }

    @Test
    void copiesOfADescriptorShareTheOffset() {
        Guest guest = guest().open("poem", O_RDONLY, "s1")
                .call(DUP, "s1")
                .expect(4)
                .call(READ, 4, "=buffer", 6)
                .expect(6)
                .call(LSEEK, "s1", 0, 1)
                .expect(6)
                .call(DUP3, "s1", 10, O_CLOEXEC)
                .expect(10)
                .call(DUP3, "s1", 4, 0)
                .expect(4)
                .call(LSEEK, 4, 2, 1)
                .expect(8)
                .call(LSEEK, 10, 0, 1)
                .expect(8)
                .call(FCNTL, "s1", 0, 5)
                .expect(5)
                .call(FCNTL, "s1", 1030, 5)
                .expect(6)
                .fork("child")
                .keep("s2")
                .wait4("s2", "status")
                .load("=status")
                .expect(0)
                .call(LSEEK, "s1", 0, 1)
                .expect(12)
                .exit(0)
                .text("child:")
                .call(READ, 10, "=buffer", 4)
                .expect(4)
                .call(CLOSE, "s1")
                .expect(0);
        run(guest);
    }

    @Test
    void descriptorsAreCopiedAndChangedAsLinuxDoes() {
        Guest guest = guest().open("poem", O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, "s1")
                .call(FCNTL, "s1", 1, 0)
                .expect(1)
                .call(FCNTL, "s1", 2, 0)
                .expect(0)
                .call(FCNTL, "s1", 1, 0)
                .expect(0)
                .call(FCNTL, "s1", 3, 0)
                .expect(O_RDWR | O_APPEND | O_LARGEFILE)
                .call(FCNTL, "s1", 4, O_NONBLOCK | O_CREAT | O_WRONLY)
                .expect(0)
                .call(FCNTL, "s1", 3, 0)
                .expect(O_RDWR | O_NONBLOCK | O_LARGEFILE)
                .call(FCNTL, "s1", 0, 1023)
                .expect(1023)
                .call(FCNTL, "s1", 0, 1023)
                .expect(EMFILE)
                .call(FCNTL, "s1", 0, 1024)
                .expect(EINVAL)
                .call(FCNTL, "s1", 0, -1)
                .expect(EINVAL)
                .call(FCNTL, "s1", 99, 0)
                .expect(EINVAL)
                .call(FCNTL, 77, 99, 0)
                .expect(EBADF)
                .call(DUP, 77)
                .expect(EBADF)
                .call(DUP3, "s1", "s1", 0)
                .expect(EINVAL)
                .call(DUP3, "s1", 5, O_NONBLOCK)
                .expect(EINVAL)
                .call(DUP3, "s1", 1024, 0)
                .expect(EBADF)
                .call(DUP3, "s1", -1, 0)
                .expect(EBADF)
                .call(DUP3, 77, 5, 0)
                .expect(EBADF)
                .call(CLOSE, 77)
                .expect(EBADF)
                .call(CLOSE, -1)
                .expect(EBADF);
        run(guest);
    }

    @Test
    void thereAreNoMoreThan1024Descriptors() {
        Guest guest = guest().open("poem", O_RDONLY, "s1")
                .line("li s2, 1020")
                .text("more:")
                .call(DUP, "s1")
                .line("addi s2, s2, -1")
                .line("bnez s2, more")
                .expect(1023)
                .call(DUP, "s1")
                .expect(EMFILE)
                .open("poem", O_RDONLY, "s2")
                .expect(EMFILE)
                .call(PIPE2, "=buffer", 0)
                .expect(EMFILE)
                .call(CLOSE, 1023)
                .call(PIPE2, "=buffer", 0)
                .expect(EMFILE)
                .call(CLOSE, 500)
                .call(PIPE2, "=buffer", 0)
                .expect(0)
                .load("=buffer")
                .expect(1023L << 32 | 500);
        run(guest);
    }

    @Test
    void standardStreamsGoOneWayAndAreTheConsole() {
        Guest guest = guest().string("console", "/dev/console")
                .open("console", O_RDWR, "s1")
                .call(READ, "s1", "=buffer", 100)
                .expect(4);
        show(guest)
                .call(WRITE, "s1", "=text", 6)
                .expect(6)
                .call(WRITE, 0, "=text", 6)
                .expect(EBADF)
                .call(READ, 1, "=buffer", 6)
                .expect(EBADF)
                .call(FCNTL, 0, 3, 0)
                .expect(O_LARGEFILE)
                .call(FCNTL, 2, 3, 0)
                .expect(O_WRONLY | O_LARGEFILE)
                .call(IOCTL, 1, 0x5401, "=buffer")
                .expect(ENOTTY)
                .call(IOCTL, 1, ScreenInfo.FBIOGET_VSCREENINFO, "=buffer")
                .expect(ENOTTY)
                .call(IOCTL, 77, 0x5401, "=buffer")
                .expect(EBADF);
        assertThat(options().input("one\ntwo\n").run(guest).console()).isEqualTo("one\nhello\n");
    }

    @Test
    void nullAndZeroTakeEverything() {
        Guest guest = guest().string("null", "/dev/null")
                .string("zero", "/dev/zero")
                .open("null", O_RDWR, "s1")
                .open("zero", O_RDWR, "s2")
                .call(WRITE, "s1", "=text", 6)
                .expect(6)
                .call(WRITE, "s2", "=text", 6)
                .expect(6)
                .call(PWRITE64, "s1", "=buffer", 8192, Long.MAX_VALUE)
                .expect(8192)
                .call(READ, "s1", "=buffer", 6)
                .expect(0)
                .store("=buffer", -1)
                .call(READ, "s2", "=buffer", 5)
                .expect(5)
                .load("=buffer")
                .expect(-1L << 40)
                .call(READ, "s2", "=buffer", 8192)
                .expect(8192)
                .call(LSEEK, "s2", 5, 0)
                .expect(0);
        run(guest);
    }

    @Test
    void theScreenDescribesItself() {
        Guest guest = guest().string("screen", "/dev/fb0")
                .open("screen", O_RDWR, "s1")
                .call(IOCTL, "s1", ScreenInfo.FBIOGET_VSCREENINFO, "=buffer")
                .expect(0)
                .load("=buffer")
                .expect((long) TestFramebuffer.HEIGHT << 32 | TestFramebuffer.WIDTH)
                .call(IOCTL, "s1", ScreenInfo.FBIOGET_FSCREENINFO, "=buffer")
                .expect(0)
                .line("lw a0, buffer + 48")
                .expect(TestFramebuffer.STRIDE_BYTES)
                .call(IOCTL, "s1", ScreenInfo.FBIOGET_FSCREENINFO, 8)
                .expect(EFAULT)
                .call(IOCTL, "s1", 0x5401, "=buffer")
                .expect(ENOTTY)
                .call(READ, "s1", "=buffer", 1)
                .expect(EINVAL);
        options().framebuffer(new TestFramebuffer()).run(guest);
        run(guest().string("screen", "/dev/fb0").open("screen", O_RDWR, "s1").expect(ENOENT));
    }

    @Test
    void theCurrentDirectoryIsTheRoot() {
        Guest guest = guest().call(GETCWD, "=buffer", 2)
                .expect(2)
                .line("lhu a0, buffer")
                .expect((int) '/')
                .call(GETCWD, "=buffer", 1)
                .expect(ERANGE)
                .call(GETCWD, 8, 0)
                .expect(ERANGE)
                .call(GETCWD, 8, 100)
                .expect(EFAULT);
        run(guest);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 8, AT, -1, -4096, Long.MIN_VALUE, 0xFFFF_8800_8000_0000L})
    @Tag("S36")
    void aBadPointerIsAnErrorWhateverTheCall(long pointer) {
        Guest guest = guest().open("poem", O_RDWR, "s1");
        Object[][] calls = {
            {OPENAT, AT_FDCWD, pointer, O_RDONLY, 0},
            {UNLINKAT, AT_FDCWD, pointer, 0},
            {READ, "s1", pointer, 4},
            {WRITE, "s1", pointer, 4},
            {READV, "s1", pointer, 2},
            {WRITEV, "s1", pointer, 2},
            {PREAD64, "s1", pointer, 4, 0},
            {PWRITE64, "s1", pointer, 4, 0},
            {NEWFSTATAT, AT_FDCWD, pointer, "=buffer", 0},
            {NEWFSTATAT, AT_FDCWD, "=poem", pointer, 0},
            {FSTAT, "s1", pointer},
            {GETCWD, pointer, 100},
            {PIPE2, pointer, 0},
        };
        for (Object[] call : calls) {
            guest.call((int) call[0], Arrays.copyOfRange(call, 1, call.length)).expect(EFAULT);
        }
        // Nothing was taken, given or left open.
        guest.call(LSEEK, "s1", 0, 1).expect(0).call(DUP, "s1").expect(4);
        run(guest);
    }

    @Test
    @Tag("S36")
    void whatReachesTheGuestBeforeABadPageCounts() {
        Guest guest = guest().mmap(AT, PAGE, RW, ANON | FIXED)
                .open("poem", O_RDWR, "s1")
                .call(READ, "s1", AT + PAGE - 6, 100)
                .expect(6)
                .call(LSEEK, "s1", 0, 1)
                .expect(6)
                .call(WRITE, "s1", AT + PAGE - 5, 100)
                .expect(5)
                .call(LSEEK, "s1", 0, 1)
                .expect(11)
                .call(PREAD64, "s1", "=buffer", 100, 0)
                .expect(POEM.length());
        show(guest)
                .call(LSEEK, "s1", 0, 2)
                // At the end there is nothing that would need the buffer.
                .call(READ, "s1", 8, 100)
                .expect(0)
                .call(READ, "s1", 8, -1)
                .expect(EFAULT);
        assertThat(run(guest).console()).isEqualTo("roses oses ed\nviolets are blue\n");
    }

    @Test
    void memoryThatRunsOutInAWriteIsEnospcOrAShortCount() {
        Guest guest = new Guest()
                .mmap(AT, 1 << 20, RW, ANON | FIXED)
                .open("new", NEW, "s1")
                .call(WRITE, "s1", AT, 1 << 20)
                .keep("s2")
                .line("li t0, 4095")
                .line("and a0, s2, t0")
                .expect(0)
                .line("sltiu a0, s2, 1")
                .expect(0)
                .call(WRITE, "s1", AT, PAGE)
                .expect(ENOSPC)
                .call(LSEEK, "s1", 0, 2)
                .expect("s2")
                .call(UNLINKAT, AT_FDCWD, "=new", 0)
                .call(CLOSE, "s1")
                .open("new", NEW, "s1")
                .call(WRITE, "s1", AT, PAGE)
                .expect(PAGE)
                .string("new", "/tmp/new");
        TestMachine.options().ramBytes(256 << 10).run(guest);
    }

    @Test
    void callsAreTracedByTheirNamesAndFlags() {
        Guest guest = guest().string("slash", "/")
                .open("poem", O_RDONLY | O_CLOEXEC, "s1")
                .open("new", O_WRONLY | O_CREAT | O_TRUNC, "s2")
                .call(OPENAT, 3, "=text", O_RDWR | O_PATH, 0)
                .call(LSEEK, 3, -3, 2)
                .call(READ, 3, "=buffer", 100)
                .call(PWRITE64, 4, "=text", 6, 10)
                .call(FCNTL, 3, 1, 0)
                .call(FCNTL, 3, 2, 1)
                .call(FCNTL, 3, 3, 0)
                .call(FCNTL, 4, 4, O_APPEND)
                .call(FCNTL, 4, 1030, 20)
                .call(DUP3, 3, 9, O_CLOEXEC)
                .call(PIPE2, 8, O_NONBLOCK)
                .call(NEWFSTATAT, AT_FDCWD, "=slash", 8, 0x1100)
                .call(UNLINKAT, AT_FDCWD, "=slash", 0x200)
                .call(FTRUNCATE, 4, 100)
                .call(IOCTL, 1, 0x5401, 8);
        assertThat(options().traced().run(guest).trace())
                .containsExactly(
                        "1 openat(AT_FDCWD, \"/data/poem\", O_RDONLY|O_CLOEXEC) = 3",
                        "1 openat(AT_FDCWD, \"/tmp/new\", O_WRONLY|O_CREAT|O_TRUNC, 0644) = 4",
                        "1 openat(3, \"hello\\n\", O_RDWR|O_PATH) = -1 ENOTDIR",
                        "1 lseek(3, -3, SEEK_END) = 28",
                        "1 read(3, 0x13000, 100) = 3 \"ue\\n\"",
                        "1 pwrite64(4, \"hello\\n\", 6, 10) = 6",
                        "1 fcntl(3, F_GETFD) = 1",
                        "1 fcntl(3, F_SETFD, FD_CLOEXEC) = 0",
                        "1 fcntl(3, F_GETFL) = 32768",
                        "1 fcntl(4, F_SETFL, O_RDONLY|O_APPEND) = 0",
                        "1 fcntl(4, F_DUPFD_CLOEXEC, 20) = 20",
                        "1 dup3(3, 9, O_CLOEXEC) = 9",
                        "1 pipe2(0x8, O_NONBLOCK) = -1 EFAULT",
                        "1 newfstatat(AT_FDCWD, \"/\", 0x8, AT_SYMLINK_NOFOLLOW|AT_EMPTY_PATH) = -1 EFAULT",
                        "1 unlinkat(AT_FDCWD, \"/\", AT_REMOVEDIR) = -1 EBUSY",
                        "1 ftruncate(4, 100) = 0",
                        "1 ioctl(1, TCGETS, 0x8) = -1 ENOTTY",
                        "1 exit_group(0) = ?",
                        "1 +++ exited with 0 +++");
    }

    @Test
    void namesAreBytes() {
        Guest guest = new Guest()
                .data("        .section .rodata\nname: .ascii \"/data/\\303\\244\\000\"")
                .open("name", O_RDONLY, "s1")
                .expect(3);
        TestMachine.options().file("/data/\u00e4", "x").run(guest);
    }
}
