package dev.pagewalk.kernel.syscall;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.device.ConsoleDriver;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.process.Process;

/** What a system call sees of the kernel: its arguments, its process, and the services that it may use. */
public final class CallContext {
    private static final int A0 = 10;
    private static final int A7 = 17;

    private final UserMemory userMemory;
    private final ConsoleDriver console;
    private final CostMeter meter;
    private final long clockHz;
    private Hart hart;
    private Process process;
    private boolean exiting;
    private int exitStatus;
    private long populateStart;
    private long populateEnd;

    /** @param clockHz cycles per simulated second */
    public CallContext(UserMemory userMemory, ConsoleDriver console, CostMeter meter, long clockHz) {
        this.userMemory = userMemory;
        this.console = console;
        this.meter = meter;
        this.clockHz = clockHz;
    }

    void enter(Hart callingHart, Process callingProcess) {
        hart = callingHart;
        process = callingProcess;
        exiting = false;
        populateStart = 0;
        populateEnd = 0;
    }

    /** a7: which call it is. */
    long number() {
        return hart.x[A7];
    }

    /** a0 to a5, by index 0 to 5. */
    long argument(int index) {
        return hart.x[A0 + index];
    }

    void setResult(long result) {
        hart.x[A0] = result;
    }

    Process process() {
        return process;
    }

    UserMemory userMemory() {
        return userMemory;
    }

    ConsoleDriver console() {
        return console;
    }

    /** The time at which the call has got to, in cycles since power-on. */
    long nowCycle() {
        return meter.nowCycle();
    }

    long clockHz() {
        return clockHz;
    }

    /** The process ends when this call does. */
    void exit(int status) {
        exiting = true;
        exitStatus = status & 0xFF;
    }

    /** Whether the call was one that ends the process. */
    public boolean isExiting() {
        return exiting;
    }

    /** 0 to 255; meaningful where {@link #isExiting()}. */
    public int exitStatus() {
        return exitStatus;
    }

    /** The pages of {@code [start, end)} are to be faulted in before the guest goes on. */
    void populate(long start, long end) {
        populateStart = start;
        populateEnd = end;
    }

    /** Whether the call leaves pages to be faulted in. */
    public boolean populates() {
        return populateStart < populateEnd;
    }

    public long populateStart() {
        return populateStart;
    }

    public long populateEnd() {
        return populateEnd;
    }
}
