package dev.pagewalk.kernel;

import dev.pagewalk.kernel.debug.DebugHook;
import dev.pagewalk.kernel.file.FileSystem;
import dev.pagewalk.kernel.lifecycle.EndProcess;
import dev.pagewalk.kernel.process.MapsReport;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.syscall.SystemCallTracer;
import java.util.function.Consumer;

/** Tells those who want to know how tasks and processes end. */
final class EndReport implements EndProcess.Observer {
    private final SystemCallTracer tracer;
    private final Consumer<String> maps;
    private final FileSystem files;
    private final DebugHook debugger;

    /**
     * @param tracer null where nobody wants a trace
     * @param maps takes the lines of what processes have mapped; null where nobody wants them
     */
    EndReport(SystemCallTracer tracer, Consumer<String> maps, FileSystem files, DebugHook debugger) {
        this.debugger = debugger;
        this.tracer = tracer;
        this.maps = maps;
        this.files = files;
    }

    @Override
    public void taskEnds(Task task, int status) {
        if (tracer != null) {
            tracer.ended(task.tid(), status);
        }
    }

    @Override
    public void processEnds(Process process, int status) {
        debugger.processEnds(process, status);
        if (maps != null) {
            MapsReport.atEnd(process, status, files).lines().forEach(maps);
        }
    }
}
