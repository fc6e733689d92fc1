/** What the kernel tells a debugger, and where it lets it decide: {@link dev.pagewalk.kernel.debug.DebugEvents}. */
package dev.pagewalk.kernel.debug;
