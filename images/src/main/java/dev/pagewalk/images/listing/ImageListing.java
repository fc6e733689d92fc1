package dev.pagewalk.images.listing;

import dev.pagewalk.emulator.isa.Disassembler;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.images.elf.ElfSection;
import dev.pagewalk.images.elf.ElfSegment;
import dev.pagewalk.images.elf.ElfSymbol;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes a whole image as a source that our assembler turns into the same image again: the same bytes at the same
 * addresses and the same symbols. {@code disasm} calls it.
 *
 * <p>What the source cannot say stays behind as a comment: a symbol whose name is no name in assembly, or that occurs
 * twice. A segment's alignment in the file and sections within a segment are not kept.
 */
public final class ImageListing {
    private static final int PAGE_SIZE_BYTES = 4096;
    private static final long FIRST_ADDRESS = 0x10000;
    private static final int COMMENT_COLUMN = 40;
    private static final List<String> STANDARD_SECTIONS = List.of(".text", ".rodata", ".data", ".bss");

    private final ElfImage image;
    private final Appendable out;
    private final Labels labels;

    private ImageListing(ElfImage image, Appendable out) {
        this.image = image;
        this.out = out;
        labels = Labels.of(image);
    }

    /**
     * Writes the listing of {@code image}.
     *
     * @throws IOException from {@code out}
     */
    public static void write(ElfImage image, Appendable out) throws IOException {
        new ImageListing(image, out).writeAll();
    }

    private void writeAll() throws IOException {
        line("# entry point " + hex(image.entryPoint()));
        for (ElfSymbol symbol : labels.leftOut()) {
            line("# left out: the symbol " + hex(symbol.value()) + " " + printable(symbol.name()));
        }
        for (ElfSymbol symbol : labels.absolute()) {
            writeAttributes(symbol);
            line("        .set    " + symbol.name() + ", " + hex(symbol.value()));
        }
        boolean standard = isStandardLayout();
        Set<String> names = new HashSet<>();
        for (ElfSegment segment : image.segments()) {
            line("");
            line("        " + sectionDirective(segment, names));
            if (!standard) {
                line("        .address " + hex(segment.virtualAddress()));
            }
            writeSegment(segment);
        }
    }

    private static String printable(String name) {
        StringBuilder printable = new StringBuilder();
        name.chars().forEach(c -> printable.append(c >= ' ' && c <= '~' ? (char) c : '?'));
        return printable.toString();
    }

    /** Whether the assembler, left alone, would put the segments where they are. */
    private boolean isStandardLayout() {
        long expected = FIRST_ADDRESS;
        int last = -1;
        for (ElfSegment segment : image.segments()) {
            int position = STANDARD_SECTIONS.indexOf(sectionName(segment));
            if (position <= last || segment.virtualAddress() != expected) {
                return false;
            }
            last = position;
            expected = segment.endAddress() + PAGE_SIZE_BYTES - 1 & -PAGE_SIZE_BYTES;
        }
        return true;
    }

    private String sectionDirective(ElfSegment segment, Set<String> names) {
        String name = sectionName(segment);
        if (!names.add(name)) {
            name = uniqueName(segment);
        }
        if (STANDARD_SECTIONS.contains(name)) {
            return name.equals(".rodata") ? ".section .rodata" : name;
        }
        boolean noBits = segment.fileSizeBytes() == 0;
        return ".section " + name + ",\"" + flags(segment) + "\",@" + (noBits ? "nobits" : "progbits");
    }

    /** The section that the segment becomes: a standard one where it looks like one that our assembler made. */
    private String sectionName(ElfSegment segment) {
        boolean noBits = segment.fileSizeBytes() == 0;
        String standard = switch (flags(segment)) {
            case "ax" -> noBits ? "" : ".text";
            case "a" -> noBits ? "" : ".rodata";
            case "aw" -> noBits ? ".bss" : ".data";
            default -> "";
        };
        String own = image.sections().stream()
                .filter(section -> section.virtualAddress() == segment.virtualAddress() && section.sizeBytes() > 0)
                .map(ElfSection::name)
                .filter(name -> Labels.isName(name) && !isPartOfStandard(name))
                .findFirst()
                .orElse(standard);
        return own.isEmpty() ? uniqueName(segment) : own;
    }

    private static String uniqueName(ElfSegment segment) {
        return ".segment_" + Long.toHexString(segment.virtualAddress());
    }

    private static String flags(ElfSegment segment) {
        return "a" + (segment.writable() ? "w" : "") + (segment.executable() ? "x" : "");
    }

    private static boolean isPartOfStandard(String name) {
        return name.matches("\\.s?(text|rodata|data|bss)(\\..*)?");
    }

    private void writeSegment(ElfSegment segment) throws IOException {
        ByteBuffer bytes = segment.bytes();
        List<Region> regions = Region.of(image, segment);
        long address = segment.virtualAddress();
        long end = segment.endAddress();
        for (Region region : regions) {
            while (address != region.endAddress()) {
                writeLabels(segment, address);
                long next = Math.min(region.endAddress(), labels.nextAfter(segment, address, end));
                if (region.zeros()) {
                    put(address, ".zero   " + (next - address));
                    address = next;
                } else {
                    address +=
                            writeItem(bytes, (int) (address - segment.virtualAddress()), address, next, region.code());
                }
            }
        }
        for (ElfSymbol symbol : labels.at(segment, end)) {
            writeLabel(symbol);
        }
    }

    private void writeLabels(ElfSegment segment, long address) throws IOException {
        for (ElfSymbol symbol : labels.at(segment, address)) {
            writeLabel(symbol);
        }
        String target = labels.madeFor(address);
        if (target != null) {
            line(target + ":");
        }
    }

    private void writeLabel(ElfSymbol symbol) throws IOException {
        writeAttributes(symbol);
        line(symbol.name() + ":");
    }

    private void writeAttributes(ElfSymbol symbol) throws IOException {
        if (symbol.global()) {
            line("        .globl  " + symbol.name());
        }
        if (symbol.kind() != ElfSymbol.Kind.UNSPECIFIED) {
            line("        .type   " + symbol.name() + ", "
                    + (symbol.kind() == ElfSymbol.Kind.FUNCTION ? "@function" : "@object"));
        }
        if (symbol.sizeBytes() != 0) {
            line("        .size   " + symbol.name() + ", " + hex(symbol.sizeBytes()));
        }
    }

    /** Writes the instruction or datum at {@code offset}, which ends at {@code limit} at the latest; gives its length. */
    private long writeItem(ByteBuffer bytes, int offset, long address, long limit, boolean code) throws IOException {
        int available = (int) (limit - address);
        FetchedInstruction instruction = code ? FetchedInstruction.at(bytes, offset, address, available) : null;
        if (instruction != null) {
            put(address, aligned(Disassembler.disassemble(address, instruction.raw(), labels::nameOf)));
            return instruction.lengthBytes();
        }
        // A symbol inside an instruction, or a segment that begins or ends inside one.
        Datum datum = code
                ? Datum.bytes(bytes, offset, Math.min(available, FetchedInstruction.bytesToBoundary(address)))
                : Datum.at(bytes, offset, available, address);
        put(address, datum.text());
        return datum.sizeBytes();
    }

    /** Moves the operands to the column where those of other instructions stand. */
    private static String aligned(String instruction) {
        int space = instruction.indexOf(' ');
        return space < 0
                ? instruction
                : instruction.substring(0, space)
                        + " ".repeat(Math.max(1, 8 - space))
                        + instruction.substring(space + 1);
    }

    private void put(long address, String text) throws IOException {
        String padded = "        " + text + " ";
        line(padded + " ".repeat(Math.max(0, COMMENT_COLUMN - padded.length())) + "# " + hex(address));
    }

    private void line(String text) throws IOException {
        out.append(text).append('\n');
    }

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    static String hexDigits(long value, int digits) {
        String text = Long.toHexString(value);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }
}
