/**
 * What a suite's run leaves behind: a {@link dev.pagewalk.tools.runner.report.TestRecord} per test, and the files that
 * people, CI systems and {@code pagewalk merge} read.
 */
package dev.pagewalk.tools.runner.report;
