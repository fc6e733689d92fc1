package dev.pagewalk.tools.debug.packet;

import dev.pagewalk.tools.debug.target.DebugTarget;

/**
 * What GDB is told of the machine: its architecture and registers, by number.
 *
 * <p>Source: the GDB manual, "RISC-V Features"; numbers as in gdb/riscv-tdep.h.
 */
final class TargetDescription {
    private static final String[] GENERAL_REGISTERS = {
        "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "fp", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7",
        "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"
    };

    /** cycle, time, instret: the counters that a user program may read, from CSR 0xC00 on. */
    private static final String[] COUNTERS = {"cycle", "time", "instret"};

    private static final int FIRST_COUNTER = DebugTarget.FIRST_CSR_REGISTER + 0xC00;

    static final String XML = xml();

    private TargetDescription() {}

    private static String xml() {
        StringBuilder xml = new StringBuilder();
        xml.append("<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n<target version=\"1.0\">\n");
        xml.append("<architecture>riscv:rv64</architecture>\n<osabi>GNU/Linux</osabi>\n");
        xml.append("<feature name=\"org.gnu.gdb.riscv.cpu\">\n");
        for (int number = 0; number < GENERAL_REGISTERS.length; number++) {
            String name = GENERAL_REGISTERS[number];
            append(
                    xml,
                    name,
                    number,
                    type(name),
                    " dwarf_regnum=\"%1$d\" gcc_regnum=\"%1$d\" encoding=\"uint\" format=\"hex\"%2$s"
                            .formatted(number, generic(name)));
        }
        append(xml, "pc", DebugTarget.PC_REGISTER, "code_ptr", generic("pc"));
        xml.append("</feature>\n<feature name=\"org.gnu.gdb.riscv.csr\">\n");
        for (int index = 0; index < COUNTERS.length; index++) {
            append(xml, COUNTERS[index], FIRST_COUNTER + index, "uint64", " save-restore=\"no\" group=\"csr\"");
        }
        return xml.append("</feature>\n</target>\n").toString();
    }

    private static String type(String register) {
        return switch (register) {
            case "ra" -> "code_ptr";
            case "sp", "gp", "tp", "fp" -> "data_ptr";
            default -> "int";
        };
    }

    /** What a register is for, which LLDB does not know by itself; GDB takes no notice. */
    private static String generic(String register) {
        String purpose = switch (register) {
            case "pc", "sp", "fp", "ra" -> register;
            case "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7" -> "arg" + (register.charAt(1) - '0' + 1);
            default -> "";
        };
        return purpose.isEmpty() ? "" : " generic=\"%s\"".formatted(purpose);
    }

    private static void append(StringBuilder xml, String name, int number, String type, String more) {
        xml.append(
                "<reg name=\"%s\" bitsize=\"64\" regnum=\"%d\" type=\"%s\"%s/>\n".formatted(name, number, type, more));
    }
}
