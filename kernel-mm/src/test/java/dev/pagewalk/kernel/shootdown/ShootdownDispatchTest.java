package dev.pagewalk.kernel.shootdown;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.shootdown.policy.BroadcastPolicy;
import dev.pagewalk.kernel.shootdown.policy.ShootdownPolicies;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is told what, by policy: hart 1 runs the space, 2 idles in it, 3 ran it and runs another, 4 has never seen it. */
class ShootdownDispatchTest {
    private static final List<Integer> NOBODY = List.of();

    private static ShootdownPolicy policy(String name) {
        return ShootdownPolicies.find(name).orElseThrow();
    }

    private static ShootdownRig rig(String policy) {
        ShootdownRig rig = new ShootdownRig(policy(policy), 5, 16);
        rig.run(0, ShootdownRig.ALL_PAGES);
        for (int hartId = 1; hartId <= 3; hartId++) {
            rig.run(hartId, 1);
        }
        rig.idle(2);
        rig.run(3, rig.newSpace(), 1);
        rig.run(4, rig.newSpace(), 1);
        rig.forget();
        return rig;
    }

    @Test
    void thePoliciesAreInTheOrderOfTheManual() {
        assertThat(ShootdownPolicies.names())
                .containsExactly("broadcast", "targeted", "batched", "lazy", "latr", "early-ack", "hardware-broadcast");
        assertThat(ShootdownPolicies.names()).contains(ShootdownPolicies.DEFAULT);
        assertThat(ShootdownPolicies.find("none")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "broadcast, 1 2 3 4",
        "batched, 1 2 3 4",
        "targeted, 1 2 3",
        "lazy, 1",
        "latr, ''",
        "early-ack, 1 2 3",
        "hardware-broadcast, ''"
    })
    void munmapInterrupts(String policy, String whom) {
        ShootdownRig rig = rig(policy);
        rig.unmap(1);
        assertThat(rig.memory.interrupted).isEqualTo(numbers(whom));
        assertThat(rig.shootdowns.statistics().count).isEqualTo(1);
        assertThat(rig.shootdowns.statistics().ipis).isEqualTo(numbers(whom).size());
    }

    @ParameterizedTest
    @CsvSource({
        "broadcast, 1 2 3 4",
        "batched, 1 2 3 4",
        "targeted, 1 2 3",
        "lazy, 1 2",
        "latr, 2",
        "early-ack, 1 2 3",
        "hardware-broadcast, ''"
    })
    void whereTablesGoIdleHartsThatCanReachThemAreInterrupted(String policy, String whom) {
        ShootdownRig rig = rig(policy);
        rig.unmapAll();
        assertThat(rig.memory.interrupted).isEqualTo(numbers(whom));
    }

    @ParameterizedTest
    @CsvSource({
        "broadcast, 1 2 3 4",
        "batched, 1 2 3 4",
        "targeted, 1 2 3",
        "lazy, 1",
        "latr, 1 2 3",
        "early-ack, 1 2 3",
        "hardware-broadcast, ''"
    })
    void whatOnlyNarrowsIsNeverLeftToATick(String policy, String whom) {
        ShootdownRig rig = rig(policy);
        rig.protect(0, 0, 1);
        assertThat(rig.memory.interrupted).isEqualTo(numbers(whom));
        assertThat(rig.shootdowns.hasParked()).isFalse();
    }

    private static List<Integer> numbers(String text) {
        return text.isEmpty()
                ? NOBODY
                : Stream.of(text.split(" ")).map(Integer::valueOf).toList();
    }

    @ParameterizedTest
    @MethodSource("dev.pagewalk.kernel.shootdown.ShootdownRig#policies")
    void aSpaceThatNoOtherHartHasSeenIsNobodyElsesBusiness(ShootdownPolicy policy) {
        boolean tellsAll = policy.name().equals("broadcast") || policy.name().equals("batched");
        ShootdownRig rig = new ShootdownRig(policy);
        rig.run(0, 3);
        rig.run(1, rig.newSpace(), 1);
        rig.forget();
        int free = rig.freeFrames();
        rig.unmap(2);
        assertThat(rig.memory.interrupted).hasSize(tellsAll ? 5 : 0);
        if (!tellsAll && !policy.name().equals("hardware-broadcast")) {
            assertThat(rig.waits(0)).isFalse();
            assertThat(rig.freeFrames()).isEqualTo(free + 2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 17, 64, 65})
    void theInitiatorFlushesPageByPageUpToThePolicysCeiling(int pages) {
        for (ShootdownPolicy policy : ShootdownRig.policies().toList()) {
            ShootdownRig rig = rig(policy.name());
            int ceiling = switch (policy.name()) {
                case "broadcast" -> 0;
                case "batched" -> 16;
                default -> 64;
            };
            rig.unmap(pages);
            if (rig.waits(0)) {
                rig.serveAll();
                rig.finish(0);
            }
            List<String> own =
                    rig.flushes.stream().filter(flush -> flush.startsWith("0 ")).toList();
            if (pages <= ceiling) {
                assertThat(own).as(policy.name()).hasSize(pages).startsWith("0 page 0");
            } else {
                assertThat(own).as(policy.name()).containsExactly("0 asid 1");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "broadcast, 1, everything",
        "broadcast, 65, everything",
        "batched, 1, everything",
        "batched, 17, everything",
        "targeted, 1, page 0",
        "targeted, 64, page 0",
        "targeted, 65, asid 1",
        "lazy, 65, asid 1",
        "early-ack, 1, page 0",
        "early-ack, 65, asid 1",
        "hardware-broadcast, 1, page 0",
        "hardware-broadcast, 65, asid 1"
    })
    @Tag("S28")
    void theOtherHartsFlush(String policy, int pages, String what) {
        ShootdownRig rig = rig(policy);
        rig.unmap(pages);
        assertThat(rig.waits(0)).isTrue();
        rig.serveAll();
        rig.finish(0);
        boolean singly = what.startsWith("page");
        List<String> others =
                rig.flushes.stream().filter(flush -> flush.startsWith("1 ")).toList();
        assertThat(others).hasSize(singly ? pages : 1).startsWith("1 " + what);
        assertThat(rig.hasCached(1, 0)).isFalse();
        assertThat(rig.reports()).isEmpty();
    }

    @Test
    void tablesTakeAFlushOfTheSpaceHoweverFewThePages() {
        ShootdownRig rig = new ShootdownRig(policy("targeted"));
        rig.run(0, 0);
        rig.run(1, 0);
        rig.forget();
        rig.unmapAll();
        rig.serveAll();
        assertThat(rig.flushes).containsExactly("0 asid 1", "1 asid 1");
    }

    @Test
    @Tag("S29")
    void broadcastTellsAllHartsThatThereAre() {
        ShootdownRig rig = new ShootdownRig(new BroadcastPolicy(), 64, 16);
        rig.run(0, 1);
        rig.forget();
        rig.unmap(1);
        assertThat(rig.memory.interrupted).hasSize(63).startsWith(1).endsWith(63);
        rig.waits(0);
        rig.serveAll();
        assertThat(rig.memory.woken).containsExactly(0);
        assertThat(rig.flushes).contains("63 everything");
    }

    @Test
    void eachInterruptCostsTheSender() {
        ShootdownRig few = new ShootdownRig(new BroadcastPolicy(), 2, 16);
        ShootdownRig many = new ShootdownRig(new BroadcastPolicy(), 12, 16);
        long[] cycles = new long[2];
        for (ShootdownRig rig : List.of(few, many)) {
            rig.run(0, 1);
            rig.hart(0).takeCharge();
            rig.unmap(1);
            cycles[rig == few ? 0 : 1] = rig.hart(0).takeCharge();
        }
        assertThat(cycles[1] - cycles[0]).as("ten times 300 of skylake's").isEqualTo(3000);
    }

    @Test
    void aHartThatNeverRanTheSpaceSinceItFlushedEverythingIsNotTold() {
        ShootdownRig rig = new ShootdownRig(policy("broadcast"), 3, 16);
        rig.run(0, 2);
        rig.run(1, 2);
        rig.run(1, rig.newSpace(), 1);
        assertThat(rig.space.translations().cachedOn()).isEqualTo(0b11);
        rig.unmap(1);
        rig.waits(0);
        rig.serveAll();
        rig.finish(0);
        assertThat(rig.space.translations().cachedOn()).isEqualTo(0b1);
    }
}
