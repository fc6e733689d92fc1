package dev.pagewalk.tools.machine;

import dev.pagewalk.kernel.space.ForkStrategy;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code cow} or {@code eager}. */
final class ForkStrategyConverter implements ITypeConverter<ForkStrategy> {
    @Override
    public ForkStrategy convert(String text) {
        return switch (text) {
            case "cow" -> ForkStrategy.COPY_ON_WRITE;
            case "eager" -> ForkStrategy.EAGER;
            default -> throw new TypeConversionException("'" + text + "' must be cow or eager");
        };
    }

    /** As the user writes it. */
    static String optionOf(ForkStrategy strategy) {
        return switch (strategy) {
            case COPY_ON_WRITE -> "cow";
            case EAGER -> "eager";
        };
    }
}
