package dev.pagewalk.emulator.trap;

import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.access.TranslationFault;

/** Why a hart left its guest. Source: RISC-V Privileged ISA, "Supervisor Cause Register (scause)". */
public enum TrapCause {
    INSTRUCTION_MISALIGNED(0, false),
    INSTRUCTION_ACCESS_FAULT(1, false),
    ILLEGAL_INSTRUCTION(2, false),
    BREAKPOINT(3, false),
    LOAD_MISALIGNED(4, false),
    LOAD_ACCESS_FAULT(5, false),
    STORE_MISALIGNED(6, false),
    STORE_ACCESS_FAULT(7, false),
    SYSTEM_CALL(8, false),
    INSTRUCTION_PAGE_FAULT(12, false),
    LOAD_PAGE_FAULT(13, false),
    STORE_PAGE_FAULT(15, false),
    SOFTWARE_INTERRUPT(1, true),
    TIMER_INTERRUPT(5, true),
    EXTERNAL_INTERRUPT(9, true);

    private final int code;
    private final boolean interrupt;

    TrapCause(int code, boolean interrupt) {
        this.code = code;
        this.interrupt = interrupt;
    }

    /** The exception code, 0..15; scause's top bit is {@link #isInterrupt()}. */
    public int code() {
        return code;
    }

    public boolean isInterrupt() {
        return interrupt;
    }

    /** The one place where a failed translation becomes a cause. */
    public static TrapCause of(TranslationFault fault, AccessType access) {
        return switch (fault) {
            case PAGE_FAULT ->
                switch (access) {
                    case FETCH -> INSTRUCTION_PAGE_FAULT;
                    case LOAD -> LOAD_PAGE_FAULT;
                    case STORE -> STORE_PAGE_FAULT;
                };
            case ACCESS_FAULT -> accessFault(access);
        };
    }

    /** The cause of an access to a physical address where nothing answers. */
    public static TrapCause accessFault(AccessType access) {
        return switch (access) {
            case FETCH -> INSTRUCTION_ACCESS_FAULT;
            case LOAD -> LOAD_ACCESS_FAULT;
            case STORE -> STORE_ACCESS_FAULT;
        };
    }

    /** The cause by which a pending line interrupts a guest. */
    public static TrapCause of(InterruptLine line) {
        return switch (line) {
            case SOFTWARE -> SOFTWARE_INTERRUPT;
            case TIMER -> TIMER_INTERRUPT;
            case EXTERNAL -> EXTERNAL_INTERRUPT;
        };
    }
}
