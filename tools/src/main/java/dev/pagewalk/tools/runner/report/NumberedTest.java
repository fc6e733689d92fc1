package dev.pagewalk.tools.runner.report;

/**
 * A test with its place in a report's table, by which plots name it.
 *
 * @param number from 1
 */
record NumberedTest(int number, TestRecord test) {}
