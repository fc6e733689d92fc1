package dev.pagewalk.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.tools.testing.CommandResult;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher script, in a tree of its own with spaces in its name. There {@code mvn} only notes that it was called, and
 * {@code java} only prints its arguments, but where a test says otherwise.
 */
class LauncherTest {
    private static final List<String> MODULES =
            List.of("mmu", "emulator-core", "devices", "images", "kernel-mm", "tools");
    private static final String BUILDING = "pagewalk: building, this takes a minute the first time\n";

    @TempDir
    Path folder;

    private Path root;
    private Path script;
    private Path builds;

    @BeforeEach
    void makeTree() throws IOException {
        root = Files.createDirectory(folder.resolve("a folder with spaces"));
        Files.writeString(root.resolve("pom.xml"), "");
        for (String module : MODULES) {
            Files.createDirectories(root.resolve(module).resolve("src/main"));
            Files.createDirectories(root.resolve(module).resolve("src/test"));
            Files.writeString(root.resolve(module).resolve("pom.xml"), "");
            Files.writeString(source(module), "");
        }
        script = Files.copy(original(), root.resolve("tools").resolve("pagewalk"));
        builds = folder.resolve("builds");
        Files.writeString(builds, "");
        fakeJava("17.0.1");
        executable("bin/mvn", "echo build >> \"$BUILDS\"\nsleep 0.2\n");
    }

    @Test
    void theShellFindsNoFaultInTheScript() throws IOException, InterruptedException {
        assertThat(Files.isExecutable(original())).isTrue();
        assertThat(run(folder, "sh", "-n", original().toString())).isEqualTo(new CommandResult(0, "", ""));
    }

    @Test
    void theFirstCallBuildsAndSaysSoOnStandardError() throws IOException, InterruptedException {
        CommandResult first = run(folder, script.toString(), "boot", "hello");
        CommandResult second = run(folder, script.toString(), "boot", "hello");

        assertThat(first.status()).isZero();
        assertThat(first.error()).isEqualTo(BUILDING);
        assertThat(first.output()).endsWith("<boot>\n<hello>\n");
        assertThat(second).isEqualTo(new CommandResult(0, first.output(), ""));
        assertThat(builds).hasContent("build\n");
    }

    @Test
    void itIsFoundFromAnotherDirectoryThroughLinksAndOnThePath() throws IOException, InterruptedException {
        CommandResult direct = run(root, "tools/pagewalk", "boot");
        Path link = Files.createSymbolicLink(folder.resolve("absolute link"), script);
        Files.createSymbolicLink(folder.resolve("relative link"), Path.of("absolute link"));
        Files.createSymbolicLink(folder.resolve("linked tree"), root);
        Files.createSymbolicLink(folder.resolve("bin").resolve("pagewalk"), link);

        for (List<String> command : List.of(
                List.of(script.toString()),
                List.of("sh", script.toString()),
                List.of("./absolute link"),
                List.of("./relative link"),
                List.of("linked tree/tools/pagewalk"),
                List.of("sh", "-c", "cd 'linked tree/tools' && exec ./pagewalk \"$@\"", "sh"),
                List.of("sh", "-c", "exec pagewalk \"$@\"", "sh"))) {
            List<String> whole = new ArrayList<>(command);
            whole.add("boot");
            assertThat(run(folder, whole.toArray(String[]::new)))
                    .as(command.toString())
                    .isEqualTo(new CommandResult(0, direct.output(), ""));
        }
        assertThat(direct.output()).contains("<" + root.toRealPath().resolve("tools/target/tools-0.1.0.jar") + ":");
    }

    @Test
    void argumentsArriveAsTheyWereGiven() throws IOException, InterruptedException {
        String[] arguments = {"two words", "", "*", "$HOME", "-x", "'", "a\\b"};
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));

        CommandResult result = run(root, command.toArray(String[]::new));

        assertThat(result.output()).endsWith("<two words>\n<>\n<*>\n<$HOME>\n<-x>\n<'>\n<a\\b>\n");
    }

    @Test
    void itBuildsAgainWhereSourcesAreNewer() throws IOException, InterruptedException {
        run(root, script.toString());
        int expected = 1;
        for (String module : MODULES) {
            makeOlder();
            Files.writeString(source(module), "changed");
            assertBuilds(++expected, "a changed source of " + module);
            makeOlder();
            Files.writeString(root.resolve(module).resolve("pom.xml"), "changed");
            assertBuilds(++expected, "a changed pom of " + module);
        }
        makeOlder();
        Files.delete(source("mmu"));
        assertBuilds(++expected, "a deleted source");
        makeOlder();
        Files.writeString(root.resolve("pom.xml"), "changed");
        assertBuilds(++expected, "a changed pom");
        makeOlder();
        Files.writeString(root.resolve("mmu/src/test/Test.java"), "changed");
        assertBuilds(expected, "a changed test");
    }

    @Test
    void aFailedBuildStartsNothingAndIsTriedAgain() throws IOException, InterruptedException {
        executable("bin/mvn", "echo build >> \"$BUILDS\"\nexit 1\n");

        for (int builds = 1; builds <= 2; builds++) {
            CommandResult result = run(root, script.toString(), "boot", "hello");

            assertThat(result.status()).isEqualTo(125);
            assertThat(result.output()).isEmpty();
            assertThat(result.errorLines()).last().asString().startsWith("pagewalk: the build failed");
            assertThat(Files.readAllLines(this.builds)).hasSize(builds);
        }
    }

    @Test
    void launchersThatStartTogetherBuildOnce() throws IOException, InterruptedException {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(start(root, ProcessBuilder.Redirect.DISCARD, script.toString()));
        }
        for (Process process : processes) {
            assertThat(process.waitFor()).isZero();
        }

        assertThat(builds).hasContent("build\n");
    }

    @Test
    void aLockThatNobodyOwnsIsTakenOver() throws IOException, InterruptedException {
        Path lock = Files.createDirectories(root.resolve("tools/target/launcher.lock"));
        // Seconds are not what is tested.
        executable("bin/sleep", "");

        CommandResult result = run(root, script.toString(), "boot");

        assertThat(result.status()).isZero();
        assertThat(builds).hasContent("build\n");
        assertThat(lock).doesNotExist();
    }

    @Test
    void waitingForAnotherBuildIsSaidOnce() throws IOException, InterruptedException {
        Path lock = Files.createDirectories(root.resolve("tools/target/launcher.lock"));
        Files.writeString(lock.resolve("owner"), ProcessHandle.current().pid() + "\n");
        // The other build ends after the third look.
        executable(
                "bin/sleep",
                "echo >> \"$BUILDS.sleeps\"\n[ $(wc -l < \"$BUILDS.sleeps\") -ne 3 ] || rm -rf '" + lock + "'\n");

        CommandResult result = run(root, script.toString(), "boot");

        assertThat(result.status()).isZero();
        assertThat(result.error())
                .isEqualTo("pagewalk: waiting for another build, that of process "
                        + ProcessHandle.current().pid() + "\n" + BUILDING);
    }

    @Test
    void aPlaceThatCannotBeBuiltInIsNamed() throws IOException, InterruptedException {
        Path target = Files.writeString(root.resolve("tools").resolve("target"), "a file");

        CommandResult result = run(root, script.toString(), "boot");

        assertThat(result)
                .isEqualTo(new CommandResult(125, "", "pagewalk: cannot write " + target.toRealPath() + "\n"));
        assertThat(builds).isEmptyFile();
    }

    @Test
    void anOlderJavaIsRefusedBeforeAndAfterTheBuild() throws IOException, InterruptedException {
        for (String version : List.of("1.8.0_292", "11.0.2", "16")) {
            fakeJava(version);
            assertOldJava(run(root, script.toString(), "boot"), version.replaceFirst("_.*", ""));
        }
        assertThat(builds).isEmptyFile();
        fakeJava("17-ea");
        assertThat(run(root, script.toString(), "boot").status()).isZero();
        fakeJava("11.0.2");
        assertOldJava(run(root, script.toString(), "boot"), "11.0.2");
        fakeJava("25");
        assertThat(run(root, script.toString(), "boot").status()).isZero();
        assertThat(builds).hasContent("build\n");
    }

    private static void assertOldJava(CommandResult result, String version) {
        assertThat(result.status()).as(version).isEqualTo(125);
        assertThat(result.output()).isEmpty();
        assertThat(result.errorLines())
                .singleElement()
                .asString()
                .startsWith("pagewalk: ")
                .contains("java is version " + version + "; install a JDK 17 or later");
    }

    @Test
    void theVersionIsAskedOnceForEachJava() throws IOException, InterruptedException {
        run(root, script.toString(), "boot");
        Files.writeString(asked(), "");
        run(root, script.toString(), "boot");
        assertThat(asked()).isEmptyFile();

        fakeJava("21");
        run(root, script.toString(), "boot");

        assertThat(asked()).hasContent("asked\n");
    }

    @Test
    void classesAreArchivedByTheBuildAndUsedByTheJavaThatDidIt() throws IOException, InterruptedException {
        executable("bin/java", """
                case $1 in -version) echo 'openjdk version "17.0.1"'; exit ;; esac
                for option; do
                    case $option in
                        -XX:DumpLoadedClassList=*) loaded=${option#*=}; echo noise; echo noise >&2 ;;
                        -XX:SharedClassListFile=*) list=${option#*=} ;;
                        -XX:SharedArchiveFile=*) archive=${option#*=} ;;
                    esac
                done
                [ -z "${loaded:-}" ] || printf 'Any id: 1\\nOf %s id: 2\\nAlien id: 3 source: x\\n' "$option" > "$loaded"
                [ -z "${list:-}" ] || { cp "$list" "$archive"; exit; }
                printf '<%s>\\n' "$@"
                """);

        CommandResult first = run(root, script.toString(), "boot");
        CommandResult second = run(root, script.toString(), "boot");

        assertThat(first.error()).isEqualTo(BUILDING);
        assertThat(archived())
                .as("of several runs, so that the translator and the test runner are there too")
                .isEqualTo("Any\nOf hello\nOf -\nOf add\n");
        assertThat(first.output())
                .containsPattern("<-XX:SharedArchiveFile=" + root.toRealPath() + "/tools/target/launcher-[0-9]+\\.jsa>")
                .doesNotContain("noise");
        assertThat(second.output()).isEqualTo(first.output());
        fakeJava("17.0.1");
        assertThat(run(root, script.toString(), "boot").output()).doesNotContain("SharedArchiveFile");
    }

    private String archived() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("tools/target"))) {
            Path archive = files.filter(file -> file.toString().endsWith(".jsa"))
                    .findFirst()
                    .orElseThrow();
            return Files.readString(archive);
        }
    }

    @Test
    void whatEachStartNeedsIsFoundFirst() throws IOException, InterruptedException {
        Path lib = Files.createDirectories(root.resolve("tools/target/lib"));
        for (String name : List.of("aaa-1.jar", "images-0.1.0.jar", "emulator-core-0.1.0.jar", "picocli-4.7.7.jar")) {
            Files.writeString(lib.resolve(name), "");
        }

        String found = run(root, script.toString(), "boot").output();

        assertThat(found)
                .containsPattern("<[^:]*/tools-0.1.0.jar:[^:]*/images-0.1.0.jar:[^:]*/emulator-core-0.1.0.jar:"
                        + "[^:]*/picocli-4.7.7.jar:[^:]*/lib/\\*>");
    }

    /** It is kept only where the JVM has agreed to use it. */
    @Test
    void aRealJavaMakesAnArchiveAndUsesIt() throws IOException, InterruptedException {
        realJava();
        Path source = folder.resolve("Main.java");
        Files.writeString(
                source,
                "package dev.pagewalk.tools.cli;\n"
                        + "public class Main { public static void main(String[] a) { System.out.println(\"it runs\"); } }\n");
        Path classes = folder.resolve("classes");
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", classes.toString(), source.toString()))
                .isZero();
        String name = "dev/pagewalk/tools/cli/Main.class";
        Path target = Files.createDirectories(root.resolve("tools/target"));
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(target.resolve("tools-0.1.0.jar")))) {
            jar.putNextEntry(new JarEntry(name));
            jar.write(Files.readAllBytes(classes.resolve(name)));
        }

        assertThat(run(root, script.toString(), "boot")).isEqualTo(new CommandResult(0, "it runs\n", BUILDING));

        try (Stream<Path> files = Files.list(target)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .anyMatch(file -> file.matches("launcher-[0-9]+\\.jsa"));
        }
        assertThat(run(root, script.toString(), "boot")).isEqualTo(new CommandResult(0, "it runs\n", ""));
    }

    @Test
    void anArchiveThatDoesNotWorkIsNotKept() throws IOException, InterruptedException {
        executable("bin/java", """
                case $1 in -version) echo 'openjdk version "17.0.1"'; exit ;; esac
                for option; do
                    case $option in
                        -XX:DumpLoadedClassList=*) echo class > "${option#*=}" ;;
                        -XX:SharedClassListFile=*) list=${option#*=} ;;
                        -XX:SharedArchiveFile=*) archive=${option#*=} ;;
                    esac
                done
                [ -z "${list:-}" ] || { cp "$list" "$archive"; exit; }
                [ -z "${archive:-}" ] || exit 134
                """);

        assertThat(run(root, script.toString(), "boot")).isEqualTo(new CommandResult(0, "", BUILDING));
        assertThat(run(root, script.toString(), "boot")).isEqualTo(new CommandResult(0, "", ""));
    }

    /** The first file that the JVM opens would be the guest's standard input, or its console that file. */
    @Test
    void closedStandardStreamsAreEmptyOnes() throws IOException, InterruptedException {
        installPagewalk();

        List<String> shells = Files.exists(Path.of("/bin/bash")) ? List.of("", "bash ") : List.of("");
        for (String shell : shells) {
            String command = shell + "'" + script + "' boot ";
            assertThat(shell(command + "echo <&-")).isEqualTo(new CommandResult(0, "", ""));
            assertThat(shell(command + "hello >&-")).isEqualTo(new CommandResult(0, "", ""));
            assertThat(shell(command + "nosuch 2>&-")).isEqualTo(new CommandResult(127, "", ""));
            assertThat(shell(command + "echo <&- >&- 2>&-")).isEqualTo(new CommandResult(0, "", ""));
        }
    }

    @Test
    void argumentsReachTheGuestInUtf8InEveryLocale() throws IOException, InterruptedException {
        installPagewalk();

        for (String locale : List.of("C", "C.UTF-8", "nosuch")) {
            CommandResult result = shell("LC_ALL=" + locale + " '" + script + "' boot args \u00e4 --env A=\u00fc");

            assertThat(result)
                    .as(locale)
                    .isEqualTo(new CommandResult(0, "argc=2\nargv 0=args\nargv 1=\u00e4\nenv A=\u00fc\n", ""));
        }
    }

    @Test
    void theLockOfALauncherThatWasKilledIsTakenOver() throws IOException, InterruptedException {
        Process ended = start(root, ProcessBuilder.Redirect.DISCARD, "true");
        ended.waitFor();
        Path lock = Files.createDirectories(root.resolve("tools/target/launcher.lock"));
        Files.writeString(lock.resolve("owner"), ended.pid() + "\n");

        CommandResult result = run(root, script.toString(), "boot");

        assertThat(result.status()).isZero();
        assertThat(builds).hasContent("build\n");
        assertThat(lock).doesNotExist();
    }

    private void assertBuilds(int expected, String why) throws IOException, InterruptedException {
        assertThat(run(root, script.toString()).status()).isZero();
        assertThat(Files.readAllLines(builds)).as(why).hasSize(expected);
    }

    /** Puts everything into the past, so that what is written next is newer on every file system. */
    private void makeOlder() throws IOException {
        FileTime past = FileTime.from(Instant.now().minusSeconds(60));
        try (var files = Files.walk(root)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, past);
            }
        }
    }

    private Path source(String module) {
        return root.resolve(module).resolve("src/main/Source.java");
    }

    /** Notes when it is asked for its version, and otherwise prints its arguments. */
    private void fakeJava(String version) throws IOException {
        executable("bin/java", """
                case $1 in
                    -version) echo asked >> "$BUILDS.asked"; echo 'openjdk version "%s" 2021-01-01' >&2 ;;
                    *) printf '<%%s>\\n' "$@" ;;
                esac
                """.formatted(version));
    }

    private Path asked() {
        return folder.resolve("builds.asked");
    }

    /** The real Java, and in the place of the build's result an archive that refers to what these tests run with. */
    private void installPagewalk() throws IOException {
        realJava();
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                                .map(entry -> Path.of(entry).toUri().toString())
                                .collect(Collectors.joining(" ")));
        Path target = Files.createDirectories(root.resolve("tools/target"));
        new JarOutputStream(Files.newOutputStream(target.resolve("tools-0.1.0.jar")), manifest).close();
        Files.createDirectories(target.resolve("lib"));
        makeOlder();
        Files.writeString(target.resolve("launcher.stamp"), "");
    }

    private void realJava() throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        executable("bin/java", "exec '" + java + "' \"$@\"\n");
    }

    private CommandResult shell(String command) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("command"), command);
        return run(folder, "sh", file.toString());
    }

    private void executable(String name, String body) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        // Another file, not another content: as where another JDK is installed.
        Path written = Files.writeString(Files.createTempFile(folder, "new", ".sh"), "#!/bin/sh\n" + body);
        Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private CommandResult run(Path directory, String... command) throws IOException, InterruptedException {
        Path error = Files.createTempFile(folder, "stderr", ".txt");
        Process process = start(directory, ProcessBuilder.Redirect.to(error.toFile()), command);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new CommandResult(process.waitFor(), output, Files.readString(error));
    }

    private Process start(Path directory, ProcessBuilder.Redirect error, String... command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectError(error);
        builder.environment().remove("JAVA_HOME");
        builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().put("BUILDS", builds.toString());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    private static Path original() {
        Path here = Path.of("").toAbsolutePath();
        Path tools = here.endsWith("tools") ? here : here.resolve("tools");
        return tools.resolve("pagewalk");
    }
}
