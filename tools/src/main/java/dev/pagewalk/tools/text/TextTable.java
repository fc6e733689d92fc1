package dev.pagewalk.tools.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Rows under captions, in columns as wide as their widest cell. */
public final class TextTable {
    private static final String GAP = "  ";
    private static final char TO_THE_RIGHT = '>';

    private final List<String[]> rows = new ArrayList<>();
    private final boolean[] alignedRight;

    /** @param captions with {@code >} in front where the column is aligned to the right */
    public TextTable(String... captions) {
        alignedRight = new boolean[captions.length];
        String[] heads = new String[captions.length];
        for (int column = 0; column < captions.length; column++) {
            alignedRight[column] = captions[column].charAt(0) == TO_THE_RIGHT;
            heads[column] = captions[column].substring(alignedRight[column] ? 1 : 0);
        }
        rows.add(heads);
    }

    /**
     * A table of figures.
     *
     * @param rows the captions first
     * @param beginWithNames whether the first column is aligned to the left; all others are to the right
     */
    public static TextTable ofRows(List<List<String>> rows, boolean beginWithNames) {
        String[] captions =
                rows.get(0).stream().map(caption -> TO_THE_RIGHT + caption).toArray(String[]::new);
        if (beginWithNames) {
            captions[0] = captions[0].substring(1);
        }
        TextTable table = new TextTable(captions);
        rows.stream().skip(1).forEach(row -> table.add(row.toArray()));
        return table;
    }

    /** As many cells as there are captions; whole numbers with commas. */
    public void add(Object... cells) {
        if (cells.length != alignedRight.length) {
            throw new IllegalArgumentException(cells.length + " cells in " + alignedRight.length + " columns");
        }
        rows.add(Arrays.stream(cells)
                .map(cell -> cell instanceof Number number
                        ? String.format(Locale.ROOT, "%,d", number.longValue())
                        : cell.toString())
                .toArray(String[]::new));
    }

    public boolean isEmpty() {
        return rows.size() == 1;
    }

    /** @param indent in front of each line */
    public List<String> lines(String indent) {
        int[] widths = new int[alignedRight.length];
        for (String[] row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row[column].length());
            }
        }
        return rows.stream()
                .map(row -> (indent + line(row, widths)).stripTrailing())
                .toList();
    }

    private String line(String[] row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String padding = " ".repeat(widths[column] - row[column].length());
            line.append(column == 0 ? "" : GAP)
                    .append(alignedRight[column] ? padding + row[column] : row[column] + padding);
        }
        return line.toString();
    }
}
