package dev.pagewalk.tools.meters;

import io.micrometer.core.instrument.binder.MeterBinder;

/** Meters that are told when somebody is about to read them all, so that he reads one moment's. */
public interface ScrapedMeters extends MeterBinder {
    /** All is about to be read; the reader's thread. */
    void beforeScrape();
}
