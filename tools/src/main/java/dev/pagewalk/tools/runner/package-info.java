/**
 * Regression tests: guest images with their expectation files.
 *
 * <p>{@link dev.pagewalk.tools.runner.TestImage} finds them in an {@link dev.pagewalk.tools.runner.ImageFolder}, {@link
 * dev.pagewalk.tools.runner.TestExecution} runs one on a machine of its own and says how it ended. JUnit comes in above,
 * in {@code engine}; the command line in {@code launch}.
 */
package dev.pagewalk.tools.runner;
