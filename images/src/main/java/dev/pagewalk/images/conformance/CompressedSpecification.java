package dev.pagewalk.images.conformance;

import static dev.pagewalk.images.conformance.CompressedCases.Choice.ANY;
import static dev.pagewalk.images.conformance.CompressedCases.Choice.SHORT;
import static dev.pagewalk.images.conformance.CompressedCases.branch;
import static dev.pagewalk.images.conformance.CompressedCases.immediate;
import static dev.pagewalk.images.conformance.CompressedCases.immediateShift;
import static dev.pagewalk.images.conformance.CompressedCases.jump;
import static dev.pagewalk.images.conformance.CompressedCases.jumpRegister;
import static dev.pagewalk.images.conformance.CompressedCases.load;
import static dev.pagewalk.images.conformance.CompressedCases.loadFromStack;
import static dev.pagewalk.images.conformance.CompressedCases.moveStack;
import static dev.pagewalk.images.conformance.CompressedCases.nothing;
import static dev.pagewalk.images.conformance.CompressedCases.stackAddress;
import static dev.pagewalk.images.conformance.CompressedCases.store;
import static dev.pagewalk.images.conformance.CompressedCases.storeToStack;
import static dev.pagewalk.images.conformance.CompressedCases.twoRegisters;
import static dev.pagewalk.images.conformance.CompressedCases.upper;
import static dev.pagewalk.images.conformance.SystemCases.breakpoint;

/**
 * The rows of the instructions of sixteen bits, by themselves and not as the longer ones that they stand for: {@code a} is the
 * value of rd before. SHORT are those that know x8 to x15 only.
 *
 * <p>Source: RISC-V Unprivileged ISA, "C" Extension for Compressed Instructions; those on floating point are missing.
 */
final class CompressedSpecification {
    private static final int WORD = 32;
    private static final int DOUBLE = 64;

    private CompressedSpecification() {}

    static void addTo(Specification table) {
        table.row("c.addi4spn", stackAddress());
        table.row("c.lw", load(WORD));
        table.row("c.ld", load(DOUBLE));
        table.row("c.sw", store(WORD));
        table.row("c.sd", store(DOUBLE));

        table.row("c.nop", nothing());
        table.row("c.addi", immediate(ANY, DOUBLE, (a, b) -> a.signed().add(b.signed())));
        table.row("c.addiw", immediate(ANY, WORD, (a, b) -> a.signed().add(b.signed())));
        table.row("c.li", immediate(ANY, DOUBLE, (a, b) -> b.signed()));
        table.row("c.addi16sp", moveStack());
        table.row("c.lui", upper());
        table.row("c.srli", immediateShift(SHORT, (a, b) -> a.unsigned().shiftRight(b.shiftAmount())));
        table.row("c.srai", immediateShift(SHORT, (a, b) -> a.signed().shiftRight(b.shiftAmount())));
        table.row("c.andi", immediate(SHORT, DOUBLE, (a, b) -> a.signed().and(b.signed())));
        table.row("c.sub", twoRegisters(SHORT, DOUBLE, (a, b) -> a.signed().subtract(b.signed())));
        table.row("c.xor", twoRegisters(SHORT, DOUBLE, (a, b) -> a.signed().xor(b.signed())));
        table.row("c.or", twoRegisters(SHORT, DOUBLE, (a, b) -> a.signed().or(b.signed())));
        table.row("c.and", twoRegisters(SHORT, DOUBLE, (a, b) -> a.signed().and(b.signed())));
        table.row("c.subw", twoRegisters(SHORT, WORD, (a, b) -> a.signed().subtract(b.signed())));
        table.row("c.addw", twoRegisters(SHORT, WORD, (a, b) -> a.signed().add(b.signed())));
        table.row("c.j", jump());
        table.row("c.beqz", branch((a, zero) -> a.signed().equals(zero.signed())));
        table.row("c.bnez", branch((a, zero) -> !a.signed().equals(zero.signed())));

        table.row("c.slli", immediateShift(ANY, (a, b) -> a.signed().shiftLeft(b.shiftAmount())));
        table.row("c.lwsp", loadFromStack(WORD));
        table.row("c.ldsp", loadFromStack(DOUBLE));
        table.row("c.jr", jumpRegister(false));
        table.row("c.mv", twoRegisters(ANY, DOUBLE, (a, b) -> b.signed()));
        table.row("c.ebreak", breakpoint());
        table.row("c.jalr", jumpRegister(true));
        table.row("c.add", twoRegisters(ANY, DOUBLE, (a, b) -> a.signed().add(b.signed())));
        table.row("c.swsp", storeToStack(WORD));
        table.row("c.sdsp", storeToStack(DOUBLE));
    }
}
