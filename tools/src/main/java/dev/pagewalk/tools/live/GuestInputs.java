package dev.pagewalk.tools.live;

import dev.pagewalk.devices.console.QueuedConsoleInput;
import dev.pagewalk.emulator.Machine;
import dev.pagewalk.kernel.KernelDebugging;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.tools.MachineAssembly;
import dev.pagewalk.tools.history.InputEffects;
import dev.pagewalk.tools.history.RecordedInput;
import java.util.Set;

/** What inputs do to a guest, whether they come now or from a log. */
final class GuestInputs implements InputEffects {
    private final Machine machine;
    private final KernelDebugging kernel;
    private final QueuedConsoleInput console;

    /** @param console null where its input is all known */
    GuestInputs(MachineAssembly assembly, QueuedConsoleInput console) {
        this.machine = assembly.machine();
        this.kernel = assembly.kernel().debugging();
        this.console = console;
    }

    @Override
    public boolean apply(RecordedInput input) {
        if (input instanceof RecordedInput.MemoryWrite write) {
            return write(write);
        }
        if (input instanceof RecordedInput.RegisterWrite write) {
            return write(write);
        }
        if (input instanceof RecordedInput.ConsoleBytes typed) {
            return receive(typed.bytes());
        }
        if (input instanceof RecordedInput.ConsoleHangUp) {
            return hangUp();
        }
        if (input instanceof RecordedInput.SuspendedTasks suspended) {
            kernel.suspend(Set.copyOf(suspended.tids()));
            return true;
        }
        if (input instanceof RecordedInput.SentSignal sent) {
            Task task = kernel.task(sent.tid());
            return task != null && kernel.send(task, sent.signal());
        }
        if (input instanceof RecordedInput.Kill kill) {
            Process process = live(kill.pid());
            if (process != null) {
                kernel.kill(process);
            }
            return process != null;
        }
        return false;
    }

    private boolean receive(byte[] bytes) {
        boolean hasRoom = console != null && bytes.length <= console.room();
        if (hasRoom) {
            console.receive(bytes, machine.longestCycle());
        }
        return hasRoom;
    }

    private boolean hangUp() {
        if (console != null) {
            console.hangUp(machine.longestCycle());
        }
        return console != null;
    }

    private boolean write(RecordedInput.MemoryWrite write) {
        Process process = live(write.pid());
        try {
            if (process != null) {
                kernel.write(process, write.address(), write.bytes());
            }
            return process != null;
        } catch (KernelException notThere) {
            return false;
        }
    }

    private boolean write(RecordedInput.RegisterWrite write) {
        Task task = kernel.task(write.tid());
        if (task == null) {
            return false;
        }
        if (write.register() == RecordedInput.RegisterWrite.PC) {
            kernel.setPc(task, write.value());
        } else {
            kernel.setRegister(task, write.register(), write.value());
        }
        return true;
    }

    private Process live(int pid) {
        Process process = kernel.process(pid);
        return process == null || process.hasEnded() ? null : process;
    }
}
