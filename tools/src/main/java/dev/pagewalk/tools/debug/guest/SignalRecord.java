package dev.pagewalk.tools.debug.guest;

import dev.pagewalk.kernel.error.Signal;
import dev.pagewalk.kernel.signal.SignalInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A signal as Linux's siginfo_t. Source: Linux, include/uapi/asm-generic/siginfo.h. */
final class SignalRecord {
    private static final int LENGTH_BYTES = 128;
    private static final int FIELDS_OFFSET = 16;

    private SignalRecord() {}

    static byte[] of(SignalInfo info) {
        ByteBuffer record = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(info.signal()).putInt(0).putInt(info.code());
        record.position(FIELDS_OFFSET);
        if (isFault(info)) {
            record.putLong(info.address());
        } else {
            record.putInt(info.pid()).putInt(0).putInt(info.status());
        }
        return record.array();
    }

    /** Whether an instruction of the task's own has raised it. */
    static boolean isFault(SignalInfo info) {
        boolean hasAddress = info.signal() == Signal.SIGSEGV.number()
                || info.signal() == Signal.SIGBUS.number()
                || info.signal() == Signal.SIGILL.number()
                || info.signal() == Signal.SIGTRAP.number();
        return hasAddress && info.code() > 0 && info.code() != SignalInfo.FROM_KERNEL;
    }
}
