package dev.pagewalk.tools.machine;

import dev.pagewalk.emulator.engine.EngineKind;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code auto}, {@code interpreter} or {@code translator}. */
final class EngineConverter implements ITypeConverter<EngineKind> {
    @Override
    public EngineKind convert(String text) {
        return switch (text) {
            case "auto" -> EngineKind.AUTO;
            case "interpreter" -> EngineKind.INTERPRETER;
            case "translator" -> EngineKind.TRANSLATOR;
            default -> throw new TypeConversionException("'" + text + "' must be auto, interpreter or translator");
        };
    }
}
