/**
 * Timelines for people: {@link dev.pagewalk.tools.trace.TraceFile} writes what the machine and the kernel tell of a run in a form
 * that Perfetto and Chrome show.
 */
package dev.pagewalk.tools.trace;
