package dev.pagewalk.tools.testing;

import java.util.List;

/**
 * How a command ended.
 *
 * @param output what it wrote on standard output
 * @param error what it wrote on standard error
 */
public record CommandResult(int status, String output, String error) {
    public List<String> errorLines() {
        return error.lines().toList();
    }
}
