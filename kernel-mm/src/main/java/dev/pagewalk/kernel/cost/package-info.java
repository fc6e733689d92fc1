/**
 * What kernel work costs: every subsystem reports its work to {@link dev.pagewalk.kernel.cost.CostMeter}, which charges
 * the hart by the timing profile.
 *
 * <p>It lies beside the path of a load and is met at each of its stops; the way goes on where the work is done, for a
 * fault in {@link dev.pagewalk.kernel.fault.PageFaultHandler#handle}.
 */
package dev.pagewalk.kernel.cost;
