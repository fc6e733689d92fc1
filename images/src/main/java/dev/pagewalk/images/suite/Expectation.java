package dev.pagewalk.images.suite;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How one test image is run and what it must do; immutable, maps in the order of the file.
 *
 * @param tags by which tests are chosen
 * @param args the arguments after the image's name
 * @param stdin the text on standard input
 * @param stdinFile the file on standard input, instead of {@code stdin}
 * @param files by its path in the guest, each file of the host that the guest finds there
 * @param machine options of {@code boot}, without their hyphens, and their values
 * @param matrix options with several values each: the image runs on every combination; without those of {@code machine}
 * @param exit the exit status, 0..255; 0 where the file does not say
 * @param console the exact console output
 * @param consoleMatches what the whole console output must match, instead of {@code console}
 * @param counters bounds by the path of the counter in the statistics: {@code faults.cow}
 * @param golden exact counters, which {@code --update-golden} rewrites, by the {@link MachineVariant#label}
 */
public record Expectation(
        Set<String> tags,
        List<String> args,
        String stdin,
        Optional<Path> stdinFile,
        Map<String, Path> files,
        Map<String, String> machine,
        Map<String, List<String>> matrix,
        int exit,
        Optional<String> console,
        Optional<Pattern> consoleMatches,
        Map<String, CounterBound> counters,
        Map<String, Map<String, Long>> golden) {

    public Expectation {
        tags = Collections.unmodifiableSet(new LinkedHashSet<>(tags));
        args = List.copyOf(args);
        files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
        machine = Collections.unmodifiableMap(new LinkedHashMap<>(machine));
        matrix = Collections.unmodifiableMap(new LinkedHashMap<>(matrix));
        counters = Collections.unmodifiableMap(new LinkedHashMap<>(counters));
        golden = Collections.unmodifiableMap(new LinkedHashMap<>(golden));
    }

    /** The machines that the image runs on, in the order of the file; one where there is no matrix. */
    public List<MachineVariant> variants() {
        List<MachineVariant> variants = new ArrayList<>();
        for (Map<String, String> choice : MachineMatrix.choices(matrix)) {
            Map<String, String> options = new LinkedHashMap<>(machine);
            options.putAll(choice);
            String label = MachineMatrix.label(choice);
            variants.add(new MachineVariant(label, options, golden.getOrDefault(label, Map.of())));
        }
        return variants;
    }

    /** The labels under {@code golden} that no machine has: the matrix has changed since they were written. */
    public List<String> strayGolden() {
        List<String> strays = new ArrayList<>(golden.keySet());
        MachineMatrix.choices(matrix).forEach(choice -> strays.remove(MachineMatrix.label(choice)));
        return strays;
    }

    /**
     * Whether {@code output} is what the console must show; anything is where the file does not say.
     *
     * @throws ExpectationException where the regular expression takes too long to tell
     */
    public boolean allowsConsole(String output) throws ExpectationException {
        if (console.isPresent()) {
            return console.get().equals(output);
        }
        return consoleMatches.isEmpty() || BoundedMatch.matches(consoleMatches.get(), output);
    }
}
