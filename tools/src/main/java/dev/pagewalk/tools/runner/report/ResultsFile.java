package dev.pagewalk.tools.runner.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.HostFiles;
import dev.pagewalk.tools.run.UserErrorException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code results.json}: results as programs read them, {@code pagewalk merge} among them. An object with the format's
 * number, the shard ({@code index} and {@code count}, or null) and the tests, a line each.
 */
public final class ResultsFile {
    /** The file's name within a folder of reports. */
    public static final String FILE_NAME = "results.json";

    private static final int FORMAT = 1;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path file;

    private ResultsFile(Path file) {
        this.file = file;
    }

    /** The file's text, in UTF-8. */
    static byte[] of(Results results) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            ObjectNode shard = null;
            if (results.shard() != null) {
                shard = JSON.createObjectNode()
                        .put("index", results.shard().index())
                        .put("count", results.shard().count());
            }
            append(text, "{\"format\":" + FORMAT + ",\"shard\":" + JSON.writeValueAsString(shard) + ",\"tests\":[");
            String separator = "\n";
            for (TestRecord test : results.tests()) {
                append(text, separator);
                text.write(JSON.writeValueAsBytes(node(test)));
                separator = ",\n";
            }
            append(text, "\n]}\n");
        } catch (IOException e) {
            throw new IllegalStateException("memory can be written to, and trees as JSON", e);
        }
        return text.toByteArray();
    }

    private static void append(ByteArrayOutputStream text, String part) throws IOException {
        text.write(part.getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode node(TestRecord test) {
        ObjectNode node = JSON.createObjectNode()
                .put("id", test.id())
                .put("suite", test.suite())
                .put("name", test.name())
                .put("variant", test.variant())
                .put("image", test.image())
                .put("status", test.status().name().toLowerCase(Locale.ROOT))
                .put("duration_millis", test.durationMillis());
        test.failures().forEach(node.putArray("failures")::add);
        node.set("statistics", test.statistics());
        return node;
    }

    /**
     * Reads the results that a folder of reports holds.
     *
     * @throws UserErrorException USAGE where there are none, or what stands there is something else
     */
    public static Results read(Path folder) throws UserErrorException {
        return new ResultsFile(folder.resolve(FILE_NAME)).read();
    }

    private Results read() throws UserErrorException {
        JsonNode root;
        try {
            root = JSON.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw unusable("is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw unusable("cannot be read: " + HostFiles.reason(e));
        }
        if (!root.path("format").isIntegralNumber() || !root.path("tests").isArray()) {
            throw unusable("holds no results of 'pagewalk test --reports'");
        }
        if (root.get("format").intValue() != FORMAT) {
            throw unusable("has format " + root.get("format") + "; this Pagewalk knows format " + FORMAT);
        }
        List<TestRecord> tests = new ArrayList<>();
        for (JsonNode test : root.get("tests")) {
            try {
                tests.add(test(test));
            } catch (IllegalArgumentException e) {
                throw unusable("test " + (tests.size() + 1) + " is no result: " + e.getMessage());
            }
        }
        return new Results(shard(root.path("shard")), tests);
    }

    private Shard shard(JsonNode node) throws UserErrorException {
        if (node.isNull()) {
            return null;
        }
        try {
            return new Shard(
                    number(node, "index", Integer.MAX_VALUE).intValue(),
                    number(node, "count", Integer.MAX_VALUE).intValue());
        } catch (IllegalArgumentException e) {
            throw unusable("'shard' is no shard: " + e.getMessage());
        }
    }

    private static TestRecord test(JsonNode node) {
        List<String> failures = new ArrayList<>();
        for (JsonNode failure : node.path("failures")) {
            failures.add(failure.asText());
        }
        return new TestRecord(
                text(node, "id"),
                text(node, "suite"),
                text(node, "name"),
                text(node, "variant"),
                text(node, "image"),
                status(text(node, "status")),
                failures,
                node.path("statistics") instanceof ObjectNode statistics ? statistics : null,
                number(node, "duration_millis", Long.MAX_VALUE).longValue());
    }

    private static TestRecord.Status status(String text) {
        for (TestRecord.Status status : TestRecord.Status.values()) {
            if (status.name().equalsIgnoreCase(text)) {
                return status;
            }
        }
        throw new IllegalArgumentException("'status' is '" + text + "'");
    }

    private static String text(JsonNode node, String name) {
        if (!node.path(name).isTextual()) {
            throw new IllegalArgumentException("'" + name + "' is no text");
        }
        return node.get(name).textValue();
    }

    private static Number number(JsonNode node, String name, long most) {
        JsonNode value = node.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() > most) {
            throw new IllegalArgumentException("'" + name + "' is no number");
        }
        return value.longValue();
    }

    private UserErrorException unusable(String problem) {
        return new UserErrorException(ExitStatus.USAGE, file + " " + problem);
    }
}
