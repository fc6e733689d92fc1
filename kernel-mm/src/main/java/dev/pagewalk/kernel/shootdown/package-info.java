/**
 * Taking translations away from harts that may have cached them, and only then freeing what they led to.
 *
 * <p>An operation notes what it takes away in an {@link dev.pagewalk.kernel.shootdown.InvalidationBatch} and issues it. From
 * there a shootdown goes through four files: {@link dev.pagewalk.kernel.shootdown.Shootdowns#issue} gives it a generation;
 * its {@link dev.pagewalk.kernel.shootdown.ShootdownPolicy} dispatches it, by the ways that {@code Dispatcher} offers; the
 * harts that are told flush and answer in {@code InterruptServices}; {@code Completion} wakes the initiator, and gives
 * frames and tables back. What nobody waits for is left as a note ({@code NoteRings}) and parked ({@code Parking}).
 *
 * <p>{@link dev.pagewalk.kernel.shootdown.SpaceTranslations} is what harts may have cached of one address space, {@link
 * dev.pagewalk.kernel.shootdown.SpaceLoader} how they come to it, under ASIDs of {@link
 * dev.pagewalk.kernel.shootdown.AsidAllocator}.
 *
 * <p>Last stop of the kernel on the path of a load: next the hart resumes, and executes the load again from {@link
 * dev.pagewalk.emulator.engine.Engine#run}.
 */
package dev.pagewalk.kernel.shootdown;
