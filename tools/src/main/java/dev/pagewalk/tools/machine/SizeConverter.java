package dev.pagewalk.tools.machine;

import dev.pagewalk.mmu.memory.PhysicalMemory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a RAM size: {@code 64K}, {@code 256M}, {@code 1G}. */
final class SizeConverter implements ITypeConverter<Long> {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,10})([KMG])", Pattern.CASE_INSENSITIVE);

    @Override
    public Long convert(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' is no size; write it as 64K, 256M or 1G");
        }
        int shift = switch (matcher.group(2)) {
            case "K", "k" -> 10;
            case "M", "m" -> 20;
            default -> 30;
        };
        long bytes = Long.parseLong(matcher.group(1)) << shift;
        if (bytes < PhysicalMemory.SMALLEST_SIZE_BYTES
                || bytes > PhysicalMemory.LARGEST_SIZE_BYTES
                || bytes % PhysicalMemory.FRAME_BYTES != 0) {
            throw new TypeConversionException("'" + text + "' must be 64K to 64G, a multiple of 4K");
        }
        return bytes;
    }
}
