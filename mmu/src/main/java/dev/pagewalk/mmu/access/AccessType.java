package dev.pagewalk.mmu.access;

/** What an instruction wants to do at an address. */
public enum AccessType {
    /** An instruction fetch. */
    FETCH,
    /** A load or {@code lr}. */
    LOAD,
    /** A store, {@code sc} or any atomic read-modify-write: what the manual calls "store/AMO". */
    STORE
}
