/**
 * What becomes of an access that the MMU refused, and of the kernel's own accesses to user memory.
 *
 * <p>{@link dev.pagewalk.kernel.fault.PageFaultHandler} decides for both; {@link dev.pagewalk.kernel.fault.FaultClass}
 * names the ends that are fatal to a guest, and {@link dev.pagewalk.kernel.fault.UserMemory} turns the same ends into
 * errors.
 *
 * <p>Next on the path of a load: {@link dev.pagewalk.kernel.space.AddressSpace#makeAccessible}.
 */
package dev.pagewalk.kernel.fault;
