/**
 * How processes begin and end: fork, execve, exit, and the signals between them. One file per operation.
 *
 * <p>A child's first load goes on where its parent's fork ended: next, {@link
 * dev.pagewalk.kernel.schedule.Scheduler#dispatch}.
 */
package dev.pagewalk.kernel.lifecycle;
