package dev.pagewalk.images.suite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads expectation files; each is checked as a whole, so that a typing error never makes a test weaker. */
public final class ExpectationReader {
    /** The file of a folder whose values hold for every image that does not say otherwise. */
    public static final String DEFAULTS_FILE = "defaults.yaml";

    private static final Set<String> ROOT_KEYS =
            Set.of("tags", "args", "stdin", "stdin-file", "files", "machine", "matrix", "expect", "golden");
    private static final Set<String> EXPECT_KEYS = Set.of("exit", "console", "console-matches", "counters");
    private static final Pattern OPTION_NAME = Pattern.compile("[a-z][a-z0-9-]*");

    /** What stands in a test's name without quotes, in a file, on a command line and in a report. */
    private static final Pattern MATRIX_VALUE = Pattern.compile("[A-Za-z0-9._-]{1,40}");

    /** Without what tag expressions are made of. */
    private static final Pattern TAG = Pattern.compile("[^\\s,()&|!\\p{Cntrl}]+", Pattern.UNICODE_CHARACTER_CLASS);

    private final Path folder;
    private List<String> tags = List.of();
    private List<String> args = List.of();
    private String stdin = "";
    private Path stdinFile;
    private final Map<String, Path> files = new LinkedHashMap<>();
    private final Map<String, String> machine = new LinkedHashMap<>();
    private int exit;
    private String console;
    private Pattern consoleMatches;
    private final Map<String, CounterBound> counters = new LinkedHashMap<>();
    private final Map<String, List<String>> matrix = new LinkedHashMap<>();
    private final Map<String, Map<String, Long>> golden = new LinkedHashMap<>();

    private ExpectationReader(Path folder) {
        this.folder = folder;
    }

    /**
     * Reads {@code file}, over the {@value #DEFAULTS_FILE} of its folder where there is one. A relative
     * {@code stdin-file} is meant from that folder, and so are the files of the host under {@code files}.
     *
     * @throws ExpectationException where a file cannot be read or used
     */
    public static Expectation read(Path file) throws ExpectationException {
        Path defaults = file.resolveSibling(DEFAULTS_FILE);
        ExpectationReader reader = new ExpectationReader(file.toAbsolutePath().getParent());
        if (Files.exists(defaults)) {
            reader.merge(defaults.toString(), text(defaults), true);
        }
        reader.merge(file.toString(), text(file), false);
        return reader.expectation();
    }

    /**
     * Reads an expectation that is no file of its own, a resource of the catalog for example.
     *
     * @param name names the text in error messages
     * @param defaults the text of the {@value #DEFAULTS_FILE} beside it; empty where there is none
     * @param folder from which relative files of the host are meant
     * @throws ExpectationException where a text cannot be used
     */
    public static Expectation parse(String name, String text, String defaults, Path folder)
            throws ExpectationException {
        ExpectationReader reader = new ExpectationReader(folder);
        reader.merge(DEFAULTS_FILE, defaults, true);
        reader.merge(name, text, false);
        return reader.expectation();
    }

    /** As above, without defaults. */
    public static Expectation parse(String name, String text, Path folder) throws ExpectationException {
        return parse(name, text, "", folder);
    }

    private static String text(Path file) throws ExpectationException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new ExpectationException(file.toString(), "", "the file is no text in UTF-8");
        } catch (IOException e) {
            throw new ExpectationException(file.toString(), "", "the file cannot be read");
        }
    }

    private Expectation expectation() {
        return new Expectation(
                new LinkedHashSet<>(tags),
                args,
                stdin,
                Optional.ofNullable(stdinFile),
                files,
                machine,
                matrix,
                exit,
                Optional.ofNullable(console),
                Optional.ofNullable(consoleMatches),
                counters,
                golden);
    }

    /** Lays what one file says over what is there. */
    private void merge(String file, String text, boolean defaults) throws ExpectationException {
        ObjectNode root = YamlDocument.parse(file, text);
        Keys keys = new Keys(file, "", root, ROOT_KEYS);
        if (keys.has("tags")) {
            tags = keys.list("tags");
            for (String tag : tags) {
                if (!TAG.matcher(tag).matches()) {
                    throw new ExpectationException(
                            file, "tags", "'" + tag + "' is no tag: a word without spaces and without , ( ) & | !");
                }
            }
        }
        if (keys.has("args")) {
            args = keys.list("args");
        }
        keys.atMostOne("stdin", "stdin-file");
        if (keys.has("stdin")) {
            stdin = keys.text("stdin");
            stdinFile = null;
        }
        if (keys.has("stdin-file")) {
            stdinFile = hostFile(file, "stdin-file", keys.text("stdin-file"));
            stdin = "";
        }
        if (keys.has("files")) {
            mergeFiles(file, keys.mapping("files"));
        }
        if (keys.has("machine")) {
            mergeMachine(file, keys.mapping("machine"));
        }
        if (keys.has("matrix")) {
            mergeMatrix(file, keys);
        }
        if (keys.has("expect")) {
            mergeExpect(file, keys.mapping("expect"));
        }
        if (keys.has("golden")) {
            if (defaults) {
                throw new ExpectationException(file, "golden", "exact counters belong to one image, not into defaults");
            }
            mergeGolden(file, keys.mapping("golden"));
        }
    }

    private Path hostFile(String file, String key, String name) throws ExpectationException {
        try {
            return folder.resolve(name);
        } catch (InvalidPathException e) {
            throw new ExpectationException(file, key, "no file can have such a name");
        }
    }

    private void mergeFiles(String file, ObjectNode node) throws ExpectationException {
        Keys keys = new Keys(file, "files", node, null);
        for (String guest : keys.names()) {
            files.put(guest, hostFile(file, "files." + guest, keys.text(guest)));
        }
    }

    private void mergeMachine(String file, ObjectNode node) throws ExpectationException {
        Keys keys = new Keys(file, "machine", node, null);
        for (String option : keys.names()) {
            requireOption(file, "machine." + option, option);
            machine.put(option, keys.scalar(option));
            matrix.remove(option);
        }
    }

    private void mergeMatrix(String file, Keys root) throws ExpectationException {
        Keys keys = new Keys(file, "matrix", root.mapping("matrix"), null);
        for (String option : keys.names()) {
            String key = "matrix." + option;
            requireOption(file, key, option);
            if (root.has("machine") && root.mapping("machine").has(option)) {
                throw new ExpectationException(file, key, "stands under machine too: only one of the two is possible");
            }
            List<String> values = keys.list(option);
            for (String value : values) {
                if (!MATRIX_VALUE.matcher(value).matches()) {
                    throw new ExpectationException(file, key, "'" + value + "' is no value of an option of boot");
                }
            }
            if (values.isEmpty() || new LinkedHashSet<>(values).size() < values.size()) {
                throw new ExpectationException(file, key, "must be a list of different values: [1, 4]");
            }
            matrix.put(option, values);
            machine.remove(option);
        }
        if (MachineMatrix.size(matrix) > MachineMatrix.MOST_MACHINES) {
            throw new ExpectationException(
                    file, "matrix", "makes more than " + MachineMatrix.MOST_MACHINES + " machines of one image");
        }
    }

    private static void requireOption(String file, String key, String option) throws ExpectationException {
        if (!OPTION_NAME.matcher(option).matches()) {
            throw new ExpectationException(file, key, "no option of boot (written without its hyphens: harts)");
        }
    }

    /** Counters, or counters for each machine of the matrix. */
    private void mergeGolden(String file, ObjectNode node) throws ExpectationException {
        Keys keys = new Keys(file, "golden", node, null);
        for (String name : keys.names()) {
            if (!node.get(name).isObject()) {
                golden.computeIfAbsent("", label -> new LinkedHashMap<>()).put(name, keys.number(name));
                continue;
            }
            Keys values = new Keys(file, "golden." + name, keys.mapping(name), null);
            for (String counter : values.names()) {
                golden.computeIfAbsent(name, label -> new LinkedHashMap<>()).put(counter, values.number(counter));
            }
        }
    }

    private void mergeExpect(String file, ObjectNode node) throws ExpectationException {
        Keys keys = new Keys(file, "expect", node, EXPECT_KEYS);
        if (keys.has("exit")) {
            long status = keys.number("exit");
            if (status < 0 || status > 255) {
                throw new ExpectationException(file, "expect.exit", status + " is outside 0 to 255");
            }
            exit = (int) status;
        }
        keys.atMostOne("console", "console-matches");
        if (keys.has("console")) {
            console = keys.text("console");
            consoleMatches = null;
        }
        if (keys.has("console-matches")) {
            consoleMatches = pattern(file, keys.text("console-matches"));
            console = null;
        }
        if (keys.has("counters")) {
            Keys bounds = new Keys(file, "expect.counters", keys.mapping("counters"), null);
            for (String name : bounds.names()) {
                counters.put(name, bounds.bound(name));
            }
        }
    }

    private static Pattern pattern(String file, String text) throws ExpectationException {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new ExpectationException(
                    file,
                    "expect.console-matches",
                    "no regular expression: " + e.getDescription() + " near character " + (e.getIndex() + 1));
        }
    }
}
