/**
 * Taking translations away from harts that may have cached them, and only then freeing what they led to.
 *
 * <p>One hart runs, so an invalidation is local and complete at once.
 *
 * <p>Last stop of the kernel on the path of a load: next the hart resumes, and executes the load again from {@link
 * dev.pagewalk.emulator.engine.Engine#run}.
 */
package dev.pagewalk.kernel.shootdown;
