package dev.pagewalk.tools.cli;

import dev.pagewalk.tools.runner.report.Shard;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 2/8}: the second of eight. */
final class ShardConverter implements ITypeConverter<Shard> {
    private static final Pattern SYNTAX = Pattern.compile("([0-9]{1,9})/([0-9]{1,9})");

    @Override
    public Shard convert(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (matcher.matches()) {
            try {
                return new Shard(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
            } catch (IllegalArgumentException e) {
                // Said below.
            }
        }
        throw new TypeConversionException("'" + text + "' must be a part and how many there are: 1/4 to 4/4");
    }
}
