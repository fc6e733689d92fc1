/**
 * What a run cost: {@link dev.pagewalk.tools.metrics.Statistics} collects the components' counters into one tree, which
 * {@link dev.pagewalk.tools.metrics.StatisticsFile} writes for programs and {@link
 * dev.pagewalk.tools.metrics.StatisticsText} for people.
 */
package dev.pagewalk.tools.metrics;
