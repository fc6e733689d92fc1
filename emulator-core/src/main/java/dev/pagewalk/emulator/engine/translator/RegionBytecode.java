package dev.pagewalk.emulator.engine.translator;

import java.util.List;

/**
 * A region's class before it is loaded, and the tables that belong to it.
 *
 * @param sites instructions that may leave the fast path, by number
 * @param worstCycles by site: the most cycles from before the instruction to the next check
 * @param exits by number
 * @param classFile of a subclass of {@link RegionCode}
 * @param bytecodeBytes the length of its method
 */
record RegionBytecode(
        RegionPlan plan,
        List<Site> sites,
        List<Integer> worstCycles,
        List<Exit> exits,
        byte[] classFile,
        int bytecodeBytes) {}
