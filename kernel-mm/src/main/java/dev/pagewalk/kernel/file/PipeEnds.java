package dev.pagewalk.kernel.file;

/** Both ends of a new pipe; whoever gets them holds the one reference of each. */
public record PipeEnds(OpenFile reader, OpenFile writer) {}
