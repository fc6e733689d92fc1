/**
 * Whose turn it is: runnable tasks in a queue, blocked ones by what they wait for, and the timer that ends a turn.
 *
 * <p>A load that had to wait for its hart goes on from here: {@link dev.pagewalk.kernel.schedule.Scheduler#dispatch} loads
 * the task's registers and address space. Next: {@link dev.pagewalk.emulator.engine.Engine#run}.
 */
package dev.pagewalk.kernel.schedule;
