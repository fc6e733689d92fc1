package dev.pagewalk.tools.bench.shootdown;

/**
 * What a munmap has cost: of each figure the median of several rounds, since a timer's tick may fall into one.
 *
 * @param latencyCycles from before the system call to after it, on the hart that makes it
 * @param waitCycles of that, in which it waited for other harts
 * @param interrupts that it has sent to other harts
 */
public record MunmapCost(long latencyCycles, long waitCycles, long interrupts) {}
