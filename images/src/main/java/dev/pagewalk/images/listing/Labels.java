package dev.pagewalk.images.listing;

import dev.pagewalk.emulator.isa.Decoder;
import dev.pagewalk.emulator.isa.Format;
import dev.pagewalk.emulator.isa.Instruction;
import dev.pagewalk.emulator.isa.RegisterNames;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.images.elf.ElfSegment;
import dev.pagewalk.images.elf.ElfSymbol;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The names of addresses in a listing: the image's symbols, and labels made for what branches go to. */
final class Labels {
    private final ElfImage image;
    private final List<ElfSymbol> absolute = new ArrayList<>();
    private final List<ElfSymbol> leftOut = new ArrayList<>();
    /** By the start of the segment that they belong to, then by address: two segments may meet at one address. */
    private final Map<Long, TreeMap<Long, List<ElfSymbol>>> placed = new HashMap<>();

    private final Map<Long, String> names = new HashMap<>();
    private final TreeSet<Long> made = new TreeSet<>();

    private Labels(ElfImage image) {
        this.image = image;
    }

    static Labels of(ElfImage image) {
        Labels labels = new Labels(image);
        labels.sortSymbols();
        image.segments().stream().filter(ElfSegment::executable).forEach(labels::makeForTargets);
        return labels;
    }

    /** Symbols that are numbers. */
    List<ElfSymbol> absolute() {
        return absolute;
    }

    /** Symbols that a source cannot define. */
    List<ElfSymbol> leftOut() {
        return leftOut;
    }

    /** The symbols of {@code segment} at {@code address}, which may be its end, in the image's order. */
    List<ElfSymbol> at(ElfSegment segment, long address) {
        return placedIn(segment).getOrDefault(address, List.of());
    }

    /** The label made for {@code address}, or null. */
    String madeFor(long address) {
        return made.contains(address) ? ".L" + Long.toHexString(address) : null;
    }

    /** The name to print for {@code address} as a target, or null. */
    String nameOf(long address) {
        String symbol = names.get(address);
        return symbol == null ? madeFor(address) : symbol;
    }

    /** The first address after {@code address} that has a symbol or label, {@code end} at most. */
    long nextAfter(ElfSegment segment, long address, long end) {
        Long symbol = placedIn(segment).higherKey(address);
        Long label = made.higher(address);
        long next = end;
        if (symbol != null && symbol < next) {
            next = symbol;
        }
        return label != null && label < next ? label : next;
    }

    private TreeMap<Long, List<ElfSymbol>> placedIn(ElfSegment segment) {
        return placed.computeIfAbsent(segment.virtualAddress(), key -> new TreeMap<>());
    }

    private void sortSymbols() {
        Set<String> defined = new HashSet<>();
        for (ElfSymbol symbol : image.symbols()) {
            ElfSegment segment = symbol.section().isEmpty() ? null : segmentOf(symbol);
            if (!isName(symbol.name()) || symbol.name().startsWith(".L") || !defined.add(symbol.name())) {
                leftOut.add(symbol);
            } else if (segment == null) {
                absolute.add(symbol);
            } else {
                placedIn(segment)
                        .computeIfAbsent(symbol.value(), key -> new ArrayList<>())
                        .add(symbol);
                names.putIfAbsent(symbol.value(), symbol.name());
            }
        }
    }

    /** The segment of the symbol's section where that is known, else the one that holds or ends at its address. */
    private ElfSegment segmentOf(ElfSymbol symbol) {
        long address = symbol.value();
        if (address < 0) {
            return null;
        }
        List<ElfSegment> candidates = image.segments().stream()
                .filter(segment -> segment.contains(address) || segment.endAddress() == address)
                .toList();
        return candidates.stream()
                .filter(segment -> image.sections().stream()
                        .anyMatch(section ->
                                section.name().equals(symbol.section()) && segment.contains(section.virtualAddress())))
                .findFirst()
                .orElse(candidates.isEmpty() ? null : candidates.get(candidates.size() - 1));
    }

    /** Whether a source can define {@code name} as a symbol. */
    static boolean isName(String name) {
        return name.matches("[A-Za-z_.][A-Za-z0-9_.$]*") && !name.equals(".") && RegisterNames.number(name) < 0;
    }

    private void makeForTargets(ElfSegment segment) {
        ByteBuffer bytes = segment.bytes();
        long address = segment.virtualAddress();
        for (Region region : Region.of(image, segment)) {
            while (address != region.endAddress()) {
                int offset = (int) (address - segment.virtualAddress());
                long available = region.endAddress() - address;
                address += region.code() ? makeForTarget(bytes, offset, address, available) : available;
            }
        }
    }

    /** Makes a label for what the instruction at {@code address} jumps to, if it does; gives its length. */
    private long makeForTarget(ByteBuffer bytes, int offset, long address, long available) {
        FetchedInstruction instruction = FetchedInstruction.at(bytes, offset, address, available);
        if (instruction == null) {
            return Math.min(available, FetchedInstruction.bytesToBoundary(address));
        }
        int raw = Decoder.expand(instruction.raw());
        Instruction row = Decoder.decode(raw);
        if (row != null && (row.format() == Format.BRANCH || row.format() == Format.JUMP)) {
            long target = address + row.format().immediate(raw);
            if (target % 2 == 0 && target >= 0 && isInExecutableSegment(target) && !names.containsKey(target)) {
                made.add(target);
            }
        }
        return instruction.lengthBytes();
    }

    private boolean isInExecutableSegment(long address) {
        return image.segments().stream().anyMatch(segment -> segment.executable() && segment.contains(address));
    }
}
