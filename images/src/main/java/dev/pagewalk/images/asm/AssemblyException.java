package dev.pagewalk.images.asm;

import java.util.List;
import java.util.stream.Collectors;

/** A source could not be assembled; its message has one line per error. */
public final class AssemblyException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<AssemblyError> errors;

    AssemblyException(List<AssemblyError> errors) {
        super(errors.stream().map(AssemblyError::toString).collect(Collectors.joining("\n")));
        this.errors = List.copyOf(errors);
    }

    /** What is wrong, in the order of the source; at least one. */
    public List<AssemblyError> errors() {
        return errors;
    }
}
