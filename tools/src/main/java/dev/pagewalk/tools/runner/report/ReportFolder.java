package dev.pagewalk.tools.runner.report;

import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.HostFiles;
import dev.pagewalk.tools.run.UserErrorException;
import java.nio.file.Path;
import java.util.List;

/**
 * The folder that {@code --reports} names: {@code results.json} for programs, {@code TEST-pagewalk.xml} for CI systems and
 * {@code index.html} for people. Each is replaced as a whole; other files of the folder are left alone.
 */
public final class ReportFolder {
    /** What the folder is for, for messages. */
    private static final String PURPOSE = "reports";

    private final Path folder;

    private ReportFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Makes the folder where it does not exist, before the work whose results it is for.
     *
     * @throws UserErrorException USAGE where nothing can be written there
     */
    public static ReportFolder open(Path folder) throws UserErrorException {
        if (folder.toString().isEmpty()) {
            throw new UserErrorException(ExitStatus.USAGE, "cannot write " + PURPOSE + ": the folder's name is empty");
        }
        HostFiles.makeFolder(folder, PURPOSE);
        for (String name : List.of(ResultsFile.FILE_NAME, JUnitXml.FILE_NAME, HtmlPage.FILE_NAME)) {
            HostFiles.requireWritable(folder.resolve(name), PURPOSE);
        }
        return new ReportFolder(folder);
    }

    /**
     * Writes all reports, those first that others are made from.
     *
     * @throws UserErrorException USAGE where one cannot be written, on a full disk for example; the others before it are
     */
    public void write(Results results) throws UserErrorException {
        write(ResultsFile.FILE_NAME, ResultsFile.of(results));
        write(JUnitXml.FILE_NAME, JUnitXml.of(results));
        write(HtmlPage.FILE_NAME, HtmlPage.of(results));
    }

    private void write(String name, byte[] content) throws UserErrorException {
        HostFiles.write(folder.resolve(name), content, PURPOSE);
    }
}
