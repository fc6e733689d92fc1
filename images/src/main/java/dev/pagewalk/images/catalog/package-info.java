/**
 * The guests that come with Pagewalk: each a source that teaches one thing, in assembly or in C, beside it what it must print.
 *
 * <p>They are resources, so that {@code boot hello} needs neither a compiler nor a file: those in C lie here compiled too.
 */
package dev.pagewalk.images.catalog;
