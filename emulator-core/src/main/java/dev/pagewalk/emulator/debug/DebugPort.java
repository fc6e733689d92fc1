package dev.pagewalk.emulator.debug;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.mmu.access.AccessType;

/**
 * The door to a debugger: the machine asks it where to stop, and stopping is all that it can bring about. Whatever it answers,
 * the guest executes the same instructions in the same cycles.
 *
 * <p>What it has answered {@code true} to, it answers {@link #stopsHere} with, until the machine has stopped.
 */
public interface DebugPort {
    /** Asked wherever the machine's loop comes by: between slices, kernel steps and events, and where a slice has been cut. */
    boolean stopsHere();

    /** Asked before a slice begins, and before it goes on where it has been cut. */
    boolean stopsBefore(Hart hart);

    /** The most instructions that the hart may execute before {@link #stopsBefore} is asked again; at least 1. */
    long instructionBudget(Hart hart);

    /**
     * The hart has executed some of its slice.
     *
     * @param instructions how many have retired; where {@link Hart#trapCause} is not null, another one has trapped
     */
    void executed(Hart hart, long instructions);

    /** Whether the instruction at the hart's pc, where {@link DebugPoints} has a breakpoint's address, is not to be executed now. */
    boolean breaksAt(Hart hart);

    /**
     * The instruction at the hart's pc is about to access bytes that {@link DebugPoints} watches. It may yet trap; then this will be
     * asked again when it is executed again.
     *
     * @param type LOAD or STORE; an atomic is asked for with each
     */
    AccessStop stopForAccess(Hart hart, long address, int lengthBytes, AccessType type);
}
