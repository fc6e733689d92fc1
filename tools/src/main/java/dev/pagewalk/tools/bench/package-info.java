/** JMH benchmarks of the emulator itself, which {@code pagewalk bench} runs. */
package dev.pagewalk.tools.bench;
