package dev.pagewalk.tools.runner.report;

import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.UserErrorException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Puts the shards of a run together again: what {@code pagewalk merge} does. Nothing may be missing or there twice. */
public final class ResultsMerge {
    private static final int MOST_NAMED = 10;

    private final Map<Integer, Path> folderOfShard = new TreeMap<>();
    private final Map<String, Path> folderOfTest = new HashMap<>();

    /** By the shard's number; of whole runs, in the order of the folders. */
    private final Map<Integer, List<TestRecord>> parts = new TreeMap<>();

    private Path firstFolder;
    private int count;

    private ResultsMerge() {}

    /**
     * Results of all folders. Either all are shards of one run and none is missing, whose tests come in the order that they
     * have in the run of all; or none is a shard, and they come one after the other.
     *
     * @param folders those that {@code --reports} wrote, at least one
     * @throws UserErrorException USAGE where they do not make a whole
     */
    public static Results merge(List<Path> folders) throws UserErrorException {
        ResultsMerge merge = new ResultsMerge();
        for (Path folder : folders) {
            merge.add(folder, ResultsFile.read(folder));
        }
        merge.requireAllShards();
        return new Results(null, merge.count == 0 ? merge.inRow() : merge.inTurns());
    }

    private List<TestRecord> inRow() {
        return parts.values().stream().flatMap(List::stream).toList();
    }

    /** Shards take turns when tests are dealt out. */
    private List<TestRecord> inTurns() {
        List<TestRecord> tests = new ArrayList<>();
        int longest = parts.values().stream().mapToInt(List::size).max().orElse(0);
        for (int turn = 0; turn < longest; turn++) {
            for (List<TestRecord> part : parts.values()) {
                if (turn < part.size()) {
                    tests.add(part.get(turn));
                }
            }
        }
        return tests;
    }

    private void add(Path folder, Results results) throws UserErrorException {
        Shard shard = results.shard();
        int ofCount = shard == null ? 0 : shard.count();
        if (firstFolder == null) {
            firstFolder = folder;
            count = ofCount;
        } else if (ofCount != count) {
            throw wrong(folder + " is " + part(ofCount) + ", " + firstFolder + " is " + part(count)
                    + "; merge what is of one run");
        }
        Path same = shard == null ? null : folderOfShard.putIfAbsent(shard.index(), folder);
        if (same != null) {
            throw wrong("shard " + shard + " is there twice: in " + same + " and in " + folder);
        }
        for (TestRecord test : results.tests()) {
            Path other = folderOfTest.putIfAbsent(test.id(), folder);
            if (other != null) {
                throw wrong("test " + test.id() + " is there twice: "
                        + (other.equals(folder) ? "in " + folder : "in " + other + " and in " + folder));
            }
        }
        parts.put(shard == null ? parts.size() : shard.index(), results.tests());
    }

    private void requireAllShards() throws UserErrorException {
        List<Integer> missing = IntStream.rangeClosed(1, count)
                .filter(index -> !folderOfShard.containsKey(index))
                .boxed()
                .toList();
        if (!missing.isEmpty()) {
            String named = missing.stream()
                    .limit(MOST_NAMED)
                    .map(index -> new Shard(index, count).toString())
                    .collect(Collectors.joining(", "));
            int others = missing.size() - MOST_NAMED;
            throw wrong((missing.size() == 1 ? "a shard is missing: " : "shards are missing: ")
                    + named
                    + (others > 0 ? " and " + others + " more" : ""));
        }
    }

    private static String part(int ofCount) {
        return ofCount == 0 ? "a whole run" : "a shard of " + ofCount;
    }

    private static UserErrorException wrong(String problem) {
        return new UserErrorException(ExitStatus.USAGE, problem);
    }
}
