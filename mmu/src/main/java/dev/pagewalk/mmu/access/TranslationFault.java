package dev.pagewalk.mmu.access;

/**
 * Why an address has no translation: a value that the hart turns into a trap cause.
 *
 * <p>The exception codes are those of RISC-V Privileged ISA, "Supervisor Cause (scause) Register".
 */
public enum TranslationFault {
    /**
     * The page tables do not allow the access: code 12 (instruction page fault) for a fetch, 13 (load page fault) for a
     * load, 15 (store/AMO page fault) for a store.
     */
    PAGE_FAULT,
    /**
     * A page table lies where there is no RAM: code 1 (instruction access fault) for a fetch, 5 (load access fault) for
     * a load, 7 (store/AMO access fault) for a store.
     */
    ACCESS_FAULT
}
