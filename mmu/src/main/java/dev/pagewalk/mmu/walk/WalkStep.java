package dev.pagewalk.mmu.walk;

import dev.pagewalk.mmu.table.Pte;

/**
 * One table entry on the way from the root to a page, for people.
 *
 * @param level of the table
 * @param index of the entry in it
 * @param pteAddress physical address of the entry
 * @param pte the word, 0 where there is no RAM to read
 * @param verdict what the walker makes of it
 */
public record WalkStep(int level, int index, long pteAddress, long pte, String verdict) {
    /** One line, such as {@code level 2 [  3] at 0x80001018: 0x0000000020000801 table 0x80002000}. */
    @Override
    public String toString() {
        String line =
                String.format("level %d [%3d] at 0x%x: 0x%016x %s", level, index, pteAddress, pte, Pte.describe(pte));
        return verdict.isEmpty() ? line : line + ": " + verdict;
    }
}
