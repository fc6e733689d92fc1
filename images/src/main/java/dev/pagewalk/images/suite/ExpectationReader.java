package dev.pagewalk.images.suite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
            Set.of("args", "stdin", "stdin-file", "files", "machine", "expect", "golden");
    private static final Set<String> EXPECT_KEYS = Set.of("exit", "console", "console-matches", "counters");
    private static final Pattern OPTION_NAME = Pattern.compile("[a-z][a-z0-9-]*");

    private final Path folder;
    private List<String> args = List.of();
    private String stdin = "";
    private Path stdinFile;
    private final Map<String, Path> files = new LinkedHashMap<>();
    private final Map<String, String> machine = new LinkedHashMap<>();
    private int exit;
    private String console;
    private Pattern consoleMatches;
    private final Map<String, CounterBound> counters = new LinkedHashMap<>();
    private final Map<String, Long> golden = new LinkedHashMap<>();

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
     * @param folder from which relative files of the host are meant
     * @throws ExpectationException where the text cannot be used
     */
    public static Expectation parse(String name, String text, Path folder) throws ExpectationException {
        ExpectationReader reader = new ExpectationReader(folder);
        reader.merge(name, text, false);
        return reader.expectation();
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
                args,
                stdin,
                Optional.ofNullable(stdinFile),
                files,
                machine,
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
        if (keys.has("args")) {
            args = arguments(file, root.get("args"));
        }
        keys.atMostOne("stdin", "stdin-file");
        if (keys.has("stdin")) {
            stdin = keys.text("stdin");
            stdinFile = null;
        }
        if (keys.has("stdin-file")) {
            stdinFile = folder.resolve(keys.text("stdin-file"));
            stdin = "";
        }
        if (keys.has("files")) {
            mergeFiles(file, keys.mapping("files"));
        }
        if (keys.has("machine")) {
            mergeMachine(file, keys.mapping("machine"));
        }
        if (keys.has("expect")) {
            mergeExpect(file, keys.mapping("expect"));
        }
        if (keys.has("golden")) {
            if (defaults) {
                throw new ExpectationException(file, "golden", "exact counters belong to one image, not into defaults");
            }
            Keys values = new Keys(file, "golden", keys.mapping("golden"), null);
            for (String name : values.names()) {
                golden.put(name, values.number(name));
            }
        }
    }

    private static List<String> arguments(String file, JsonNode list) throws ExpectationException {
        if (!list.isArray()) {
            throw new ExpectationException(file, "args", "must be a list: [one, two]");
        }
        List<String> arguments = new ArrayList<>();
        for (JsonNode argument : list) {
            if (!argument.isTextual() && !argument.isIntegralNumber() && !argument.isBoolean()) {
                throw new ExpectationException(file, "args", "each must be a text; put it in double quotes");
            }
            arguments.add(argument.asText());
        }
        return arguments;
    }

    private void mergeFiles(String file, ObjectNode node) throws ExpectationException {
        Keys keys = new Keys(file, "files", node, null);
        for (String guest : keys.names()) {
            try {
                files.put(guest, folder.resolve(keys.text(guest)));
            } catch (InvalidPathException e) {
                throw new ExpectationException(file, "files." + guest, "no file can have such a name");
            }
        }
    }

    private void mergeMachine(String file, ObjectNode node) throws ExpectationException {
        Keys keys = new Keys(file, "machine", node, null);
        for (String option : keys.names()) {
            if (!OPTION_NAME.matcher(option).matches()) {
                throw new ExpectationException(
                        file, "machine." + option, "no option of boot (written without its hyphens: harts)");
            }
            machine.put(option, keys.scalar(option));
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
