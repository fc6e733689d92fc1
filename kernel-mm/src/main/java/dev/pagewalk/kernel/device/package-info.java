/**
 * The drivers: the console's UART, the finisher that ends the machine, and the framebuffer where there is one. They reach
 * devices through the bus only.
 *
 * <p>A load that faults fatally ends here, as a line by {@link
 * dev.pagewalk.kernel.device.ConsoleDriver#kernelLine}; one that can be helped never comes here, and goes from {@link
 * dev.pagewalk.kernel.fault.PageFaultHandler#handle} to {@link dev.pagewalk.kernel.space.AddressSpace#makeAccessible}.
 */
package dev.pagewalk.kernel.device;
