package dev.pagewalk.tools.history;

import dev.pagewalk.emulator.MachinePosition;

/** An input, and the position of the run at which it has come. */
public record InputEntry(MachinePosition position, RecordedInput input) {}
