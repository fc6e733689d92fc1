package dev.pagewalk.emulator.engine.differential;

/** Where programs find what: virtual addresses, and registers that generated code keeps to. */
final class Layout {
    /** Its frames stand in a row, readable, writable and executable. */
    static final long CODE = 0x10_0000;

    static final int MOST_CODE_PAGES = 24;

    /** The code's frames again, writable but not executable. */
    static final long CODE_AS_DATA = 0x18_0000;

    /** The code's frames again, executable; in one bit another address. */
    static final long CODE_ALIAS = 0x1010_0000;

    /** In a large page that begins where RAM does: the code's frames are {@code LARGE_CODE + (frame - RAM_BASE)}. */
    static final long LARGE_CODE = 0x5000_0000;

    /** Three pages to read and write; {@code s0} points between the second and the third. */
    static final long DATA = 0x20_0000;

    static final int DATA_PAGES = 4;
    static final long DATA_MIDDLE = DATA + 0x2000;

    /** The page behind them may be read only. */
    static final long READ_ONLY = DATA + 0x4000;

    /** Nothing is mapped here at first; the kernel maps it when it faults, and takes it away again. */
    static final long LAZY = DATA + 0x5000;

    static final int LAZY_PAGES = 2;
    static final long DEVICE = DATA + 0x7000;

    /** Nothing is ever mapped here. */
    static final long NOWHERE = DATA + 0x8000;

    /** This is mapped to where no RAM is and no device. */
    static final long NOTHING = DATA + 0x9000;

    /** More pages than a small TLB has entries; two of them to a frame. */
    static final long SWEEP = 0x30_0000;

    static final int SWEEP_PAGES = 16;
    static final long STACK = 0x40_0000;
    static final int STACK_PAGES = 2;
    static final long STACK_TOP = STACK + 0x2000;

    /** A large page of data. */
    static final long LARGE = 0x4000_0000;

    static final int RA = 1;
    static final int SP = 2;

    /** What is left of an interpreter's program. */
    static final int DISPATCHES = 3;

    static final int DEPTH = 4;
    static final int ADDRESS = 5;
    static final int HELPER = 6;
    static final int OTHER_HELPER = 7;
    static final int BASE = 8;
    static final int SERVICE = 17;
    static final int FUNCTION_COUNTER = 20;
    static final int BYTECODE = 21;
    static final int ROUNDS = 31;

    /** Counters of nested loops, outermost first. */
    static final int[] COUNTERS = {9, 18, 19};

    static final int[] DATA_REGISTERS = {
        10, 11, 12, 13, 14, 15, 10, 11, 12, 13, 14, 15, 16, 17, 22, 23, 24, 25, 26, 27, 28, 29, 30
    };

    /** In {@link #SERVICE}: the hart has nothing more to do. */
    static final int EXIT = 93;

    private Layout() {}
}
