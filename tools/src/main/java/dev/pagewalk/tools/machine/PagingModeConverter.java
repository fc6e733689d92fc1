package dev.pagewalk.tools.machine;

import dev.pagewalk.mmu.table.PagingMode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code sv39}, {@code sv48} or {@code sv57}. */
final class PagingModeConverter implements ITypeConverter<PagingMode> {
    @Override
    public PagingMode convert(String text) {
        return switch (text) {
            case "sv39" -> PagingMode.SV39;
            case "sv48" -> PagingMode.SV48;
            case "sv57" -> PagingMode.SV57;
            default -> throw new TypeConversionException("'" + text + "' must be sv39, sv48 or sv57");
        };
    }
}
