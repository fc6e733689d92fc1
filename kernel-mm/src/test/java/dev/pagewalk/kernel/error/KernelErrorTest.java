package dev.pagewalk.kernel.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class KernelErrorTest {
    @Test
    @Tag("S46")
    void everyClassOfTheSeedIsThereWithAnErrnoAndASignal() {
        assertThat(Arrays.stream(KernelError.values()).map(Enum::name))
                .contains(
                        "NOT_INITIALIZED",
                        "INVALID_STATE",
                        "INVALID_ARGUMENT",
                        "INVALID_ADDRESS",
                        "UNMAPPED_MEMORY",
                        "PERMISSION_DENIED",
                        "ALREADY_EXISTS",
                        "NOT_FOUND",
                        "OUT_OF_MEMORY",
                        "RESOURCE_EXHAUSTED",
                        "NOT_IMPLEMENTED");
        for (KernelError error : KernelError.values()) {
            assertThat(error.errno()).isNotNull();
            assertThat(error.signal()).isNotNull();
            assertThat(error.exception().error()).isEqualTo(error);
            assertThat(Errno.ofResult(error.errno().asResult())).isEqualTo(error.errno());
        }
        assertThat(KernelError.INVALID_ARGUMENT.errno()).isEqualTo(Errno.EINVAL);
        assertThat(KernelError.INVALID_ADDRESS.errno()).isEqualTo(Errno.EFAULT);
        assertThat(KernelError.UNMAPPED_MEMORY.errno()).isEqualTo(Errno.ENOMEM);
        assertThat(KernelError.OUT_OF_MEMORY.errno()).isEqualTo(Errno.ENOMEM);
        assertThat(KernelError.OUT_OF_MEMORY.signal()).isEqualTo(Signal.SIGKILL);
        assertThat(KernelError.ALREADY_EXISTS.errno()).isEqualTo(Errno.EEXIST);
        assertThat(KernelError.PERMISSION_DENIED.errno()).isEqualTo(Errno.EACCES);
        assertThat(KernelError.NOT_FOUND.errno()).isEqualTo(Errno.ENOENT);
        assertThat(KernelError.NOT_IMPLEMENTED.errno()).isEqualTo(Errno.ENOSYS);
    }

    @Test
    @Tag("S35")
    void signalsHaveLinuxsNumbers() {
        assertThat(Signal.SIGILL.exitStatus()).isEqualTo(132);
        assertThat(Signal.SIGTRAP.exitStatus()).isEqualTo(133);
        assertThat(Signal.SIGBUS.exitStatus()).isEqualTo(135);
        assertThat(Signal.SIGKILL.exitStatus()).isEqualTo(137);
        assertThat(Signal.SIGSEGV.exitStatus()).isEqualTo(139);
    }

    @Test
    @Tag("S46")
    void resultsThatAreNoErrorHaveNoErrno() {
        assertThat(Errno.ofResult(0)).isNull();
        assertThat(Errno.ofResult(12)).isNull();
        assertThat(Errno.ofResult(-38)).isEqualTo(Errno.ENOSYS);
        assertThat(Errno.ofResult(-4096)).isNull();
    }
}
