package dev.pagewalk.emulator.engine.translator;

import dev.pagewalk.emulator.engine.ExitReason;

/**
 * A way out of a region, at the boundary of two instructions.
 *
 * @param offset where execution goes on, in bytes from the beginning of the window, perhaps outside it; meaningless for an
 *     indirect jump
 */
record Exit(ExitReason reason, int offset) {}
