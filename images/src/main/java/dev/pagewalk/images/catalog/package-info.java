/**
 * The guests that come with Pagewalk: each an assembly source that teaches one thing, beside it what it must print.
 *
 * <p>They are resources, so that {@code boot hello} needs neither a compiler nor a file.
 */
package dev.pagewalk.images.catalog;
