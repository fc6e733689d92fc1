package dev.pagewalk.tools.bench.shootdown;

import dev.pagewalk.tools.text.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A study's results for people. */
public final class ShootdownTables {

    private final ShootdownResults results;
    private final ShootdownStudy study;
    private final StringBuilder text = new StringBuilder();

    private ShootdownTables(ShootdownResults results) {
        this.results = results;
        this.study = results.study();
    }

    /** All tables, each under a line that says what it shows. */
    public static String text(ShootdownResults results) {
        ShootdownTables tables = new ShootdownTables(results);
        results.study().pages().forEach(tables::policies);
        tables.alone();
        if (tables.study.hasCeilings()) {
            tables.ceilings();
        }
        if (tables.study.hasBroadcast()) {
            tables.broadcast();
        }
        return tables.text.toString();
    }

    private void policies(int pages) {
        title("munmap of " + counted(pages, "page") + ", " + study.profile()
                + ": cycles, and of those in brackets the wait for other harts, by harts that have touched the memory");
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("harts", study.policies()));
        for (int harts : study.harts()) {
            rows.add(row(
                    number(harts),
                    study.policies().stream()
                            .map(policy -> cell(results.cost(study.compared(policy, harts, pages))))
                            .toList()));
        }
        print(rows);
    }

    private void alone() {
        title("The same of " + counted(study.pages().get(0), "page") + " by a process of one thread on "
                + counted(study.mostHarts(), "hart"));
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("policy", "cycles", "waiting", "interrupts sent"));
        for (String policy : study.policies()) {
            MunmapCost cost = results.cost(study.alone(policy));
            rows.add(List.of(
                    policy, number(cost.latencyCycles()), number(cost.waitCycles()), number(cost.interrupts())));
        }
        print(rows);
    }

    private void ceilings() {
        title("munmap, " + ShootdownStudy.TARGETED + ", " + ShootdownStudy.CEILING_HARTS
                + " harts: cycles by pages; beyond its ceiling a kernel flushes everything at once");
        List<String> profiles = List.copyOf(study.ceilingProfiles());
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("pages", profiles));
        for (int pages : ShootdownStudy.CEILING_PAGES) {
            rows.add(row(
                    number(pages),
                    profiles.stream()
                            .map(profile -> number(results.cost(ShootdownStudy.ceiling(profile, pages))
                                    .latencyCycles()))
                            .toList()));
        }
        print(rows);
    }

    private void broadcast() {
        title("Broadcast, " + ShootdownStudy.BROADCAST_PROFILE
                + ": cycles that munmap takes longer by the other harts that it tells");
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("others", "measured", "T(1) (1 + 0.165 (n - 1))", "difference"));
        for (int targets : study.broadcastTargets()) {
            long measured = results.broadcastCycles(targets);
            double published = results.publishedBroadcastCycles(targets);
            rows.add(List.of(
                    number(targets),
                    number(measured),
                    number(Math.round(published)),
                    String.format(Locale.ROOT, "%+.1f %%", 100 * (measured - published) / published)));
        }
        print(rows);
    }

    private void title(String title) {
        if (!text.isEmpty()) {
            text.append('\n');
        }
        text.append(title).append('\n');
    }

    private void print(List<List<String>> rows) {
        boolean beginWithNames = !Character.isDigit(rows.get(1).get(0).charAt(0));
        TextTable.ofRows(rows, beginWithNames)
                .lines("")
                .forEach(line -> text.append(line).append('\n'));
    }

    private static List<String> row(String first, List<String> others) {
        List<String> row = new ArrayList<>();
        row.add(first);
        row.addAll(others);
        return row;
    }

    private static String cell(MunmapCost cost) {
        return number(cost.latencyCycles()) + " (" + number(cost.waitCycles()) + ")";
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
