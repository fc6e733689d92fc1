package dev.pagewalk.tools.debug.sessions;

import dev.pagewalk.tools.testing.ExternalTool;

/** Debuggers that the sessions need. */
final class DebuggerTool {
    static final String GDB = "gdb-multiarch";
    static final String LLDB = "lldb";

    private DebuggerTool() {}

    /** A test without it is skipped or fails, as {@link ExternalTool#require} has it. */
    static void require(String name) {
        ExternalTool.require(name);
    }
}
