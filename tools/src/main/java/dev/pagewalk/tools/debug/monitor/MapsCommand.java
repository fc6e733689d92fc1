package dev.pagewalk.tools.debug.monitor;

import java.util.List;

/** {@code maps [PID]}: a process's regions, as {@code --maps-at-exit} shows them. */
final class MapsCommand implements MonitorCommand {
    @Override
    public String name() {
        return "maps";
    }

    @Override
    public String arguments() {
        return "[PID]";
    }

    @Override
    public String summary() {
        return "what a process has mapped, and what of it is in RAM";
    }

    @Override
    public List<String> details() {
        return List.of(
                "Resident is what is in RAM now: pages come at the first access. Shared is what of that has another",
                "owner too: another process, as after fork, or the page cache. Huge counts pages of 2 MiB.",
                "perm ends in p where stores stay private, in s where others see them.");
    }

    @Override
    public List<String> execute(Request request) throws MonitorException {
        return request.guest().kernel().maps(request.process(0)).lines();
    }
}
