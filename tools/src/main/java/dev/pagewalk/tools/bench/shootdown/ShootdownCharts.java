package dev.pagewalk.tools.bench.shootdown;

import java.awt.Color;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.lines.SeriesLines;

/** A study's results as plots, in SVG. Drawing them needs fonts but no screen. */
public final class ShootdownCharts {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 560;
    private static final int MARKER_SIZE = 6;

    private final ShootdownResults results;
    private final ShootdownStudy study;

    private ShootdownCharts(ShootdownResults results) {
        this.results = results;
        this.study = results.study();
    }

    /** The files' contents by their names. */
    public static Map<String, byte[]> contents(ShootdownResults results) {
        ShootdownCharts charts = new ShootdownCharts(results);
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int pages : charts.study.pages()) {
            files.put("munmap-by-harts-" + pages + ".svg", svg(charts.byHarts(pages)));
        }
        if (charts.study.hasCeilings()) {
            files.put("munmap-by-pages.svg", svg(charts.byPages()));
        }
        if (charts.study.hasBroadcast()) {
            files.put("broadcast-by-harts.svg", svg(charts.broadcast()));
        }
        return files;
    }

    private XYChart byHarts(int pages) {
        XYChart chart = chart(
                "munmap of " + pages + (pages == 1 ? " page, " : " pages, ") + study.profile(),
                "harts that have touched the memory",
                "cycles");
        for (String policy : study.policies()) {
            line(
                    chart,
                    policy,
                    study.harts(),
                    harts -> results.cost(study.compared(policy, harts, pages)).latencyCycles());
        }
        return chart;
    }

    private XYChart byPages() {
        XYChart chart = chart(
                "munmap, " + ShootdownStudy.TARGETED + ", " + ShootdownStudy.CEILING_HARTS + " harts",
                "pages; beyond its ceiling a kernel flushes everything at once",
                "cycles");
        for (String profile : study.ceilingProfiles()) {
            line(
                    chart,
                    profile,
                    ShootdownStudy.CEILING_PAGES,
                    pages ->
                            results.cost(ShootdownStudy.ceiling(profile, pages)).latencyCycles());
        }
        return chart;
    }

    private XYChart broadcast() {
        XYChart chart = chart(
                "Broadcast, " + ShootdownStudy.BROADCAST_PROFILE,
                "n: the other harts that munmap tells",
                "cycles that it takes longer");
        List<Integer> targets = study.broadcastTargets();
        line(chart, "T(1) (1 + 0.165 (n - 1))", targets, results::publishedBroadcastCycles);
        line(chart, "measured", targets, results::broadcastCycles);
        return chart;
    }

    private static XYChart chart(String title, String across, String upwards) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(across)
                .yAxisTitle(upwards)
                .build();
        chart.getStyler()
                .setYAxisMin(0.0)
                .setXAxisDecimalPattern("#")
                .setYAxisDecimalPattern("#,###")
                .setLocale(Locale.ROOT)
                .setChartBackgroundColor(Color.WHITE)
                .setLegendPosition(LegendPosition.OutsideE)
                .setMarkerSize(MARKER_SIZE);
        return chart;
    }

    private static void line(XYChart chart, String name, List<Integer> across, IntToDoubleFunction upwards) {
        double[] x = across.stream().mapToDouble(Integer::doubleValue).toArray();
        double[] y =
                across.stream().mapToInt(Integer::intValue).mapToDouble(upwards).toArray();
        // Dashes, so that of two lines on the same points both are seen: those of like policies.
        boolean isDashed = chart.getSeriesCollection().size() / 2 % 2 == 1;
        chart.addSeries(name, x, y).setLineStyle(isDashed ? SeriesLines.DASH_DASH : SeriesLines.SOLID);
    }

    private static byte[] svg(XYChart chart) {
        try {
            return ChartEncoder.getBytes(chart, "svg");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
