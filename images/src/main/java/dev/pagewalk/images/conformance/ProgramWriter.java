package dev.pagewalk.images.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Writes an instruction's cases down as a guest. It runs them in their order, says which is wrong, what was found and what
 * it must be, and ends with 1 at the first of these; with 0 where there is none. Around the cases stands {@code frame.s}.
 */
final class ProgramWriter {
    /** What a failing check hands over in is not there to compare with. */
    private static final int FOUND_REGISTER = 10;

    private final StringBuilder code = new StringBuilder();
    private final StringBuilder data = new StringBuilder();
    private final Map<String, String> subjectLabels = new LinkedHashMap<>();
    private int pooled;

    private ProgramWriter() {}

    /** The source of the guest that checks {@code mnemonic}. */
    static String write(String mnemonic, String frame, List<Case> cases) {
        ProgramWriter writer = new ProgramWriter();
        for (int i = 0; i < cases.size(); i++) {
            writer.write(i + 1, cases.get(i));
        }
        return "# " + mnemonic + ": checks the instruction in " + cases.size() + " cases and says which one is wrong.\n"
                + frame
                + "\n        .text\ncases:\n" + writer.code + "        tail passed\n"
                + "\n        .section .rodata\n" + writer.data + writer.subjects() + index(cases.size())
                + "passed_text:\n" + string(passedText(mnemonic, cases.size())) + "\n        .data\n"
                + pattern();
    }

    /** What the guest prints where all is right. */
    static String passedText(String mnemonic, int cases) {
        return mnemonic + ": " + cases + " cases are right\n";
    }

    private void write(int number, Case one) {
        String text = number + ": " + own(one.text(), number);
        code.append("\n# ").append(text).append("\ncase_").append(number).append(":\n");
        for (String line : one.lines()) {
            code(own(line, number));
        }
        Set<Integer> kept = one.checkedRegisters();
        int[] free = IntStream.range(5, 32)
                .filter(register -> register != FOUND_REGISTER && !kept.contains(register))
                .limit(2)
                .toArray();
        List<Case.Check> checks = one.checks();
        for (int i = 0; i < checks.size(); i++) {
            check(checks.get(i), number, i + 1, "x" + free[0], "x" + free[1]);
        }
        data.append("text_").append(number).append(":\n").append(string(text));
    }

    private void check(Case.Check check, int number, int index, String expected, String loaded) {
        String found;
        String subject;
        if (check instanceof Case.RegisterCheck register) {
            found = "x" + register.register();
            subject = found;
        } else {
            String address = ((Case.MemoryCheck) check).address();
            found = loaded;
            subject = "memory at " + address;
            code("ld " + found + ", " + address);
        }
        load(expected, own(check.expected(), number));
        // Whichever of the two branches is broken, the other one finds it.
        String place = number + "_" + index;
        code("bne " + found + ", " + expected + ", wrong_" + place);
        code("beq " + found + ", " + expected + ", right_" + place);
        code.append("wrong_").append(place).append(":\n");
        code("mv a0, " + found);
        code("mv a1, " + expected);
        code("la a2, text_" + number);
        code("la a3, " + subjectLabels.computeIfAbsent(subject, any -> "subject_" + (subjectLabels.size() + 1)));
        code("tail failed");
        code.append("right_").append(place).append(":\n");
    }

    /** Numbers stand in the code, addresses in memory, whatever their distance. */
    private void load(String register, String expression) {
        if (expression.matches("-?(0x[0-9a-f]+|[0-9]+)")) {
            code("li " + register + ", " + expression);
        } else {
            pooled++;
            code("ld " + register + ", address_" + pooled);
            data.append("        .balign 8\naddress_" + pooled + ": .dword " + expression + "\n");
        }
    }

    private void code(String line) {
        code.append("        ").append(line).append('\n');
    }

    private static String own(String line, int number) {
        return line.replace("$", String.valueOf(number));
    }

    private String subjects() {
        StringBuilder text = new StringBuilder();
        subjectLabels.forEach(
                (subject, label) -> text.append(label).append(":\n").append(string(subject)));
        return text.toString();
    }

    /** Where each case begins, and its text: for the handler of a signal that no case wants. */
    private static String index(int cases) {
        List<String> lines = new ArrayList<>(List.of("        .balign 8", "index:"));
        for (int number = 1; number <= cases; number++) {
            lines.add("        .dword case_" + number + ", text_" + number);
        }
        lines.add("        .dword -1, 0");
        return String.join("\n", lines) + "\n";
    }

    private static String pattern() {
        StringBuilder text = new StringBuilder();
        int reach = MemoryCases.PATTERN_REACH_BYTES;
        text.append("        .zero data + boundary_offset - " + reach + " - .").append('\n');
        for (int distance = -reach; distance < reach; distance++) {
            text.append(distance == 0 ? "boundary:\n" : "");
            text.append("        .byte ").append(MemoryCases.pattern(distance)).append('\n');
        }
        return text.append("        .zero 4096\n").toString();
    }

    private static String string(String text) {
        return "        .asciz \"" + text.replace("\n", "\\n") + "\"\n";
    }
}
