package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.device.ScreenInfo;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.file.FileSystem;
import dev.pagewalk.kernel.frame.NumaNodes;
import dev.pagewalk.kernel.futex.FutexTable;
import dev.pagewalk.kernel.lifecycle.ExecProgram;
import dev.pagewalk.kernel.lifecycle.ForkProcess;
import dev.pagewalk.kernel.lifecycle.SignalSender;
import dev.pagewalk.kernel.lifecycle.StartThread;
import dev.pagewalk.kernel.process.ProcessTable;
import dev.pagewalk.kernel.schedule.Scheduler;
import dev.pagewalk.kernel.shootdown.Shootdowns;
import dev.pagewalk.kernel.signal.SignalHandlers;

/**
 * The subsystems that system calls work with.
 *
 * @param clockHz cycles per simulated second
 * @param nodes the harts, and to which node each belongs
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
        StartThread threads,
        ExecProgram execs,
        SignalSender signals,
        FutexTable futexes,
        SignalHandlers signalHandlers,
        Scheduler scheduler,
        Shootdowns shootdowns,
        NumaNodes nodes,
        Randomness randomness) {}
