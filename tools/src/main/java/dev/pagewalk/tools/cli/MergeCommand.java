package dev.pagewalk.tools.cli;

import dev.pagewalk.tools.run.HostFiles;
import dev.pagewalk.tools.run.UserErrorException;
import dev.pagewalk.tools.runner.report.ReportFolder;
import dev.pagewalk.tools.runner.report.Results;
import dev.pagewalk.tools.runner.report.ResultsFile;
import dev.pagewalk.tools.runner.report.ResultsMerge;
import dev.pagewalk.tools.runner.report.ResultsSummary;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "merge",
        sortOptions = false,
        usageHelpWidth = 100,
        mixinStandardHelpOptions = true,
        description = "Puts the reports of a suite's shards together.",
        footer = {
            "",
            "DIR is what 'test --shard I/N --reports DIR' has written: its results.json. All shards must be",
            "there, and no test twice. Reports of whole runs are put together as well.",
            "Exit status: 0 when at least one test passed and none failed, 1 when not, 125 for wrong usage or",
            "results that make no whole.",
            "",
            "Example:",
            "  pagewalk merge shard-1 shard-2 shard-3 --reports target/reports"
        })
final class MergeCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "DIR", description = "folders with the shards' reports")
    List<Path> folders;

    @Option(names = "--reports", paramLabel = "DIR", description = "write the reports of the whole into this folder")
    Path reports;

    @Override
    public Integer call() throws UserErrorException {
        Results results = ResultsMerge.merge(folders);
        if (reports != null) {
            for (Path folder : folders) {
                HostFiles.requireDistinct(
                        reports.resolve(ResultsFile.FILE_NAME), folder.resolve(ResultsFile.FILE_NAME));
            }
            ReportFolder.open(reports).write(results);
        }
        ResultsSummary.print(results, System.out);
        return ResultsSummary.isSuccess(results) ? 0 : 1;
    }
}
