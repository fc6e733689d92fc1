package dev.pagewalk.tools.debug.monitor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.ProcessTable;
import dev.pagewalk.tools.MachineAssembly;
import dev.pagewalk.tools.metrics.Statistics;
import dev.pagewalk.tools.metrics.StatisticsText;
import java.util.List;

/** {@code stats}: what {@code --stats} prints, as of now. */
final class StatsCommand implements MonitorCommand {
    private final MachineAssembly assembly;
    private final String image;

    StatsCommand(MachineAssembly assembly, String image) {
        this.assembly = assembly;
        this.image = image;
    }

    @Override
    public String name() {
        return "stats";
    }

    @Override
    public String arguments() {
        return "";
    }

    @Override
    public String summary() {
        return "the statistics that --stats prints at the end, as of now";
    }

    @Override
    public List<String> details() {
        return List.of(
                "What --stats says of the exit is what holds now: the guest has no exit status yet, and frames 'free",
                "at exit' are free now. The memory hash is of all frames that are not zero.");
    }

    @Override
    public List<String> execute(Request request) {
        ObjectNode tree = new Statistics(assembly).collect(image, 0);
        Process first = request.guest().process(ProcessTable.FIRST_PID);
        if (first != null && first.hasEnded()) {
            tree.put("exit", first.exitStatus());
        } else {
            tree.put("exit", "status none yet");
        }
        return StatisticsText.lines(tree);
    }
}
