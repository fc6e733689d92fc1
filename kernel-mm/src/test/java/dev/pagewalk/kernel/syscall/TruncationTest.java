package dev.pagewalk.kernel.syscall;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of a mapped file when the file becomes shorter. */
@Tag("S26")
@Tag("S39")
class TruncationTest {
    private static final long PAGE = 4096;
    private static final long AT = 0x2000_0000L;

    /** Counts the signal in "seen" and passes over the instruction. */
    private static final String SKIP = """
            skip:
                la   t0, seen
                ld   t1, 0(t0)
                addi t1, t1, 1
                sd   t1, 0(t0)
                ld   t1, 176(a2)
                addi t1, t1, 4
                sd   t1, 176(a2)
                ret
            """;

    /** A file of three pages, each word of which is 8080808, mapped at AT and open at s1. */
    private static Guest guest(int sharing) {
        return new Guest()
                .string("path", "/data/file")
                .words("action", "seen", "status")
                .onSignal(SIGBUS, "skip", SA_SIGINFO)
                .open("path", O_RDWR, "s1")
                .call(MMAP, AT, 3 * PAGE, RW, sharing | FIXED, "s1", 0)
                .expect(AT);
    }

    private static Guest busErrors(Guest guest, int count) {
        return guest.load("=seen").expect(count);
    }

    private static TestMachine run(Guest guest) {
        return TestMachine.options()
                .file("/data/file", "\b".repeat(3 * 4096))
                .run(guest.exit(0).text(SKIP));
    }

    private static final long WORD = 0x0808_0808_0808_0808L;

    @ParameterizedTest
    @ValueSource(ints = {SHARED, PRIVATE})
    void pagesBeyondTheNewEndAreNoMemoryUntilTheFileGrowsAgain(int sharing) {
        Guest guest =
                guest(sharing).load(AT).load(AT + PAGE).load(AT + 2 * PAGE).expect(WORD);
        guest.call(FTRUNCATE, "s1", PAGE + 16).expect(0);
        guest.load(AT + 8).expect(WORD).load(AT + PAGE + 8).expect(WORD);
        guest.load(AT + PAGE + 16).expect(0).load(AT + 2 * PAGE - 8).expect(0);
        busErrors(guest, 0).load(AT + 2 * PAGE);
        busErrors(guest, 1).store(AT + 3 * PAGE - 8, 1);
        busErrors(guest, 2).call(FTRUNCATE, "s1", 3 * PAGE).expect(0);
        guest.load(AT + 2 * PAGE)
                .expect(0)
                .store(AT + 2 * PAGE, 5)
                .load(AT + 2 * PAGE)
                .expect(5);
        guest.load(AT + PAGE + 16).expect(0);
        busErrors(guest, 2).call(FTRUNCATE, "s1", 0).expect(0).load(AT);
        busErrors(guest, 3);
        assertThat(run(guest).console()).isEmpty();
    }

    @Test
    void privateCopiesGoTooAndTheirBytesDoNotComeBack() {
        Guest guest = guest(PRIVATE)
                .store(AT, 1)
                .store(AT + PAGE, 2)
                .store(AT + PAGE + 100, 3)
                .store(AT + 2 * PAGE, 4);
        guest.call(FTRUNCATE, "s1", PAGE + 8).load(AT + 2 * PAGE);
        busErrors(guest, 1).load(AT).expect(1).load(AT + PAGE).expect(2);
        // The copy of a page that is cut within stays as it is.
        guest.load(AT + PAGE + 100).expect(3);
        guest.call(FTRUNCATE, "s1", 3 * PAGE).load(AT + 2 * PAGE).expect(0);
        busErrors(guest, 1);
        run(guest);
    }

    @Test
    void whatWasStoredBehindTheEndIsZeroWhenTheFileGrows() {
        Guest guest = guest(SHARED)
                .call(FTRUNCATE, "s1", 8)
                .store(AT + 8, 77)
                .load(AT + 8)
                .expect(77);
        guest.call(FTRUNCATE, "s1", 100).load(AT + 8).expect(0);
        run(guest);
    }

    @Test
    void allProcessesThatMapTheFileLoseItsPages() {
        Guest guest = guest(SHARED).load(AT + 2 * PAGE).fork("child");
        guest.wait4(-1, "status").load("=status").expect(0).load(AT + 2 * PAGE);
        busErrors(guest, 1).load(AT + PAGE).expect(6).exit(0);
        guest.text("child:")
                .load(AT + 2 * PAGE)
                .expect(WORD)
                .store(AT + PAGE, 6)
                .call(FTRUNCATE, "s1", 2 * PAGE)
                .load(AT + 2 * PAGE);
        busErrors(guest, 1);
        run(guest);
    }

    @Test
    void aMappingFromTheMiddleOfTheFileLosesItsOwnPart() {
        Guest guest = guest(SHARED);
        guest.call(MMAP, AT + 16 * PAGE, 2 * PAGE, R, SHARED | FIXED, "s1", PAGE)
                .load(AT + 16 * PAGE)
                .load(AT + 17 * PAGE)
                .expect(WORD)
                .call(FTRUNCATE, "s1", 2 * PAGE)
                .load(AT + 16 * PAGE)
                .expect(WORD);
        busErrors(guest, 0).load(AT + 17 * PAGE);
        busErrors(guest, 1).call(FTRUNCATE, "s1", PAGE).load(AT + 16 * PAGE);
        busErrors(guest, 2).load(AT).expect(WORD);
        busErrors(guest, 2);
        run(guest);
    }

    @Test
    void openingWithTruncationDoesTheSame() {
        Guest guest =
                guest(SHARED).load(AT).open("path", O_WRONLY | O_TRUNC, "s2").load(AT);
        busErrors(guest, 1);
        run(guest);
    }

    @Test
    @Tag("S36")
    void aSystemCallFindsNoBufferThere() {
        Guest guest = guest(SHARED)
                .load(AT + PAGE)
                .call(FTRUNCATE, "s1", PAGE)
                .call(WRITE, 1, AT + PAGE, 1)
                .expect(EFAULT)
                .call(READ, 0, AT + PAGE, 1)
                .expect(EFAULT);
        busErrors(guest, 0);
        run(guest);
    }

    @Test
    void withoutAHandlerItEndsTheProcess() {
        Guest guest = new Guest()
                .string("path", "/data/file")
                .open("path", O_RDWR, "s1")
                .call(MMAP, AT, PAGE, RW, SHARED | FIXED, "s1", 0)
                .load(AT)
                .call(FTRUNCATE, "s1", 0)
                .load(AT);
        TestMachine test = TestMachine.options().file("/data/file", "x").run(guest.source());
        assertThat(test.exitStatus()).isEqualTo(128 + SIGBUS);
        assertThat(test.console()).isEqualTo("[KERN] bus error at 0x0000000020000000\n");
    }
}
