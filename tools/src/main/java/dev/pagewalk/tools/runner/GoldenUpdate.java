package dev.pagewalk.tools.runner;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pagewalk.images.suite.ExpectationException;
import dev.pagewalk.images.suite.ExpectationReader;
import dev.pagewalk.images.suite.GoldenWriter;
import dev.pagewalk.images.suite.MachineVariant;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.HostFiles;
import dev.pagewalk.tools.run.UserErrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes what the tests of one image have counted into the image's expectation file. Any thread. */
public final class GoldenUpdate {
    /** What a test without golden counters gets. */
    private static final List<String> DEFAULT_COUNTERS = List.of("cycles", "instructions");

    private final TestImage image;
    private final Map<String, Map<String, Long>> newByLabel = new HashMap<>();

    public GoldenUpdate(TestImage image) {
        this.image = image;
    }

    /**
     * Writes the counters of a test that has passed; machines that have not, keep what they have.
     *
     * @throws UserErrorException USAGE where it has no counter of such a name, or the file cannot be written
     */
    public synchronized void add(TestOutcome outcome) throws UserErrorException {
        MachineVariant variant = outcome.test().variant();
        Map<String, Long> golden = new LinkedHashMap<>();
        for (String counter : counters(variant)) {
            JsonNode value = TestExecution.counter(outcome.statistics(), counter);
            if (!value.isIntegralNumber()) {
                throw new UserErrorException(ExitStatus.USAGE, "golden: there is no counter " + counter);
            }
            golden.put(counter, value.longValue());
        }
        newByLabel.put(variant.label(), golden);
        write();
    }

    /** A file may be written in more ways than the writer knows. */
    private static void requireSame(Path file, String text, Map<String, Map<String, Long>> golden)
            throws UserErrorException {
        try {
            if (ExpectationReader.parse(file.toString(), text, Path.of(""))
                    .golden()
                    .equals(golden)) {
                return;
            }
        } catch (ExpectationException e) {
            // Said below.
        }
        throw new UserErrorException(
                ExitStatus.USAGE,
                file + ": golden counters cannot be put into a file of this form; write its keys one below the other,"
                        + " each at the beginning of its line");
    }

    /** Those that the machine has already; else those that another machine of the image has. */
    private List<String> counters(MachineVariant variant) {
        if (!variant.golden().isEmpty()) {
            return List.copyOf(variant.golden().keySet());
        }
        return image.expectation().golden().values().stream()
                .filter(counters -> !counters.isEmpty())
                .findFirst()
                .map(counters -> List.copyOf(counters.keySet()))
                .orElse(DEFAULT_COUNTERS);
    }

    private void write() throws UserErrorException {
        Map<String, Map<String, Long>> golden = new LinkedHashMap<>();
        for (MachineVariant variant : image.variants()) {
            Map<String, Long> counters = newByLabel.getOrDefault(variant.label(), variant.golden());
            if (!counters.isEmpty()) {
                golden.put(variant.label(), counters);
            }
        }
        Path file = image.folder()
                .writable(image.name() + TestImage.EXPECTATION_ENDING)
                .orElseThrow(() -> new UserErrorException(
                        ExitStatus.USAGE,
                        "the " + image.folder().name() + " cannot be rewritten; name the folder with its sources"
                                + " instead"));
        try {
            String text = GoldenWriter.update(Files.readString(file), golden);
            requireSame(file, text, golden);
            HostFiles.write(file, text.getBytes(StandardCharsets.UTF_8), "golden counters");
        } catch (IOException e) {
            throw new UserErrorException(ExitStatus.USAGE, file + ": cannot be read: " + HostFiles.reason(e));
        }
    }
}
