/**
 * The calls of the Linux/riscv64 ABI, one file each, and the table through which guests reach them.
 *
 * <p>A call that reads or writes user memory joins the path of a load in {@link
 * dev.pagewalk.kernel.fault.UserMemory}; next from there: {@link dev.pagewalk.kernel.fault.PageFaultHandler#handle}.
 */
package dev.pagewalk.kernel.syscall;
