/**
 * A guest of this machine as a debugger's target: {@link dev.pagewalk.tools.debug.guest.GuestDebugger}. What stops it, how threads step, and how
 * the past is searched have a file each.
 */
package dev.pagewalk.tools.debug.guest;
