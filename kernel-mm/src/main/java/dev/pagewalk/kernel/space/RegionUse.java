package dev.pagewalk.kernel.space;

/**
 * What a region takes of RAM.
 *
 * @param region which one
 * @param residentPages its pages of 4 KiB that are frames of RAM now, those of huge pages included
 * @param sharedPages how many of them have another owner too: another space, or the page cache
 * @param hugePages its pages of 2 MiB
 */
public record RegionUse(Region region, long residentPages, long sharedPages, long hugePages) {}
