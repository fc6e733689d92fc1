package dev.pagewalk.tools.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The fields of one line of an input log: each is taken once, of the kind that it must be, and none may be left. */
final class LogLine {
    private static final int MOST_TEXT = 80;

    private final ObjectNode fields;

    LogLine(ObjectNode fields) {
        this.fields = fields;
    }

    boolean has(String name) {
        return fields.has(name);
    }

    String text(String name) throws LogLineException {
        JsonNode node = take(name);
        if (!node.isTextual()) {
            throw new LogLineException("'" + name + "' is no text");
        }
        return node.textValue();
    }

    ObjectNode object(String name) throws LogLineException {
        if (!(take(name) instanceof ObjectNode object)) {
            throw new LogLineException("'" + name + "' is no object");
        }
        return object;
    }

    long number(String name, long least) throws LogLineException {
        return number(name, take(name), least, Long.MAX_VALUE);
    }

    int integer(String name, int least, int most) throws LogLineException {
        return (int) number(name, take(name), least, most);
    }

    /** A pid or tid. */
    int id(String name) throws LogLineException {
        return integer(name, 1, Integer.MAX_VALUE);
    }

    /** Pids or tids in ascending order. */
    List<Integer> ids(String name, int most) throws LogLineException {
        JsonNode node = take(name);
        if (!node.isArray() || node.size() > most) {
            throw new LogLineException("'" + name + "' is no array of up to " + most + " numbers");
        }
        List<Integer> ids = new ArrayList<>();
        int least = 1;
        for (JsonNode element : node) {
            int id = (int) number(name, element, least, Integer.MAX_VALUE - 1);
            ids.add(id);
            least = id + 1;
        }
        return ids;
    }

    /** Bytes, one at least. */
    byte[] bytes(int most) throws LogLineException {
        String name = InputLogFormat.FIELD_BYTES;
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text(name));
        } catch (IllegalArgumentException e) {
            throw new LogLineException("'" + name + "' is not in base64");
        }
        if (bytes.length == 0 || bytes.length > most) {
            throw new LogLineException("'" + name + "' has " + bytes.length + " bytes, but must have 1 to " + most);
        }
        return bytes;
    }

    /** Nothing may be left. */
    void finish() throws LogLineException {
        if (!fields.isEmpty()) {
            throw new LogLineException("'" + abridged(fields.fieldNames().next()) + "' has no meaning here");
        }
    }

    private JsonNode take(String name) throws LogLineException {
        JsonNode node = fields.remove(name);
        if (node == null) {
            throw new LogLineException("'" + name + "' is missing");
        }
        return node;
    }

    private static long number(String name, JsonNode node, long least, long most) throws LogLineException {
        boolean fits = node.isIntegralNumber() && node.canConvertToLong();
        if (!fits || node.longValue() < least || node.longValue() > most) {
            String what = least == Long.MIN_VALUE ? "a number of 64 bits" : "a number from " + least + " to " + most;
            throw new LogLineException("'" + name + "' is not " + what + ": " + abridged(node.toString()));
        }
        return node.longValue();
    }

    /** Text of a file that may be anything, fit for a message of one line. */
    static String abridged(String text) {
        String printable = text.replaceAll("[^ -~]", "?");
        return printable.length() <= MOST_TEXT ? printable : printable.substring(0, MOST_TEXT) + "...";
    }
}
