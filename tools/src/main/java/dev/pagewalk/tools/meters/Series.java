package dev.pagewalk.tools.meters;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.ToDoubleFunction;

/**
 * One line of a scrape: a metric with its labels.
 *
 * @param name dotted, as Micrometer has it
 * @param tags the labels
 * @param description what the metric says, whatever its labels
 * @param isCounter whether it only grows, as long as nobody goes back in time
 */
record Series(String name, Tags tags, String description, boolean isCounter) {
    static Series counter(String name, String description, String... tags) {
        return new Series(name, Tags.of(tags), description, true);
    }

    static Series gauge(String name, String description, String... tags) {
        return new Series(name, Tags.of(tags), description, false);
    }

    Series with(String key, String value) {
        return new Series(name, tags.and(key, value), description, isCounter);
    }

    /** @param holder of the values; the registry keeps it from being collected only where it is a gauge's */
    <T> void register(MeterRegistry registry, T holder, ToDoubleFunction<T> value) {
        if (isCounter) {
            FunctionCounter.builder(name, holder, value)
                    .tags(tags)
                    .description(description)
                    .register(registry);
        } else {
            Gauge.builder(name, holder, value)
                    .tags(tags)
                    .description(description)
                    .strongReference(true)
                    .register(registry);
        }
    }
}
