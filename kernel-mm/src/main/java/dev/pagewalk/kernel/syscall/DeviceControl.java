package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.device.ScreenInfo;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.InodeKind;

/** ioctl(fd, request, argument): what the screen tells of itself. Nothing here is a terminal. */
final class DeviceControl extends SystemCall {
    DeviceControl() {
        super(29, "ioctl", ParameterKind.NUMBER, ParameterKind.IOCTL_REQUEST, ParameterKind.ADDRESS);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        boolean isScreen = call.file(0).inode().kind() == InodeKind.DEVICE;
        ScreenInfo screen = call.services().screen();
        byte[] answer = switch ((int) call.argument(1)) {
            case ScreenInfo.FBIOGET_VSCREENINFO -> isScreen ? screen.variable() : null;
            case ScreenInfo.FBIOGET_FSCREENINFO -> isScreen ? screen.fixed() : null;
            default -> null;
        };
        if (answer == null) {
            throw KernelError.NOT_A_TERMINAL.exception();
        }
        call.userMemory().copyAllToUser(call.space(), call.argument(2), answer);
        return 0;
    }
}
