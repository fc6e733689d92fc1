/**
 * Guests in JUnit Jupiter tests: {@link dev.pagewalk.tools.jupiter.GuestTest} boots one for a test method, which runs it
 * step by step through {@link dev.pagewalk.tools.jupiter.Guest} and looks at its console, counters, processes and memory.
 */
package dev.pagewalk.tools.jupiter;
