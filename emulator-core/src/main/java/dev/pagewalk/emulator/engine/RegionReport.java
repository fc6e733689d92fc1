package dev.pagewalk.emulator.engine;

import java.util.Map;

/**
 * A translated region, for people and tests.
 *
 * @param id counts translations from 1
 * @param virtualAddress where its first entry was when it was translated
 * @param physicalAddress of the same
 * @param entries from where it is entered or jumped to indirectly
 * @param blocks basic blocks
 * @param guestInstructions that it holds
 * @param bytecodeBytes of its method
 * @param entered how often, so far
 * @param executedInstructions in it, so far
 * @param exits how often by reason, in the order of the enum; those that never happened are left out
 */
public record RegionReport(
        int id,
        long virtualAddress,
        long physicalAddress,
        int entries,
        int blocks,
        int guestInstructions,
        int bytecodeBytes,
        long entered,
        long executedInstructions,
        Map<ExitReason, Long> exits) {}
