package dev.pagewalk.tools.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.devices.console.CapturedConsoleOutput;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.tools.testing.TestGuest;
import org.junit.jupiter.api.Test;

class GuestRunTest {
    private static final KernelConfig SANITIZED = KernelConfig.quiet().withSanitizer(true);

    private static GuestRun run(TestGuest guest) {
        return new GuestRun(guest.assembly(), new CapturedConsoleOutput(1 << 16));
    }

    @Test
    void theStatusIsTheGuestsWhereTheSanitizerFindsNothing() {
        GuestRun run = run(TestGuest.booted("hello", TestGuest.config(), SANITIZED));

        assertThat(run.run(Long.MAX_VALUE)).isZero();
        assertThat(run.reason()).isEmpty();
        assertThat(run.violations()).isEmpty();
    }

    /** The kernel that comes with Pagewalk is right, so the sanitizer is told of a frame that is not really freed. */
    @Test
    void aViolationMakesTheRunAFailureOfOurs() {
        TestGuest guest = TestGuest.booted("hello", TestGuest.config(), SANITIZED);
        long root = guest.assembly().machine().harts().get(0).mmu().rootAddress();
        guest.assembly().kernel().sanitizer().frameFreed(root, FrameUse.PAGE_TABLE);
        GuestRun run = run(guest);

        assertThat(run.run(Long.MAX_VALUE)).isEqualTo(ExitStatus.USAGE);
        assertThat(run.reason()).endsWith("violations: 1");
        assertThat(run.violations())
                .containsExactly(String.format(
                        "frame freed while it can be reached: 0x%x (page table) by the kernel as it boots, or for a debugger; it is"
                                + " the root that hart 0 has loaded",
                        root));
    }
}
