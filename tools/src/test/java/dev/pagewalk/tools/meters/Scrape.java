package dev.pagewalk.tools.meters;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A scrape's samples: values by metric and labels, as they are written. */
final class Scrape {
    private static final Pattern SAMPLE = Pattern.compile("([a-z_]+)(\\{.*\\})? ([0-9.E]+)");

    final Map<String, Double> samples = new TreeMap<>();

    private Scrape(String text) {
        for (String line : text.lines().filter(line -> !line.startsWith("#")).toList()) {
            Matcher sample = SAMPLE.matcher(line);
            if (!sample.matches()) {
                throw new AssertionError("no sample: " + line);
            }
            String labels = sample.group(2) == null ? "" : sample.group(2);
            Double before = samples.put(sample.group(1) + labels, Double.valueOf(sample.group(3)));
            if (before != null) {
                throw new AssertionError("twice: " + line);
            }
        }
    }

    static Scrape parse(String text) {
        return new Scrape(text);
    }

    static Scrape of(ScrapedMeters meters) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        meters.bindTo(registry);
        meters.beforeScrape();
        return new Scrape(registry.scrape());
    }

    /** Of one series, such as {@code pagewalk_frames{state="free"}}; null where there is none. */
    Double value(String series) {
        return samples.get(series);
    }

    /** Of all series of a metric. */
    double sum(String metric) {
        return samples.entrySet().stream()
                .filter(sample -> metricOf(sample.getKey()).equals(metric))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    boolean hasMetric(String metric) {
        return samples.keySet().stream().anyMatch(series -> metricOf(series).equals(metric));
    }

    private static String metricOf(String series) {
        return series.replaceFirst("\\{.*", "");
    }
}
