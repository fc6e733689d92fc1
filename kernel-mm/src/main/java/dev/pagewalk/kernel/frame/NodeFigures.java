package dev.pagewalk.kernel.frame;

/**
 * What became of the frames of one NUMA node.
 *
 * @param totalFrames that it has
 * @param freeFrames that have no owner now
 * @param localAllocations frames that harts of this node were given, as often as they were
 * @param remoteAllocations frames that harts of other nodes were given, as often as they were
 */
public record NodeFigures(int totalFrames, int freeFrames, long localAllocations, long remoteAllocations) {}
