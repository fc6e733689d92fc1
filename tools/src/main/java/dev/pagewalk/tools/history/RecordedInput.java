package dev.pagewalk.tools.history;

import java.util.SortedSet;

/** Something that has come from outside while a guest ran, and that no run with the same options has of itself. */
public sealed interface RecordedInput {
    /** Bytes that have reached the console by themselves. */
    record ConsoleBytes(byte[] bytes) implements RecordedInput {}

    /** The console's other end has gone. */
    record ConsoleHangUp() implements RecordedInput {}

    /** A debugger has written into a process's memory. */
    record MemoryWrite(int pid, long address, byte[] bytes) implements RecordedInput {}

    /** A debugger has changed a register: 1 to 31, or 32 for the pc. */
    record RegisterWrite(int tid, int register, long value) implements RecordedInput {
        /** The pc's number. */
        public static final int PC = 32;
    }

    /** From now on a debugger keeps these tasks from executing their programs, and no others. */
    record SuspendedTasks(SortedSet<Integer> tids) implements RecordedInput {}

    /** A debugger has another signal delivered in the place of one for which the kernel's step is held; 0 for none. */
    record SignalDecision(int tid, int signal) implements RecordedInput {}

    /** A debugger sends a signal to a task. */
    record SentSignal(int tid, int signal) implements RecordedInput {}

    /** A debugger ends a process. */
    record Kill(int pid) implements RecordedInput {}
}
