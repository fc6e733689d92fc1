package dev.pagewalk.mmu.testing;

import dev.pagewalk.mmu.MmuParameters;
import dev.pagewalk.mmu.tlb.ReplacementPolicy;
import dev.pagewalk.mmu.tlb.TlbGeometry;
import dev.pagewalk.mmu.walk.WalkCacheParameters;
import java.util.stream.Stream;

/** Small MMUs of many shapes, so that a short run evicts often. */
public final class TestParameters {
    private TestParameters() {}

    /** Every policy with fully and set-associative levels, with and without L2, walk cache and hardware A/D. */
    public static Stream<MmuParameters> all() {
        return Stream.of(ReplacementPolicy.values())
                .flatMap(policy -> Stream.of(
                        new MmuParameters(
                                TlbGeometry.fullyAssociative(6, 0, policy),
                                TlbGeometry.fullyAssociative(7, 0, policy),
                                new TlbGeometry(12, 3, 5, policy),
                                new WalkCacheParameters(5, policy, 1, true),
                                11,
                                13,
                                true),
                        new MmuParameters(
                                new TlbGeometry(4, 2, 0, policy),
                                new TlbGeometry(4, 2, 0, policy),
                                new TlbGeometry(16, 8, 4, policy),
                                new WalkCacheParameters(8, policy, 0, false),
                                7,
                                3,
                                false),
                        new MmuParameters(
                                TlbGeometry.fullyAssociative(1, 0, policy),
                                new TlbGeometry(4, 1, 0, policy),
                                null,
                                WalkCacheParameters.NONE,
                                9,
                                2,
                                true),
                        new MmuParameters(
                                TlbGeometry.fullyAssociative(32, 0, policy),
                                TlbGeometry.fullyAssociative(40, 0, policy),
                                TlbGeometry.fullyAssociative(50, 6, policy),
                                new WalkCacheParameters(16, policy, 2, false),
                                8,
                                4,
                                true)));
    }
}
