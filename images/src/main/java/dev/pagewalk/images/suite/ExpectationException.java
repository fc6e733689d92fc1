package dev.pagewalk.images.suite;

/** An expectation file cannot be used: one line that names the file, the key and what would be right. */
public final class ExpectationException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param key the dotted path of the key, {@code expect.exit} for example; empty where the file as a whole is meant */
    ExpectationException(String file, String key, String reason) {
        super(file + ": " + (key.isEmpty() ? "" : key + ": ") + reason);
    }
}
