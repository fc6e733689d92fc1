package dev.pagewalk.images.suite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The keys of one mapping with typed access, whose errors name the file and the key. */
final class Keys {
    private final String file;
    private final String path;
    private final ObjectNode node;

    /** @param known the keys that may occur; null where any may */
    Keys(String file, String path, ObjectNode node, Set<String> known) throws ExpectationException {
        this.file = file;
        this.path = path;
        this.node = node;
        for (String name : names()) {
            if (known != null && !known.contains(name)) {
                throw error(name, "this key is unknown: " + String.join(", ", new TreeSet<>(known)) + " exist");
            }
        }
    }

    List<String> names() {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    boolean has(String name) {
        return node.has(name);
    }

    void atMostOne(String first, String second) throws ExpectationException {
        if (has(first) && has(second)) {
            throw error(second, "cannot stand beside " + first + ": only one of the two is possible");
        }
    }

    String text(String name) throws ExpectationException {
        JsonNode value = node.get(name);
        if (!value.isTextual()) {
            throw error(name, "must be a text: put it in double quotes");
        }
        return value.textValue();
    }

    /** A text, whole number or truth value, as text. */
    String scalar(String name) throws ExpectationException {
        JsonNode value = node.get(name);
        if (!value.isTextual() && !value.isIntegralNumber() && !value.isBoolean()) {
            throw error(name, "must be a single value, such as 4 or 64M");
        }
        return value.asText();
    }

    /** Texts, whole numbers and truth values, as texts. */
    List<String> list(String name) throws ExpectationException {
        JsonNode list = node.get(name);
        if (!list.isArray()) {
            throw error(name, "must be a list: [one, two]");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : list) {
            if (!element.isTextual() && !element.isIntegralNumber() && !element.isBoolean()) {
                throw error(name, "each must be a text; put it in double quotes");
            }
            texts.add(element.asText());
        }
        return texts;
    }

    long number(String name) throws ExpectationException {
        JsonNode value = node.get(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw error(name, "must be a whole number of at most 64 bits");
        }
        return value.longValue();
    }

    CounterBound bound(String name) throws ExpectationException {
        if (!node.get(name).isTextual()) {
            return new CounterBound(CounterBound.Relation.EQUAL, number(name));
        }
        try {
            return CounterBound.parse(node.get(name).textValue());
        } catch (IllegalArgumentException e) {
            throw error(name, e.getMessage());
        }
    }

    ObjectNode mapping(String name) throws ExpectationException {
        if (node.get(name) instanceof ObjectNode mapping) {
            return mapping;
        }
        throw error(name, "must hold keys of its own");
    }

    private ExpectationException error(String name, String reason) {
        return new ExpectationException(file, path.isEmpty() ? name : path + "." + name, reason);
    }
}
