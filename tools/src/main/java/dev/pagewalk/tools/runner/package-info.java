/**
 * The regression runner behind {@code pagewalk test}: {@link dev.pagewalk.tools.runner.SuiteRunner} finds test images,
 * runs each on a machine of its own, reports, and rewrites golden counters.
 */
package dev.pagewalk.tools.runner;
