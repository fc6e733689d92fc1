package dev.pagewalk.kernel.file;

/**
 * What a read or write that cannot go on waits for.
 *
 * @param pipe the number of the pipe's inode
 * @param toRead true: bytes to read, or that no writer is left; false: room to write, or that no reader is left
 * @param bytes how many bytes, or how much room, at least
 */
public record Readiness(long pipe, boolean toRead, int bytes) {}
