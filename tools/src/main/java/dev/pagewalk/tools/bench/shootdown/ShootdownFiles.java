package dev.pagewalk.tools.bench.shootdown;

import java.util.LinkedHashMap;
import java.util.Map;

/** A study's results for spreadsheets: comma-separated values under a line with the columns' names. */
public final class ShootdownFiles {
    private ShootdownFiles() {}

    /** The files' contents by their names. */
    public static Map<String, String> contents(ShootdownResults results) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("munmap.csv", munmap(results));
        if (results.study().hasBroadcast()) {
            files.put("broadcast.csv", broadcast(results));
        }
        return files;
    }

    private static String munmap(ShootdownResults results) {
        StringBuilder text =
                new StringBuilder("profile,policy,harts,threads,pages,latency_cycles,wait_cycles,interrupts\n");
        results.all()
                .forEach((point, cost) -> text.append(point.profile()
                        + ','
                        + point.policy()
                        + ','
                        + point.harts()
                        + ','
                        + point.threads()
                        + ','
                        + point.pages()
                        + ','
                        + cost.latencyCycles()
                        + ','
                        + cost.waitCycles()
                        + ','
                        + cost.interrupts()
                        + '\n'));
        return text.toString();
    }

    private static String broadcast(ShootdownResults results) {
        StringBuilder text = new StringBuilder("targets,measured_cycles,published_cycles\n");
        for (int targets : results.study().broadcastTargets()) {
            text.append(targets + "," + results.broadcastCycles(targets) + ","
                    + Math.round(results.publishedBroadcastCycles(targets)) + "\n");
        }
        return text.toString();
    }
}
