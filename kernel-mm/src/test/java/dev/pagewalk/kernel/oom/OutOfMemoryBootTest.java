package dev.pagewalk.kernel.oom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.kernel.frame.FailurePlan;
import dev.pagewalk.kernel.process.ProgramArguments;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A machine whose first program finds no memory says so, and can start one later. */
@Tag("S31")
class OutOfMemoryBootTest {
    private static final ElfImage IMAGE = TestMachine.assemble(new Guest()
            .load("=value")
            .expect(7)
            .data("        .data\nvalue: .dword 7\n        .bss\n.zero 9000")
            .source());

    /** Arguments that take several pages of the stack. */
    private static final ProgramArguments PROGRAM = ProgramArguments.of(List.of("guest", "a".repeat(9000)), List.of());

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyAllocationOfTheFirstProgramMayFail(boolean lasting) throws ProgramException {
        int failures = 0;
        for (boolean fails = true; fails; ) {
            Injection injection = new Injection(failures + 1, lasting);
            TestMachine test = TestMachine.options().build();
            test.kernel().frames().setFailurePlan(injection);
            fails = cannotBoot(test, injection);
            test.kernel().frames().setFailurePlan(FailurePlan.NEVER);
            if (fails) {
                failures++;
                assertThat(test.kernel().frames().freeFrames())
                        .as("free frames when %s", injection)
                        .isEqualTo(test.kernel().freeFramesAtBoot());
                assertThat(test.kernel().processes()).isEmpty();
                test.kernel().boot(IMAGE, PROGRAM);
            }
            assertThat(test.finish().exitStatus()).isZero();
        }
        assertThat(failures).as("failures injected").isGreaterThanOrEqualTo(7);
    }

    private static boolean cannotBoot(TestMachine test, Injection injection) {
        try {
            test.kernel().boot(IMAGE, PROGRAM);
            assertThat(injection.hasHit()).isFalse();
            return false;
        } catch (ProgramException tooSmall) {
            assertThat(tooSmall).hasMessageContaining("RAM of 16384 KiB is too small for this image");
            return true;
        }
    }
}
