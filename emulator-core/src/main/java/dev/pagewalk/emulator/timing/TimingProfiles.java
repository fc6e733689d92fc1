package dev.pagewalk.emulator.timing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The timing profiles that come with Pagewalk, read from resources beside this class; the command line asks it. */
public final class TimingProfiles {
    /** The profile of a machine for which nobody names one. */
    public static final String DEFAULT_NAME = "u74";

    private TimingProfiles() {}

    /** Every profile's name, in the order of the index. */
    public static List<String> names() {
        try (BufferedReader index = new BufferedReader(open("index"))) {
            return index.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every profile, in the order of the index. */
    public static List<TimingProfile> list() {
        return names().stream().map(TimingProfiles::load).toList();
    }

    /**
     * The profile of a name.
     *
     * @throws IllegalArgumentException where there is none; the message names the known ones
     */
    public static TimingProfile find(String name) {
        List<String> known = names();
        if (!known.contains(name)) {
            throw new IllegalArgumentException(
                    "no timing profile '" + name + "'; known are: " + String.join(", ", known));
        }
        return load(name);
    }

    private static TimingProfile load(String name) {
        try (Reader file = open(name + ".properties")) {
            return ProfileFile.read(name, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Reader open(String resource) throws IOException {
        InputStream stream = TimingProfiles.class.getResourceAsStream(resource);
        if (stream == null) {
            throw new IOException("missing resource " + resource + " beside " + TimingProfiles.class.getName());
        }
        return new InputStreamReader(stream, StandardCharsets.UTF_8);
    }
}
