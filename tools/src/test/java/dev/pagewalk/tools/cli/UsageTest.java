package dev.pagewalk.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.testing.CommandResult;
import dev.pagewalk.tools.testing.InProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong usage is one line and status 125; help and lists go to standard output. */
class UsageTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | a command is missing",
                "nosuch | no command 'nosuch'; see",
                "tset catalog | no command 'tset'; did you mean 'test'?; see",
                "abc | no command 'abc'; see",
                "bot hello | no command 'bot'; did you mean 'boot'?; see",
                "--nosuch | Unknown option: '--nosuch'",
                "help nosuch | Unknown subcommand 'nosuch'",
                "boot | IMAGE",
                "boot hello --nosuch | Unknown option: '--nosuch'",
                "boot hello -x | Unknown option: '-x'; the guest's own options stand after '--'; see",
                "test catalog -x | Unknown option: '-x'; see",
                "boot --harts | --harts",
                "boot hello --harts x | 'x' is not an int",
                "boot hello --harts 0 | 1 to 64",
                "boot hello --harts 65 | 1 to 64",
                "boot hello --harts 1 --harts 2 | only once",
                "boot hello --ram 1 | 64K",
                "boot hello --ram 32K | 64K to 64G",
                "boot hello --ram 65G | 64K to 64G",
                "boot hello --ram 9999999999G | 64K to 64G",
                "boot hello --ram 65K | multiple of 4K",
                "boot hello --paging sv32 | sv39, sv48 or sv57",
                "boot hello --huge sometimes | never or always",
                "boot hello --fork twice | 'twice' must be cow or eager",
                "test catalog --fork twice | 'twice' must be cow or eager",
                "boot hello --maps-at-exit=maybe | --maps-at-exit",
                "boot hello --file /a | --file wants GUEST=HOST, not '/a'",
                "boot hello --file /a=/no/such | file for /a: /no/such: cannot be read: no such file or folder",
                "boot hello --profile nosuch | u74",
                "boot hello --numa 0 | 1 to 64, not 0",
                "boot hello --numa 65 | 1 to 64, not 65",
                "boot hello --numa 3 --ram 128K | with 128 KiB of RAM there can be at most 2 NUMA nodes",
                "boot hello --quantum 0 | the quantum must be 1 to 1500 cycles with profile u74, not 0",
                "boot hello --quantum 2001 --profile skylake"
                        + " | the quantum must be 1 to 2000 cycles with profile skylake, not 2001",
                "boot hello --quantum short | --quantum",
                "boot hello --seed 1.5 | --seed",
                "test catalog --quantum 1501 | the quantum must be 1 to 1500 cycles with profile u74, not 1501",
                "boot hello --shootdown all | 'all' must be broadcast, targeted, batched, lazy, latr, early-ack or"
                        + " hardware-broadcast",
                "test catalog --shootdown Latr | 'Latr' must be broadcast, targeted, batched, lazy, latr, early-ack or",
                "boot hello --shootdown | --shootdown",
                "boot hello --asid-bits 0 | an ASID has 1 to 16 bits, not 0",
                "boot hello --asid-bits 17 | an ASID has 1 to 16 bits, not 17",
                "boot hello --asid-bits few | --asid-bits",
                "test catalog --asid-bits 17 | an ASID has 1 to 16 bits, not 17",
                "boot hello --max-cycles 0 | 1 or more",
                "boot hello --max-cycles -1 | 1 or more",
                "boot hello --max-cycles many | --max-cycles",
                "boot hello --env NAME | KEY=VALUE",
                "boot hello --env =value | KEY=VALUE",
                "boot hello --stats=maybe | --stats",
                "boot hello --framebuffer | --framebuffer",
                "boot hello --stats-file same --framebuffer ./same | the same file; name another one",
                "boot hello --trace same --stats-file ./same | the same file; name another one",
                "boot hello --framebuffer same --trace ./same | the same file; name another one",
                "boot hello --wait-gdb | --wait-gdb needs --gdb [HOST:]PORT",
                "boot hello --gdb | --gdb",
                "boot hello --gdb nonsense | '--gdb': 'nonsense' is not [HOST:]PORT with a port from 0 to 65535",
                "boot hello --gdb localhost | 'localhost' is not [HOST:]PORT with a port from 0 to 65535",
                "boot hello --gdb 65536 | '65536' is not [HOST:]PORT with a port from 0 to 65535",
                "boot hello --gdb localhost:-1 | 'localhost:-1' is not [HOST:]PORT with a port from 0 to 65535",
                "boot hello --gdb no.such.host.invalid:1 | 'no.such.host.invalid:1' names a host that nobody knows",
                "boot hello --console tcp | 'tcp' is neither stdio nor tcp:[HOST:]PORT",
                "boot hello --console pty | 'pty' is neither stdio nor tcp:[HOST:]PORT",
                "boot hello --console tcp: | '' is not [HOST:]PORT with a port from 0 to 65535",
                "boot hello --console tcp:x | 'x' is not [HOST:]PORT with a port from 0 to 65535",
                "boot hello --console tcp:65536 | '65536' is not [HOST:]PORT with a port from 0 to 65535",
                "boot hello --metrics | --metrics",
                "boot hello --metrics 65536 | '--metrics': '65536' is not [HOST:]PORT with a port from 0 to 65535",
                "boot hello --record a --replay b | --record and --replay exclude each other",
                "boot hello --replay a --console tcp:0 | leave --console tcp out",
                "boot hello --replay nosuch | cannot read the input log from nosuch: no such file or folder",
                "boot hello --replay a --stats-file ./a | the same file; name another one",
                "boot hello --record same --stats-file ./same | the same file; name another one",
                "boot hello --record nosuch/log | cannot write the input log to nosuch/log: no such folder",
                "test catalog --gdb 0 | Unknown option: '--gdb'",
                "boot hello --trace nosuch/x.json | cannot write the trace to nosuch/x.json: no such folder",
                "test catalog --trace x.json | Unknown option: '--trace'",
                "boot hello --framebuffer nosuch/x.png | cannot write the picture to nosuch/x.png: no such folder",
                "boot hello --engine jit | '--engine': 'jit' must be auto, interpreter or translator",
                "test catalog --engine AUTO | 'AUTO' must be auto, interpreter or translator",
                "boot hello --engine-log nosuch/log | cannot write the engine's log to nosuch/log: no such folder",
                "boot hello --engine-log log --trace ./log | the same file; name another one",
                "test catalog --engine-log - | Unknown option: '--engine-log'",
                "asm | FILE.s",
                "asm guest.s | -o",
                "asm guest.txt -o guest.elf | .s or .S",
                "asm / -o guest.elf | .s or .S",
                "disasm | IMAGE",
                "profiles nosuch | u74",
                "images hello | Unmatched argument",
                "test | PATH",
                "merge | DIR",
                "merge /no/such | /no/such/results.json cannot be read: no such file or folder",
                "test /no/such/folder | no such folder",
                "test catalog --harts 0 | 1 to 64",
                "bench nosuch | no benchmark matches 'nosuch'",
            })
    void wrongUsageIsOneLine(String line, String reason) {
        assertUsageError(InProcess.pagewalk(line.isEmpty() ? new String[0] : line.split(" ")), reason);
    }

    @Test
    void aFileInThePlaceOfTheImageIsRefused(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "text");
        String program = "file in the guest: '/bin/hello' is where the guest's own program stands\n";

        assertUsageError(boot("/bin/hello=" + file), program);
        assertUsageError(boot("/bin=" + file), "file in the guest: '/bin' is there already\n");
        assertUsageError(
                boot("/bin/hello/x=" + file),
                "file in the guest: '/bin/hello/x' lies in something that is no directory\n");
    }

    private static CommandResult boot(String file) {
        return InProcess.pagewalk("boot", "hello", "--file", file);
    }

    @Test
    void aPlaceThatCannotBeWrittenIsRefusedBeforeTheGuestRuns(@TempDir Path folder) throws IOException {
        Path source = Files.writeString(folder.resolve("guest.s"), "_start: nop\n");
        Path missing = folder.resolve("missing").resolve("result");
        Path throughFile = source.resolve("result");
        Path file = Files.writeString(folder.resolve("read-only"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));

        Map<List<String>, String> purposes = Map.of(
                List.of("boot", "hello", "--stats-file"), "statistics",
                List.of("boot", "hello", "--record"), "the input log",
                List.of("asm", source.toString(), "-o"), "the image");
        for (List<String> command : purposes.keySet()) {
            String purpose = purposes.get(command);
            assertUnwritable(command, purpose, missing, "no such folder: " + missing.getParent());
            assertUnwritable(command, purpose, folder, "it is a folder");
            assertUnwritable(command, purpose, throughFile, source + " is not a folder");
            if (!Files.isWritable(file)) {
                assertUnwritable(command, purpose, file, "permission denied");
            }
        }
        assertThat(file).hasContent("old");
        assertThat(missing.getParent()).doesNotExist();
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = Integer.toString(taken.getLocalPort());
            String problem = "127.0.0.1:" + port + ": Address already in use";

            assertUsageError(InProcess.pagewalk("boot", "hello", "--gdb", port), "--gdb: cannot listen on", problem);
            assertUsageError(
                    InProcess.pagewalk("boot", "hello", "--metrics", port), "--metrics: cannot listen on", problem);
            assertUsageError(
                    InProcess.pagewalk("boot", "hello", "--console", "tcp:" + port),
                    "--console: cannot listen on",
                    problem);
        }
    }

    @Test
    void anInputLogIsNotWrittenOverTheImage(@TempDir Path folder) throws IOException {
        Path source = Files.writeString(folder.resolve("guest.s"), "_start: nop\n");

        assertUsageError(
                InProcess.pagewalk("boot", source.toString(), "--record", source.toString()),
                source + " would be written over " + source + ", the same file; name another one");
        assertThat(source).hasContent("_start: nop");
    }

    /** Permissions allow it to the superuser; the host does not. */
    @Test
    void aPlaceThatOnlyTheHostKnowsToBeUnwritableIsRefusedBeforeTheGuestRuns() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "a host with /proc");

        CommandResult result = InProcess.pagewalk("boot", "hello", "--stats-file", "/proc/self/stats.json");

        assertUsageError(result, "cannot write statistics to /proc/self/stats.json: ");
    }

    private static void assertUnwritable(List<String> command, String purpose, Path target, String problem) {
        List<String> whole = new ArrayList<>(command);
        whole.add(target.toString());
        assertUsageError(
                InProcess.pagewalk(whole.toArray(String[]::new)),
                "cannot write " + purpose + " to " + target + ": " + problem + "\n");
    }

    private static void assertUsageError(CommandResult result, String... reasons) {
        assertThat(result.status()).as(result.error()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.errorLines()).hasSize(1);
        assertThat(result.error())
                .startsWith("pagewalk: ")
                .contains(reasons)
                .doesNotContain("Exception")
                .doesNotContain("internal error");
        assertThat(result.output()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "--help", "-h"})
    void helpNamesEveryCommand(String argument) {
        assertThat(success(argument))
                .contains("boot", "test", "asm", "disasm", "images", "profiles", "bench", "pagewalk boot hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"boot", "test", "asm", "disasm", "images", "profiles", "bench"})
    void everyCommandExplainsItself(String command) {
        String help = success("help", command);

        assertThat(help).startsWith("Usage: pagewalk " + command);
        assertThat(success(command, "--help")).isEqualTo(help);
    }

    @Test
    void helpOfBootNamesOptionsDefaultsAndExitStatuses() {
        assertThat(success("help", "boot"))
                .contains(
                        "--harts",
                        "--ram",
                        "--paging",
                        "--profile",
                        "--shootdown",
                        "--asid-bits",
                        "--numa",
                        "--huge",
                        "--fork",
                        "--file",
                        "--maps-at-exit",
                        "--sanitize",
                        "--quantum",
                        "--seed",
                        "--max-cycles",
                        "--stats",
                        "--strace",
                        "--trace",
                        "--gdb",
                        "--wait-gdb",
                        "--console",
                        "--metrics",
                        "--record",
                        "--replay",
                        "--env")
                .contains("256M", "sv48", "u74")
                .contains("124", "125", "126", "127", "130");
    }

    @Test
    void theVersionIsOneLine() {
        assertThat(success("--version").lines()).singleElement().asString().startsWith("pagewalk ");
    }

    @Test
    void imagesListsTheCatalogWithADescriptionEach() {
        List<String> lines = success("images").lines().toList();

        assertThat(lines).hasSameSizeAs(ImageCatalog.names());
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i)).matches(ImageCatalog.names().get(i) + " +\\S.*");
        }
    }

    @Test
    void profilesListsThemAndSaysWhichIsTheDefault() {
        String list = success("profiles");

        for (TimingProfile profile : TimingProfiles.list()) {
            assertThat(list).contains(profile.name()).contains(profile.description());
        }
        assertThat(list.lines().filter(line -> line.contains("(default)")))
                .singleElement()
                .asString()
                .startsWith(TimingProfiles.DEFAULT_NAME);
    }

    @Test
    void aProfileIsListedWithEachFigureAndItsSource() {
        String list = success("profiles", "u74");

        for (TimingProfile.Figure figure : TimingProfiles.find("u74").figures()) {
            assertThat(list).contains(figure.key()).contains(figure.source());
        }
    }

    private static String success(String... arguments) {
        CommandResult result = InProcess.pagewalk(arguments);
        assertThat(result.status()).as(result.error()).isZero();
        assertThat(result.error()).isEmpty();
        return result.output();
    }
}
