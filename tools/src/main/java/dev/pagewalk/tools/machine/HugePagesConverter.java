package dev.pagewalk.tools.machine;

import dev.pagewalk.kernel.space.HugePages;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code never} or {@code always}. */
final class HugePagesConverter implements ITypeConverter<HugePages> {
    @Override
    public HugePages convert(String text) {
        return switch (text) {
            case "never" -> HugePages.NEVER;
            case "always" -> HugePages.ALWAYS;
            default -> throw new TypeConversionException("'" + text + "' must be never or always");
        };
    }
}
