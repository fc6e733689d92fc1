package dev.pagewalk.images.suite;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;

/** Reads one YAML document without the parts of YAML that make small files large or mean other things than they say. */
final class YamlDocument {
    private static final int MAX_CHARS = 1 << 20;
    private static final YAMLFactory FACTORY = YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final ObjectMapper MAPPER = new ObjectMapper(FACTORY);

    private YamlDocument() {}

    /** The mapping that {@code text} holds; an empty one where it holds nothing but comments. */
    static ObjectNode parse(String file, String text) throws ExpectationException {
        if (text.length() > MAX_CHARS) {
            throw new ExpectationException(
                    file, "", "the file has " + text.length() + " characters: at most " + MAX_CHARS + " are possible");
        }
        try {
            rejectAliases(file, text);
            try (JsonParser parser = FACTORY.createParser(text)) {
                JsonNode root = MAPPER.readTree(parser);
                if (root == null
                        || root.isMissingNode()
                        || root.isNull()
                        || root.isTextual() && root.textValue().isEmpty()) {
                    return MAPPER.createObjectNode();
                }
                if (parser.nextToken() != null) {
                    throw new ExpectationException(file, "", "more than one YAML document: one is possible");
                }
                if (root instanceof ObjectNode object) {
                    return object;
                }
                throw new ExpectationException(
                        file, "", "the file must hold keys such as 'expect:', not a plain value");
            }
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new ExpectationException(file, "", YamlProblem.describe(e.getOriginalMessage(), line));
        } catch (IOException e) {
            throw new ExpectationException(file, "", YamlProblem.describe(e.getMessage(), 0));
        }
    }

    private static void rejectAliases(String file, String text) throws IOException, ExpectationException {
        try (YAMLParser parser = FACTORY.createParser(text)) {
            JsonToken token = parser.nextToken();
            while (token != null) {
                if (parser.isCurrentAlias() || parser.getObjectId() != null) {
                    throw new ExpectationException(
                            file,
                            "",
                            "anchors and aliases (& and *) are not possible here (line "
                                    + parser.currentTokenLocation().getLineNr() + "): write the value out");
                }
                token = parser.nextToken();
            }
        }
    }
}
