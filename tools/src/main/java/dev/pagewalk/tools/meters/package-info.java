/**
 * What Prometheus can ask a run or a suite: {@link dev.pagewalk.tools.meters.MachineMeters} and {@link
 * dev.pagewalk.tools.meters.SuiteMeters} hold figures that the run's threads leave with them, {@link
 * dev.pagewalk.tools.meters.MetricsServer} hands them out over HTTP. Nothing here reaches into a machine that runs.
 */
package dev.pagewalk.tools.meters;
