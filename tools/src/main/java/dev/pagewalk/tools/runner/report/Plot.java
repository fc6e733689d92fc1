package dev.pagewalk.tools.runner.report;

import dev.pagewalk.tools.text.PrintableText;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.internal.chartpart.IChart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A plot of one counter across tests, as SVG to stand in an HTML page: bars under their tests' names where these are few,
 * dots over their tests' numbers where they are many. Drawing needs fonts but no screen.
 */
final class Plot {
    private static final int HEIGHT = 260;
    private static final int DOTS_WIDTH = 540;
    private static final int AXIS_WIDTH = 90;
    private static final int LEGEND_WIDTH = 150;
    private static final int BAR_WIDTH = 19;
    private static final double BAR_FILL = 0.8;
    private static final int LEAST_PLOT_WIDTH = 200;
    private static final int MOST_NAME_CHARACTERS = 36;
    private static final double CHARACTER_HEIGHT = 6.5;
    private static final int DOT_SIZE = 5;
    private static final int NUMBERS_APART = 90;

    /** Across numbers in even steps, the library would write as many as it can. */
    private static final double NUDGE = 0.01;

    /** From here on small values would be lost beside large ones. */
    private static final double LOGARITHMIC_RATIO = 50;

    /** Colours that people with any kind of colour vision tell apart (Okabe and Ito 2008). */
    private static final Color[] COLORS = {
        new Color(0x0072B2),
        new Color(0xE69F00),
        new Color(0x009E73),
        new Color(0xD55E00),
        new Color(0xCC79A7),
        new Color(0x56B4E9),
        new Color(0xB8A800),
        new Color(0x777777)
    };

    /** How many series can be told apart. */
    static final int MOST_SERIES = COLORS.length;

    private static final Pattern OPTION_NAMES = Pattern.compile("[a-z-]+=");
    private static final Pattern PROLOGUE = Pattern.compile("\\A.*?(?=<svg )", Pattern.DOTALL);
    private static final Pattern DECIMALS = Pattern.compile("([0-9]\\.[0-9])[0-9]+");
    private static final Pattern CLIP = Pattern.compile("clip[0-9]+");
    private static final Pattern SPACE = Pattern.compile(">\\s+<");

    private final String name;

    /** Names of series with a value for each test's number; a test without one is not in it. */
    private final Map<String, Map<Integer, Double>> series = new LinkedHashMap<>();

    /** @param name of its parts in the page; unique there */
    Plot(String name) {
        this.name = name;
    }

    void add(String seriesName, int testNumber, double value) {
        series.computeIfAbsent(seriesName, any -> new LinkedHashMap<>()).put(testNumber, value);
    }

    /** Whether there is anything but zeros to be seen. */
    boolean isEmpty() {
        return series.values().stream()
                .flatMap(values -> values.values().stream())
                .allMatch(value -> value == 0);
    }

    /** The library names every series in its legend, seen or not. */
    private void dropUnseen() {
        series.values().removeIf(values -> values.values().stream().allMatch(value -> value == 0));
    }

    /** Bars, those of one test on top of each other, over the tests' names. */
    String bars(List<NumberedTest> tests) {
        dropUnseen();
        List<String> names = new ArrayList<>();
        for (NumberedTest test : tests) {
            String name = barName(test.test());
            // The library needs names that differ.
            names.add(names.contains(name) ? test.number() + " " + name : name);
        }
        int longest = names.stream().mapToInt(String::length).max().orElse(0);
        boolean hasLegend = series.size() > 1;
        int legendWidth = hasLegend ? LEGEND_WIDTH : 0;
        int barsWidth = BAR_WIDTH * names.size();
        int plotWidth = Math.max(LEAST_PLOT_WIDTH, barsWidth);
        CategoryChart chart = new CategoryChartBuilder()
                .width(AXIS_WIDTH + plotWidth + legendWidth)
                .height(HEIGHT + (int) (longest * CHARACTER_HEIGHT))
                .build();
        chart.getStyler().setStacked(true).setAvailableSpaceFill(BAR_FILL * barsWidth / plotWidth);
        chart.getStyler().setXAxisLabelAlignmentVertical(AxesChartStyler.TextAlignment.Right);
        chart.getStyler().setXAxisLabelRotation(90).setXAxisTickMarkSpacingHint(1);
        style(chart.getStyler(), hasLegend);
        boolean hasZeros = series.values().stream().anyMatch(values -> values.containsValue(0.0));
        scale(chart.getStyler(), series.size() == 1 && !hasZeros);
        series.forEach((seriesName, values) -> chart.addSeries(
                seriesName,
                names,
                tests.stream()
                        .map(test -> values.getOrDefault(test.number(), 0.0))
                        .toList()));
        return svg(chart);
    }

    /** The test's name with what its variant has been given, but not for which options; the middle is left out of a long one. */
    private static String barName(TestRecord test) {
        String values = OPTION_NAMES.matcher(test.variant()).replaceAll("");
        String name = PrintableText.of(values.isEmpty() ? test.name() : test.name() + ' ' + values);
        if (name.length() <= MOST_NAME_CHARACTERS) {
            return name;
        }
        int half = MOST_NAME_CHARACTERS / 2;
        return PrintableText.of(name.substring(0, half) + '\u2026' + name.substring(name.length() - half));
    }

    /** A dot for each value that is not zero, over its test's number in the table. */
    String dots(int firstNumber, int lastNumber) {
        dropUnseen();
        XYChart chart = new XYChartBuilder().width(DOTS_WIDTH).height(HEIGHT).build();
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        chart.getStyler().setMarkerSize(DOT_SIZE);
        chart.getStyler()
                .setXAxisMin(firstNumber - 1.0)
                .setXAxisMax(lastNumber + 1.0)
                .setXAxisTickMarkSpacingHint(NUMBERS_APART)
                .setXAxisDecimalPattern("#,###");
        style(chart.getStyler(), series.size() > 1);
        scale(chart.getStyler(), true);
        series.forEach((seriesName, values) -> {
            List<Double> numbers = new ArrayList<>();
            List<Double> shown = new ArrayList<>();
            values.forEach((number, value) -> {
                if (value != 0) {
                    numbers.add(number + (numbers.isEmpty() ? NUDGE : 0));
                    shown.add(value);
                }
            });
            chart.addSeries(seriesName, numbers, shown).setMarker(SeriesMarkers.CIRCLE);
        });
        return svg(chart);
    }

    private void style(AxesChartStyler styler, boolean hasLegend) {
        Font plain = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
        styler.setAxisTickLabelsFont(plain)
                .setPlotGridVerticalLinesVisible(false)
                // Of a dashed line, every dash would be written with its outline.
                .setPlotGridLinesStroke(new BasicStroke(1))
                .setPlotGridLinesColor(new Color(0xE4E4E4))
                .setAxisTicksLineVisible(false)
                .setYAxisTickLabelsFormattingFunction(Plot::compact)
                .setLocale(Locale.ROOT)
                .setChartTitleVisible(false)
                .setChartBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false)
                .setSeriesColors(COLORS)
                .setLegendVisible(hasLegend)
                .setLegendPosition(LegendPosition.OutsideE)
                .setLegendBorderColor(Color.WHITE)
                .setLegendFont(plain);
    }

    /** @param canBeLogarithmic not where bars stand on each other: their heights would no longer add up */
    private void scale(AxesChartStyler styler, boolean canBeLogarithmic) {
        DoubleSummaryStatistics seen = series.values().stream()
                .flatMap(values -> values.values().stream())
                .mapToDouble(value -> value)
                .filter(value -> value != 0)
                .summaryStatistics();
        if (canBeLogarithmic && seen.getMax() / seen.getMin() > LOGARITHMIC_RATIO) {
            styler.setYAxisLogarithmic(true).setYAxisMin(Math.pow(10, Math.floor(Math.log10(seen.getMin()))));
        } else {
            styler.setYAxisMin(0.0);
        }
    }

    /** 1500 as {@code 1.5 k}: an axis has little room. */
    private static String compact(double value) {
        double magnitude = Math.abs(value);
        if (magnitude >= 1e9) {
            return decimal(value / 1e9) + " G";
        }
        if (magnitude >= 1e6) {
            return decimal(value / 1e6) + " M";
        }
        return magnitude >= 1e3 ? decimal(value / 1e3) + " k" : decimal(value);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.3f", value).replaceFirst("\\.?0+$", "");
    }

    /** The library writes a file of its own: many decimals, names that may be those of the next plot. */
    private String svg(IChart chart) {
        String text;
        try {
            text = new String(ChartEncoder.getBytes(chart, "svg"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        text = PROLOGUE.matcher(text).replaceFirst("");
        text = DECIMALS.matcher(text).replaceAll("$1");
        text = SPACE.matcher(text).replaceAll("><");
        return CLIP.matcher(text).replaceAll(name + "-clip");
    }
}
