/**
 * Timelines for people: {@link dev.pagewalk.tools.trace.TraceFile} writes what the machine and the kernel tell of a run in a form
 * that Perfetto and Chrome show; {@link dev.pagewalk.tools.trace.RecentEvents} keeps the last of it for whoever asks.
 */
package dev.pagewalk.tools.trace;
