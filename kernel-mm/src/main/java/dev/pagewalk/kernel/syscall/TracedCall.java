package dev.pagewalk.kernel.syscall;

import java.util.List;

/**
 * A system call as its trace has it before it executes.
 *
 * @param arguments their texts
 * @param outputs which of the texts are addresses of what only the call itself will write
 * @param bufferAddress the second argument
 */
record TracedCall(int tid, SystemCall call, List<String> arguments, List<Output> outputs, long bufferAddress) {
    /**
     * @param position in the list of texts
     * @param address where the call writes, if it succeeds
     */
    record Output(int position, ParameterKind kind, long address) {}

    String text() {
        return tid + " " + call.name() + "(" + String.join(", ", arguments) + ")";
    }
}
