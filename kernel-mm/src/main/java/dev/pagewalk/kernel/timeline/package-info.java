/**
 * What the kernel tells a {@link dev.pagewalk.emulator.trace.TraceSink} of its work: {@link
 * dev.pagewalk.kernel.timeline.KernelTimeline} is what its parts call. Nothing that a guest or a statistic can see depends on
 * it.
 */
package dev.pagewalk.kernel.timeline;
