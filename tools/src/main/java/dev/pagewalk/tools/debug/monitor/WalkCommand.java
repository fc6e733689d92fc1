package dev.pagewalk.tools.debug.monitor;

import dev.pagewalk.kernel.process.Process;
import java.util.List;

/** {@code walk VA [PID]}: the way of an address through the page tables, and who has cached what of it. */
final class WalkCommand implements MonitorCommand {
    @Override
    public String name() {
        return "walk";
    }

    @Override
    public String arguments() {
        return "VA [PID]";
    }

    @Override
    public String summary() {
        return "the page-table walk of an address, and what each hart has cached of it";
    }

    @Override
    public List<String> details() {
        return List.of(
                "VA is 0x and hexadecimal digits, a decimal number, or pc or sp of the selected thread.",
                "PTE flags: V valid, R W X rights, U for user mode, G global, A accessed, D dirty. A valid entry",
                "without R, W and X points to the next table.",
                "'agrees' means that a TLB would translate as the PTE does, or grant less. STALE means that it",
                "names another frame or grants more: right only until a flush that is due has been done.",
                "Space says whether a hart has the address space loaded, or has left it and may still have something",
                "of it cached. A walk begins where the walk cache leads; costs come on top of the instruction's own.",
                "Nothing is disturbed: no TLB is filled, no A or D is set, nothing is counted.");
    }

    @Override
    public List<String> execute(Request request) throws MonitorException {
        long address = request.userAddress(0);
        Process process = request.process(1);
        return new WalkReport(request.guest(), process, address).lines();
    }
}
