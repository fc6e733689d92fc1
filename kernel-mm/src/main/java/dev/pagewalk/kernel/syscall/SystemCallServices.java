package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.device.ScreenInfo;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.file.FileSystem;
import dev.pagewalk.kernel.lifecycle.ExecProgram;
import dev.pagewalk.kernel.lifecycle.ForkProcess;
import dev.pagewalk.kernel.lifecycle.SignalSender;
import dev.pagewalk.kernel.process.ProcessTable;
import dev.pagewalk.kernel.signal.SignalHandlers;

/**
 * The subsystems that system calls work with.
 *
 * @param clockHz cycles per simulated second
 * @param screen what ioctl tells of the framebuffer; null on a machine without one
 */
public record SystemCallServices(
        UserMemory userMemory,
        CostMeter meter,
        long clockHz,
        ProcessTable processes,
        FileSystem files,
        ScreenInfo screen,
        ForkProcess forks,
        ExecProgram execs,
        SignalSender signals,
        SignalHandlers signalHandlers) {}
