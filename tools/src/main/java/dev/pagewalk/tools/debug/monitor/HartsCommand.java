package dev.pagewalk.tools.debug.monitor;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.emulator.trap.InterruptLine;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.shootdown.HartBits;
import dev.pagewalk.kernel.shootdown.Shootdown;
import dev.pagewalk.kernel.space.SpaceLock;
import dev.pagewalk.tools.debug.monitor.GuestView.OwnedSpace;
import dev.pagewalk.tools.text.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code harts}: what every hart does. */
final class HartsCommand implements MonitorCommand {
    @Override
    public String name() {
        return "harts";
    }

    @Override
    public String arguments() {
        return "";
    }

    @Override
    public String summary() {
        return "what each hart does, its clock, its address space, and what it waits for";
    }

    @Override
    public List<String> details() {
        return List.of(
                "phase: running executes its guest; queued has trapped and its kernel step is next when its clock is the",
                "smallest; busy lets the cycles of a kernel step pass; waiting waits in the kernel; idle has no task.",
                "pc is where the guest is, or will go on. The clocks of waiting and idle harts stand still.",
                "satp names the root table and the ASID; an idle hart keeps what it had loaded.");
    }

    @Override
    public List<String> execute(Request request) {
        GuestView guest = request.guest();
        List<String> lines = new ArrayList<>();
        lines.add(Text.count(guest.harts().size(), "hart") + " at cycle " + Text.number(guest.nowCycle()));
        TextTable table = new TextTable(
                ">hart", "phase", "executes", "pc", ">cycle", ">instructions", "root table", ">ASID", "of", "pending");
        List<String> remarks = new ArrayList<>();
        for (Hart hart : guest.harts()) {
            Task task = guest.taskOn(hart);
            // satp is 0 until the first task comes.
            boolean hasLoaded = hart.mmu().rootAddress() != 0;
            String owners = guest.ownersOfRoot(hart.mmu().rootAddress());
            table.add(
                    Integer.toString(hart.id()),
                    hart.phase().name().toLowerCase(Locale.ROOT),
                    task == null ? "-" : GuestView.nameOf(task),
                    task == null ? "-" : Text.hex(hart.pc),
                    hart.cycle,
                    hart.retired,
                    hasLoaded ? Text.hex(hart.mmu().rootAddress()) : "-",
                    hasLoaded ? Integer.toString(hart.mmu().asid()) : "-",
                    !hasLoaded ? "-" : owners.isEmpty() ? "the kernel" : owners,
                    pending(hart));
            String remark = waitsFor(guest, hart);
            if (!remark.isEmpty()) {
                remarks.add("hart " + hart.id() + " " + remark);
            }
        }
        lines.addAll(table.lines("  "));
        lines.addAll(remarks);
        addTasksWithoutHart(lines, guest);
        return lines;
    }

    private static String pending(Hart hart) {
        List<String> pending = new ArrayList<>();
        for (InterruptLine line : InterruptLine.values()) {
            if (hart.isPending(line)) {
                pending.add(line.name().toLowerCase(Locale.ROOT));
            }
        }
        return pending.isEmpty() ? "-" : String.join(", ", pending);
    }

    /** Completes a sentence that begins with the hart; empty where there is nothing to say. */
    private static String waitsFor(GuestView guest, Hart hart) {
        if (hart.phase() == HartPhase.QUEUED && hart.trapCause() != null) {
            return "has trapped: "
                    + hart.trapCause().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                    + (hart.trapValue() == 0 ? "" : " at " + Text.hex(hart.trapValue()));
        }
        if (hart.phase() != HartPhase.WAITING && hart.phase() != HartPhase.BUSY) {
            return "";
        }
        String waits = hart.phase() == HartPhase.WAITING ? "waits " : "will wait ";
        for (Shootdown shootdown : guest.shootdowns().unfinished()) {
            if (shootdown.initiator() == hart.id() && !shootdown.isParked() && shootdown.awaited() != 0) {
                return waits + "for " + Text.harts(shootdown.awaited()) + " to answer shootdown " + shootdown.number();
            }
            if (HartBits.contains(shootdown.waiters(), hart.id())) {
                return waits + "for hart " + shootdown.initiator() + " to finish shootdown " + shootdown.number();
            }
        }
        for (OwnedSpace owned : guest.spaces()) {
            SpaceLock lock = owned.space().lock();
            if (HartBits.contains(lock.waitingHarts(), hart.id())) {
                return waits + "for the lock on the memory of " + owned.owners() + ", which "
                        + Text.harts(lock.holders())
                        + (lock.isExclusive()
                                ? " has alone"
                                : Long.bitCount(lock.holders()) > 1 ? " share" : " shares");
            }
        }
        return hart.phase() == HartPhase.WAITING ? "waits" : "";
    }

    private static void addTasksWithoutHart(List<String> lines, GuestView guest) {
        for (Process process : guest.processesWithMemory()) {
            for (Task task : process.tasks()) {
                String state = state(task);
                if (!state.isEmpty()) {
                    lines.add(GuestView.nameOf(task) + " " + state);
                }
            }
        }
    }

    private static String state(Task task) {
        return switch (task.state()) {
            case RUNNABLE -> "waits for a hart";
            case BLOCKED -> "waits for " + task.waitsFor().describe();
            case STOPPED -> "is stopped by a signal";
            case NEW -> "is being made";
            case RUNNING, ENDED -> "";
        };
    }
}
