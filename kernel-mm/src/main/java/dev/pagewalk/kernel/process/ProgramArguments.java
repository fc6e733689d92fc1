package dev.pagewalk.kernel.process;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a program is started with: strings as bytes without terminators, since a guest's own need not be text.
 *
 * @param arguments argv, the program's name first
 * @param environment {@code KEY=VALUE} strings, in their order
 */
public record ProgramArguments(List<byte[]> arguments, List<byte[]> environment) {
    public ProgramArguments {
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
    }

    /** From text, encoded in UTF-8. */
    public static ProgramArguments of(List<String> arguments, List<String> environment) {
        return new ProgramArguments(encoded(arguments), encoded(environment));
    }

    private static List<byte[]> encoded(List<String> texts) {
        return texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
    }
}
