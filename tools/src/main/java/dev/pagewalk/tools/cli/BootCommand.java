package dev.pagewalk.tools.cli;

import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.tools.machine.MachineOptions;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.ImageSource;
import dev.pagewalk.tools.run.UserErrorException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "boot",
        sortOptions = false,
        usageHelpWidth = 100,
        mixinStandardHelpOptions = true,
        description = "Runs an image until its first process and all others have ended.",
        footer = {
            "",
            "The console is the guest's: standard input and standard output. Everything else goes to",
            "standard error. Arguments for the guest that begin with a hyphen stand behind '--'.",
            "",
            "Exit status: the guest's own; 128 + signal when it was killed by one; 123 deadlock;",
            "124 --max-cycles reached; 125 usage or internal error; 126 not an image that this machine",
            "can run; 127 no such image; 130 interrupted.",
            "",
            "Examples:",
            "  pagewalk boot hello",
            "  pagewalk boot sieve 10 --stats",
            "  pagewalk boot my-guest.elf --harts 1 --ram 64M --profile rocket -- --verbose",
            "  echo hi | pagewalk boot echo --strace",
            "  pagewalk boot mmap --maps-at-exit",
            "  pagewalk boot sieve 100 --engine-log -",
            "",
            "Debugging, from two terminals:",
            "  pagewalk boot debug-tour --gdb 1234 --wait-gdb",
            "  gdb-multiarch -ex 'target remote :1234'",
            "",
            "The same run again, whoever typed when:",
            "  pagewalk boot echo --record typed.log",
            "  pagewalk boot echo --replay typed.log"
        })
final class BootCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "IMAGE", description = "a catalog name, an ELF file, or an assembly source")
    String image;

    @Parameters(index = "1..*", paramLabel = "ARG", description = "the guest's arguments")
    List<String> arguments = new ArrayList<>();

    @Mixin
    MachineOptions machine;

    @Option(names = "--env", paramLabel = "KEY=VALUE", description = "an environment variable of the guest; repeatable")
    List<String> environment = new ArrayList<>();

    @Option(
            names = "--file",
            paramLabel = "GUEST=HOST",
            description =
                    "put a file of the host into the guest's file system, which is in RAM: the guest finds its bytes"
                            + " under the absolute path GUEST, and what it writes there stays there; repeatable")
    List<String> files = new ArrayList<>();

    @Option(names = "--stats", description = "print statistics on standard error")
    boolean stats;

    @Option(names = "--stats-file", paramLabel = "FILE", description = "write statistics to a file as JSON")
    Path statsFile;

    @Option(
            names = "--no-host-stats",
            description = "leave out of the statistics what differs from run to run: the host's time and speed")
    boolean noHostStats;

    @Option(
            names = "--framebuffer",
            paramLabel = "FILE.png",
            description = "give the machine a screen, /dev/fb0, and write what it shows to a file at exit")
    Path framebuffer;

    @Option(
            names = "--strace",
            description =
                    "print one line per system call on standard error, with the process's pid in front; a call that"
                            + " waits appears when it is done, a signal when it is delivered")
    boolean strace;

    @Option(
            names = "--trace",
            paramLabel = "FILE",
            description = "write a timeline with a track for each core, which Perfetto and Chrome show: traps, waiting,"
                    + " idleness, interrupts between cores, page walks; a core without a bar executes its guest")
    Path trace;

    @Option(
            names = "--engine-log",
            paramLabel = "FILE",
            description = "write which guest code was translated, what was not and why, what was given up again, and at"
                    + " the end how much of the run each region was and why it was left; '-' is standard error")
    Path engineLog;

    @Option(
            names = "--maps-at-exit",
            description = "print on standard error what each process has mapped when it ends: a line per region as in"
                    + " /proc/PID/maps, with how much of it is in RAM and how much of that has other owners"
                    + " too (another process, or the page cache)")
    boolean mapsAtExit;

    @Option(
            names = "--gdb",
            paramLabel = "[HOST:]PORT",
            converter = ListenAddress.class,
            description =
                    "let a debugger in: gdb-multiarch -ex 'target remote :PORT', or with the image's ELF file in front of"
                            + " -ex; 0 is any free port, without HOST only this computer can connect; 'monitor help' in"
                            + " GDB tells what this machine can explain")
    InetSocketAddress gdb;

    @Option(
            names = "--wait-gdb",
            description = "with --gdb: do not execute the first instruction before a debugger has connected")
    boolean waitGdb;

    @Option(
            names = "--console",
            paramLabel = "stdio|tcp:[HOST:]PORT",
            defaultValue = "stdio",
            converter = ConsoleChoice.Converter.class,
            description = "the guest's console: standard input and output, or whoever connects to a port, such as"
                    + " 'nc localhost PORT'; a client that leaves does not end the guest's input; 0 is any free port,"
                    + " without HOST only this computer can connect (default: ${DEFAULT-VALUE})")
    ConsoleChoice console;

    @Option(
            names = "--metrics",
            paramLabel = "[HOST:]PORT",
            converter = ListenAddress.class,
            description =
                    "let Prometheus read the run's counters while it runs, at http://HOST:PORT/metrics; 0 is any free"
                            + " port, without HOST only this computer can connect")
    InetSocketAddress metrics;

    @Option(
            names = "--record",
            paramLabel = "FILE",
            description =
                    "write to a file all that comes from outside, and when: what is typed or read from a pipe, and"
                            + " what a debugger changes")
    Path record;

    @Option(
            names = "--replay",
            paramLabel = "FILE",
            description = "run again with the inputs that --record has written; nothing is read from the console. The"
                    + " image, its arguments and all options on which a run depends must be the same")
    Path replay;

    @Override
    public Integer call() throws UserErrorException {
        List<String> variables = variables();
        requireSense();
        ElfImage elf = ImageSource.load(image);
        return new BootSession(this, machine.config(), variables, elf).run();
    }

    private void requireSense() throws UserErrorException {
        if (waitGdb && gdb == null) {
            throw new UserErrorException(ExitStatus.USAGE, "--wait-gdb needs --gdb [HOST:]PORT");
        }
        if (replay != null && record != null) {
            throw new UserErrorException(ExitStatus.USAGE, "--record and --replay exclude each other");
        }
        if (replay != null && console.address() != null) {
            throw new UserErrorException(
                    ExitStatus.USAGE, "--replay takes the console's input from its file: leave --console tcp out");
        }
    }

    /** As a shell's assignments: of a name given twice, the place of the first and the value of the last. */
    private List<String> variables() throws UserErrorException {
        Map<String, String> values = new LinkedHashMap<>();
        for (String variable : environment) {
            int equals = variable.indexOf('=');
            if (equals < 1) {
                throw new UserErrorException(ExitStatus.USAGE, "--env wants KEY=VALUE, not '" + variable + "'");
            }
            values.put(variable.substring(0, equals), variable);
        }
        return List.copyOf(values.values());
    }
}
