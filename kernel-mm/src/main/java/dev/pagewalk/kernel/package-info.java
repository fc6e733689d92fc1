/**
 * The kernel, in Java: it owns the frames, edits the page tables in simulated RAM, and answers traps.
 *
 * <p>{@link dev.pagewalk.kernel.Kernel} implements the trap port; {@link dev.pagewalk.kernel.KernelConfig} says how it
 * behaves. Everything below is a subsystem with one file per operation.
 *
 * <p>Next on the path of a load: {@link dev.pagewalk.kernel.Kernel#trap} sends a page fault to {@link
 * dev.pagewalk.kernel.fault.PageFaultHandler#handle}.
 */
package dev.pagewalk.kernel;
