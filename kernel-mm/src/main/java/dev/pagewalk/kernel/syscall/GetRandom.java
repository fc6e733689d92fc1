package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;

/** getrandom(buffer, length, flags): never waits, and gives the same bytes in every run. Source: getrandom(2). */
final class GetRandom extends SystemCall {
    static final int NON_BLOCKING = 1;
    static final int RANDOM = 2;
    static final int INSECURE = 4;

    GetRandom() {
        super(278, "getrandom", ParameterKind.ADDRESS, ParameterKind.SIZE, ParameterKind.RANDOM_FLAGS);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        long flags = call.argument(2) & 0xFFFF_FFFFL;
        boolean contradictory = (flags & (RANDOM | INSECURE)) == (RANDOM | INSECURE);
        if ((flags & ~(NON_BLOCKING | RANDOM | INSECURE)) != 0 || contradictory) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        UserBuffers buffer = UserBuffers.one(call, call.argument(0), call.argument(1));
        long wanted = Math.min(buffer.remainingBytes(), UserBuffers.STEP_BYTES);
        byte[] piece = new byte[(int) Math.min(wanted, UserBuffers.PIECE_BYTES)];
        long done = 0;
        while (done < wanted) {
            int part = (int) Math.min(wanted - done, piece.length);
            call.services().randomness().fill(piece);
            int copied;
            try {
                copied = buffer.copyOut(piece, part);
            } catch (KernelException badAddress) {
                if (done == 0) {
                    throw badAddress;
                }
                return done;
            }
            buffer.advance(copied);
            done += copied;
            if (copied < part) {
                break;
            }
        }
        return done;
    }
}
