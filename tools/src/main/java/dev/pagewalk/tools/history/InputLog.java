package dev.pagewalk.tools.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A run's input log as a whole: what a run of the same image with the same options needs to go the same way.
 *
 * @param imageSha256 of the image's file, 64 hexadecimal digits in lower case
 * @param options those that decide the run, as the writer's caller gave them
 * @param entries what has come by itself, in the order of positions
 * @param isComplete whether the recording has come to its end; else nobody knows how much is missing
 * @param stream what the guest has consumed of a synchronous console input, in order
 */
public record InputLog(
        String imageSha256, ObjectNode options, List<InputEntry> entries, byte[] stream, boolean isComplete) {
    public InputLog {
        entries = List.copyOf(entries);
    }
}
