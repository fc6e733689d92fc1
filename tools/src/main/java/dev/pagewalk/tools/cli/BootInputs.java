package dev.pagewalk.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.hash.Hashing;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.tools.history.InputLog;
import dev.pagewalk.tools.history.InputLogException;
import dev.pagewalk.tools.history.InputLogReader;
import dev.pagewalk.tools.history.InputLogWriter;
import dev.pagewalk.tools.live.Bell;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.GuestFiles;
import dev.pagewalk.tools.run.UserErrorException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Where a guest's inputs come from, and where they are kept: the console, {@code --replay} and {@code --record}. */
final class BootInputs implements AutoCloseable {
    private static final String CONSOLE = "console";
    private static final String ARRIVING = "arriving";
    private static final String AWAITED = "awaited";

    private final BootConsole console;

    /** Null where nothing is replayed. */
    private final InputLog replayed;

    /** Null where nothing is recorded. */
    private final InputLogWriter log;

    private BootInputs(BootConsole console, InputLog replayed, InputLogWriter log) {
        this.console = console;
        this.replayed = replayed;
        this.log = log;
    }

    /**
     * @param bell rung when something has come
     * @throws UserErrorException USAGE where a log cannot be used, or the console's socket
     */
    static BootInputs open(BootCommand options, List<String> environment, ElfImage image, GuestFiles files, Bell bell)
            throws UserErrorException {
        if (options.replay == null && options.record == null) {
            return new BootInputs(BootConsole.open(options.console.address(), null, bell), null, null);
        }
        String digest = Hashing.sha256().hashBytes(image.toByteArray()).toString();
        ObjectNode deciding = deciding(options, environment, files);
        try {
            if (options.replay != null) {
                InputLog replayed = InputLogReader.read(options.replay);
                requireSame(options.replay, replayed, digest, deciding);
                if (!replayed.isComplete()) {
                    Messages.print(
                            "warning: " + options.replay + " has no end: its recording was cut off, and the replay"
                                    + " goes on without what is missing");
                }
                boolean arrives = replayed.options().path(CONSOLE).asText().equals(ARRIVING);
                return new BootInputs(BootConsole.replaying(replayed, arrives), replayed, null);
            }
            deciding.put(CONSOLE, BootConsole.willArrive(options.console.address()) ? ARRIVING : AWAITED);
            InputLogWriter log = new InputLogWriter(options.record, digest, deciding);
            return new BootInputs(BootConsole.open(options.console.address(), log, bell), null, log);
        } catch (InputLogException e) {
            throw new UserErrorException(ExitStatus.USAGE, e.getMessage());
        }
    }

    /** Everything but the console on which it depends how a run goes. */
    private static ObjectNode deciding(BootCommand options, List<String> environment, GuestFiles files)
            throws UserErrorException {
        ObjectNode node = options.machine.resolved();
        node.put("framebuffer", options.framebuffer != null).put("image", options.image);
        options.arguments.forEach(node.putArray("arguments")::add);
        environment.forEach(node.putArray("env")::add);
        ObjectNode contents = node.putObject("files");
        files.sha256ByPath().forEach(contents::put);
        return node;
    }

    private static void requireSame(Path file, InputLog log, String digest, ObjectNode deciding)
            throws UserErrorException {
        if (!log.imageSha256().equals(digest)) {
            throw new UserErrorException(
                    ExitStatus.USAGE, file + " was recorded with another image; the bytes of this one differ");
        }
        for (Map.Entry<String, JsonNode> field : deciding.properties()) {
            JsonNode recorded = log.options().path(field.getKey());
            if (!recorded.toString().equals(field.getValue().toString())) {
                throw new UserErrorException(
                        ExitStatus.USAGE,
                        file + " was recorded with " + field.getKey() + " " + recorded + ", this run has "
                                + field.getValue() + "; a replay needs the same");
            }
        }
    }

    BootConsole console() {
        return console;
    }

    /** Null where nothing is replayed. */
    InputLog replayed() {
        return replayed;
    }

    /** Null where nothing is recorded. */
    InputLogWriter log() {
        return log;
    }

    @Override
    public void close() {
        try {
            console.close();
        } finally {
            if (log != null) {
                log.close();
            }
        }
    }
}
