package dev.pagewalk.kernel.process;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.RegionKind;
import dev.pagewalk.kernel.space.RegionUse;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a process has of memory at one moment (S22).
 *
 * @param regions how many
 * @param residentPages frames of RAM that its page tables map; one that two PTEs map counts twice
 * @param sharedPages how many of them have another owner too: another process, or the page cache
 * @param tablePages frames that hold its page tables
 * @param bytesByKind the sizes of its regions, by kind; kinds that it has none of are left out
 */
public record MemoryUse(
        long regions, long residentPages, long sharedPages, long tablePages, Map<RegionKind, Long> bytesByKind) {
    /** Nothing at all. */
    static final MemoryUse NONE = new MemoryUse(0, 0, 0, 0, Map.of());

    private static final RegionKind[] KINDS = RegionKind.values();

    public MemoryUse {
        Map<RegionKind, Long> ordered = new EnumMap<>(RegionKind.class);
        ordered.putAll(bytesByKind);
        bytesByKind = Collections.unmodifiableMap(ordered);
    }

    /** What it is now; free of charge. */
    static MemoryUse of(AddressSpace space) {
        return of(space.survey(), space.pageTable().tablePages());
    }

    static MemoryUse of(List<RegionUse> regions, long tablePages) {
        Map<RegionKind, Long> bytes = new EnumMap<>(RegionKind.class);
        long residentPages = 0;
        long sharedPages = 0;
        for (RegionUse use : regions) {
            residentPages += use.residentPages();
            sharedPages += use.sharedPages();
            bytes.merge(use.region().kind(), use.region().lengthBytes(), Long::sum);
        }
        return new MemoryUse(regions.size(), residentPages, sharedPages, tablePages, bytes);
    }

    /** The sizes of the regions of one kind. */
    public long bytes(RegionKind kind) {
        return bytesByKind.getOrDefault(kind, 0L);
    }

    void save(ByteArrayDataOutput out) {
        out.writeLong(regions);
        out.writeLong(residentPages);
        out.writeLong(sharedPages);
        out.writeLong(tablePages);
        for (RegionKind kind : KINDS) {
            out.writeLong(bytes(kind));
        }
    }

    static MemoryUse restore(ByteArrayDataInput in) {
        long regions = in.readLong();
        long residentPages = in.readLong();
        long sharedPages = in.readLong();
        long tablePages = in.readLong();
        Map<RegionKind, Long> bytes = new EnumMap<>(RegionKind.class);
        for (RegionKind kind : KINDS) {
            long kindBytes = in.readLong();
            if (kindBytes > 0) {
                bytes.put(kind, kindBytes);
            }
        }
        return new MemoryUse(regions, residentPages, sharedPages, tablePages, bytes);
    }
}
