package dev.pagewalk.tools.bench.shootdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.UserErrorException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class ShootdownStudyTest {
    private static final ShootdownStudy STUDY =
            new ShootdownStudy("rocket", List.of("broadcast", "targeted"), List.of(1, 2, 4), List.of(1, 65));

    /** Munmap as one would expect it: so much for each other hart, so much for each page up to a ceiling. */
    private static MunmapCost expected(MunmapPoint point) {
        long others = point.policy().equals("broadcast") ? point.harts() - 1 : point.threads() - 1;
        int ceiling = point.profile().equals("skylake") ? 33 : 64;
        long flush = point.pages() > ceiling ? 500 : 100L * point.pages();
        return new MunmapCost(10_000 + flush + 1_000 * others, 600 * others, 3 * others);
    }

    private static ShootdownResults results(ShootdownStudy study) throws UserErrorException {
        return study.run(ShootdownStudyTest::expected, (done, all) -> {});
    }

    @Test
    void everyMachineRunsOnceAndTheProgressIsTold() throws UserErrorException {
        List<MunmapPoint> measured = new ArrayList<>();
        List<String> progress = new ArrayList<>();

        STUDY.run(
                point -> {
                    measured.add(point);
                    return expected(point);
                },
                (done, all) -> progress.add(done + "/" + all));

        assertThat(measured)
                .doesNotHaveDuplicates()
                .contains(
                        new MunmapPoint("rocket", "broadcast", 4, 4, 65),
                        new MunmapPoint("rocket", "targeted", 4, 1, 1),
                        new MunmapPoint("skylake", "targeted", 4, 4, 34),
                        new MunmapPoint("thunderx2", "broadcast", 2, 2, 1));
        int all = measured.size();
        assertThat(progress).hasSize(all).startsWith("1/" + all).endsWith(all + "/" + all);
    }

    @Test
    void aFailureOfAGuestEndsTheStudy() {
        MunmapExperiment failing = point -> {
            throw new UserErrorException(ExitStatus.USAGE, "no such machine");
        };

        assertThatThrownBy(() -> STUDY.run(failing, (done, all) -> {})).hasMessage("no such machine");
    }

    @Test
    void theTablesPutPoliciesBesideEachOther() throws UserErrorException {
        List<String> lines = ShootdownTables.text(results(STUDY)).lines().toList();

        assertThat(lines)
                .containsSubsequence(
                        "munmap of 65 pages, rocket: cycles, and of those in brackets the wait for other harts, by harts"
                                + " that have touched the memory",
                        "harts       broadcast        targeted",
                        "    1      10,500 (0)      10,500 (0)",
                        "    2    11,500 (600)    11,500 (600)",
                        "    4  13,500 (1,800)  13,500 (1,800)")
                .containsSubsequence(
                        "The same of 1 page by a process of one thread on 4 harts",
                        "policy     cycles  waiting  interrupts sent",
                        "broadcast  13,100    1,800                9",
                        "targeted   10,100        0                0")
                .containsSubsequence(
                        "pages  skylake     u74  rocket",
                        "   33   16,300  16,300  16,300",
                        "   34   13,500  16,400  16,400",
                        "   64   13,500  19,400  19,400",
                        "   65   13,500  13,500  13,500")
                .containsSubsequence(
                        "others  measured  T(1) (1 + 0.165 (n - 1))  difference",
                        "     1     1,000                     1,000      +0.0 %",
                        "     3     3,000                     1,330    +125.6 %");
    }

    @Test
    void theFilesHaveALineForEachMachine() throws UserErrorException {
        Map<String, String> files = ShootdownFiles.contents(results(STUDY));

        assertThat(files).containsOnlyKeys("munmap.csv", "broadcast.csv");
        assertThat(files.get("munmap.csv").lines())
                .hasSize(1 + STUDY.points().size())
                .startsWith(
                        "profile,policy,harts,threads,pages,latency_cycles,wait_cycles,interrupts",
                        "rocket,broadcast,1,1,1,10100,0,0")
                .contains("rocket,targeted,4,1,1,10100,0,0");
        assertThat(files.get("broadcast.csv"))
                .isEqualTo("targets,measured_cycles,published_cycles\n1,1000,1000\n3,3000,1330\n");
    }

    @Test
    void theChartsAreDrawingsWithALineForEachPolicyOrProfile() throws Exception {
        Map<String, byte[]> charts = ShootdownCharts.contents(results(STUDY));

        assertThat(charts)
                .containsOnlyKeys(
                        "munmap-by-harts-1.svg",
                        "munmap-by-harts-65.svg",
                        "munmap-by-pages.svg",
                        "broadcast-by-harts.svg");
        assertThat(lineColours(charts.get("munmap-by-harts-65.svg"))).hasSize(2);
        assertThat(lineColours(charts.get("munmap-by-pages.svg"))).hasSize(3);
        assertThat(lineColours(charts.get("broadcast-by-harts.svg"))).hasSize(2);
    }

    @Test
    void theSameResultsGiveTheSameBytes() throws UserErrorException {
        Map<String, byte[]> first = ShootdownCharts.contents(results(STUDY));

        ShootdownCharts.contents(results(STUDY))
                .forEach((name, bytes) -> assertThat(bytes).as(name).isEqualTo(first.get(name)));
    }

    /** Of a drawing that can be read as one; the frame and the grid are grey. */
    private static Set<String> lineColours(byte[] svg) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        // The document type's definition is somewhere else.
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        Document document = factory.newDocumentBuilder().parse(new ByteArrayInputStream(svg));
        assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
        return Pattern.compile("stroke:(rgb\\([^)]*\\))")
                .matcher(new String(svg, StandardCharsets.UTF_8))
                .results()
                .map(result -> result.group(1))
                .filter(colour -> !colour.matches("rgb\\(([0-9]+),\\1,\\1\\)"))
                .collect(Collectors.toSet());
    }

    @Test
    void whatThePoliciesDoNotAskForIsLeftOut() throws UserErrorException {
        ShootdownStudy study = new ShootdownStudy("u74", List.of("latr"), List.of(1, 2), List.of(8));
        ShootdownResults results = results(study);

        assertThat(study.points()).hasSize(3);
        assertThat(ShootdownTables.text(results)).doesNotContain("thunderx2", "skylake");
        assertThat(ShootdownFiles.contents(results)).containsOnlyKeys("munmap.csv");
        assertThat(ShootdownCharts.contents(results)).containsOnlyKeys("munmap-by-harts-8.svg");
    }

    @Test
    void oneHartTellsNobody() {
        ShootdownStudy study = new ShootdownStudy("u74", List.of("broadcast"), List.of(1), List.of(8));

        assertThat(study.points()).containsExactly(new MunmapPoint("u74", "broadcast", 1, 1, 8));
    }

    @Test
    void threadsHaveAHartEach() {
        assertThatThrownBy(() -> new MunmapPoint("u74", "latr", 2, 3, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("3 threads do not fit 2 harts");
    }
}
