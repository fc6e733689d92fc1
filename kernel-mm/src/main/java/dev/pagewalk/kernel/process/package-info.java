/**
 * Programs in execution: how an image and its arguments become memory and first registers, and how a process ends.
 *
 * <p>A load's page comes from the regions that {@link dev.pagewalk.kernel.process.ProgramLoader} has made; on the path of
 * the load itself, the next stop is {@link dev.pagewalk.kernel.fault.PageFaultHandler#handle}.
 */
package dev.pagewalk.kernel.process;
