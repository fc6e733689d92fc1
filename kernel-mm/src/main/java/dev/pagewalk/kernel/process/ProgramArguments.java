package dev.pagewalk.kernel.process;

import java.util.List;

/**
 * What a program is started with.
 *
 * @param arguments argv, the program's name first
 * @param environment {@code KEY=VALUE} strings, in their order
 */
public record ProgramArguments(List<String> arguments, List<String> environment) {
    public ProgramArguments {
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
    }
}
