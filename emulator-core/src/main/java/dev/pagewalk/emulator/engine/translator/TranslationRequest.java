package dev.pagewalk.emulator.engine.translator;

import java.util.List;
import java.util.Set;

/**
 * What is to be translated. Everything that another thread needs is a copy.
 *
 * @param window not to be read on another thread; all slots are its slots
 * @param words of the window as they are now; null once it has been translated
 * @param virtualAddress where the first head is
 * @param heads slots at which the region is to be entered, the hot one first
 * @param companions slots at which other regions are entered, and this one is to be if they turn out to belong to it
 * @param targets slots to which indirect jumps have led
 * @param generation how often what it comes from has grown
 */
record TranslationRequest(
        CodeWindow window,
        long[] words,
        long virtualAddress,
        List<Integer> heads,
        Set<Integer> companions,
        Set<Integer> targets,
        int generation) {
    /** What is kept as long as there is the region. */
    TranslationRequest withoutWords() {
        return new TranslationRequest(window, null, virtualAddress, heads, companions, targets, generation);
    }
}
