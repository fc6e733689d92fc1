package dev.pagewalk.emulator.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A JDK of another version than the running one: named by an environment variable, or beside it. */
public final class OtherJdk {
    /** Names it. */
    public static final String VARIABLE = "PAGEWALK_SECOND_JDK";

    private static final int FIRST_VERSION = 17;
    private static final Pattern RELEASE = Pattern.compile("(?m)^JAVA_VERSION=\"((\\d+)[^\"]*)\"");
    private static final Path OWN = Path.of(System.getProperty("java.home"));

    private OtherJdk() {}

    /** Its folder; empty where there is none. */
    public static Optional<Path> find() {
        String named = System.getenv(VARIABLE);
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        try (Stream<Path> installed = Files.list(OWN.toAbsolutePath().getParent())) {
            return installed.sorted().filter(OtherJdk::isAnother).findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isAnother(Path home) {
        try {
            Matcher release = RELEASE.matcher(Files.readString(home.resolve("release")));
            return Files.isExecutable(home.resolve("bin").resolve("java"))
                    && release.find()
                    && Integer.parseInt(release.group(2)) >= FIRST_VERSION
                    && !release.group(1).equals(System.getProperty("java.version"));
        } catch (IOException e) {
            // It has no such file: no JDK.
            return false;
        }
    }
}
