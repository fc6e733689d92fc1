/**
 * Signals: what processes want done about them, what waits for delivery, and the frame on the user's stack while a
 * handler runs. Who gets which signal when is decided above, in {@link dev.pagewalk.kernel.Kernel}.
 *
 * <p>A load that faults where the guest pages for itself passes here: the handler repairs the mapping, and {@link
 * dev.pagewalk.kernel.signal.SignalHandlers#leave} brings the hart back to the load, which is executed again from {@link
 * dev.pagewalk.emulator.engine.Engine#run}.
 */
package dev.pagewalk.kernel.signal;
