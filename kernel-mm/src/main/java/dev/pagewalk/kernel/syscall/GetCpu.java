package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelException;

/** getcpu(hart, node, unused): where the caller runs; either pointer may be null. */
final class GetCpu extends SystemCall {
    GetCpu() {
        super(168, "getcpu", ParameterKind.INT_OUT, ParameterKind.INT_OUT, ParameterKind.ADDRESS);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        int hartId = call.hart().id();
        write(call, call.argument(0), hartId);
        write(call, call.argument(1), call.services().nodes().ofHart(hartId));
        return 0;
    }

    private static void write(CallContext call, long address, int value) throws KernelException {
        if (address != 0) {
            call.userMemory().copyIntToUser(call.space(), address, value);
        }
    }
}
