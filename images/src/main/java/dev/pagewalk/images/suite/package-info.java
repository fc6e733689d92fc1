/**
 * What a test image is run with and what it must do: the YAML file beside it. The regression runner in {@code tools}
 * reads it here, runs the image and compares.
 */
package dev.pagewalk.images.suite;
