/**
 * Guest images as tests of the JUnit Platform: {@link dev.pagewalk.tools.runner.engine.PagewalkTestEngine} is what Surefire,
 * IDEs, the ConsoleLauncher and {@code pagewalk test} find. Its tree is engine, folder, image, and machine where the image
 * has a matrix.
 */
package dev.pagewalk.tools.runner.engine;
