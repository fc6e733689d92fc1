package dev.pagewalk.tools.cli;

import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads numbers and ranges, {@code 1,2,8-16}: ascending, each once. */
final class NumbersConverter implements ITypeConverter<NumbersConverter.Numbers> {
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,9})(?:-([0-9]{1,9}))?");

    /** More would not be what anybody wants to wait for. */
    private static final int MOST_IN_RANGE = 10_000;

    /** A type of its own, because picocli would take a list's elements one by one. */
    record Numbers(List<Integer> ascending) {}

    @Override
    public Numbers convert(String text) {
        TreeSet<Integer> numbers = new TreeSet<>();
        for (String part : text.split(",", -1)) {
            Matcher range = RANGE.matcher(part);
            if (!range.matches()) {
                throw new TypeConversionException("'" + text + "' are no numbers; write them as 1,2,4 or 1-16");
            }
            int first = Integer.parseInt(range.group(1));
            int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
            if (last < first || last - first >= MOST_IN_RANGE) {
                throw new TypeConversionException("'" + part + "' is no range; write it as 1-16");
            }
            IntStream.rangeClosed(first, last).forEach(numbers::add);
        }
        return new Numbers(List.copyOf(numbers));
    }
}
