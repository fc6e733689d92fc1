/**
 * Every way in which a kernel operation fails, and the one table that gives each its errno and its signal.
 *
 * <p>No stop on the path of a load: an operation that fails throws {@link dev.pagewalk.kernel.error.KernelException} to
 * whoever asked, for a load {@link dev.pagewalk.kernel.fault.PageFaultHandler#handle}.
 */
package dev.pagewalk.kernel.error;
