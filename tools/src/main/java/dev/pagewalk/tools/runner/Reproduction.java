package dev.pagewalk.tools.runner;

import dev.pagewalk.tools.text.PrintableText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The commands that run a test again: against its expectation, and by itself. */
final class Reproduction {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private Reproduction() {}

    /** {@code pagewalk test} for this test alone. */
    static String testCommand(TestCase test, TestOptions options) {
        String path = test.image().folder().testPath(test.image().fileName());
        List<String> words = new ArrayList<>(List.of("pagewalk", "test", noOption(path)));
        boolean isOneOfMany = !path.equals(test.image().imageName())
                || !test.variant().label().isEmpty();
        if (isOneOfMany) {
            if (test.title().startsWith("-")) {
                words.add("--include=" + test.title());
            } else {
                words.add("--include");
                words.add(test.title());
            }
        }
        options.machine().forEach((name, value) -> words.add("--" + name + "=" + value));
        return line(words);
    }

    /** {@code pagewalk boot} for the same machine, without its comparisons. */
    static String bootCommand(TestCase test, TestMachine machine) {
        List<String> words = new ArrayList<>(List.of("pagewalk", "boot"));
        machine.options().forEach((name, value) -> words.add("--" + name + "=" + value));
        for (Map.Entry<String, Path> file : test.image().expectation().files().entrySet()) {
            words.add("--file");
            words.add(file.getKey() + "=" + file.getValue());
        }
        words.add(noOption(test.image().imageName()));
        List<String> arguments = test.image().expectation().args();
        if (!arguments.isEmpty()) {
            words.add("--");
            words.addAll(arguments);
        }
        String command = line(words);
        if (test.image().expectation().stdinFile().isPresent()) {
            return command + " < "
                    + quoted(test.image().expectation().stdinFile().get().toString());
        }
        String stdin = test.image().expectation().stdin();
        return stdin.isEmpty() ? command + " < /dev/null" : "printf %s " + quoted(stdin) + " | " + command;
    }

    private static String line(List<String> words) {
        return words.stream().map(Reproduction::quoted).collect(Collectors.joining(" "));
    }

    /** A path that is not taken for an option. */
    private static String noOption(String path) {
        return path.startsWith("-") ? "./" + path : path;
    }

    /** As a shell takes it, on one line. */
    private static String quoted(String word) {
        if (PLAIN.matcher(word).matches()) {
            return word;
        }
        return PrintableText.line(word).equals(word)
                ? "'" + word.replace("'", "'\\''") + "'"
                : "$'" + PrintableText.line(word.replace("\\", "\\\\").replace("'", "\\'")) + "'";
    }
}
