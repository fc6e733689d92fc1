package dev.pagewalk.kernel.syscall;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.space.ForkStrategy;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How the simulated cost of fork and brk grows, by the guest's own cycle counter. */
class LinearCostTest {
    private static final long AT = 0x2000_0000L;
    private static final int S4 = 20;
    private static final long RAM_BYTES = 128 << 20;
    private static final long PAGES_A_TABLE = 512;

    @ParameterizedTest
    @EnumSource
    @Tag("S19")
    void forkCostsTwiceAsMuchForTwiceThePages(ForkStrategy strategy) {
        long some = forkCycles(strategy, 5_000, 1, 5_000);
        long twice = forkCycles(strategy, 10_000, 1, 10_000);

        assertThat((double) twice / some).isBetween(1.9, 2.0);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("S19")
    void forkCostsTheSameInARegionThatIsAHundredTimesLonger(ForkStrategy strategy) {
        long narrow = forkCycles(strategy, 2_000, 1, 2_000);
        long wide = forkCycles(strategy, 2_000, 1, 200_000);

        assertThat((double) wide / narrow).isBetween(1.0, 1.05);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("S19")
    void forkCostsTwiceAsMuchForTwiceThePagesWhereTheyAreScattered(ForkStrategy strategy) {
        long some = forkCycles(strategy, 500, 100, 50_000);
        long twice = forkCycles(strategy, 1_000, 100, 100_000);

        assertThat((double) twice / some).isBetween(1.9, 2.1);
    }

    /** The farthest that pages can be scattered is one to a table: then distance costs no more. */
    @ParameterizedTest
    @EnumSource
    @Tag("S19")
    void forkCostsTheSameHoweverFarApartTheTablesOfPagesLie(ForkStrategy strategy) {
        long near = forkCycles(strategy, 500, PAGES_A_TABLE, 500 * PAGES_A_TABLE);
        long far = forkCycles(strategy, 500, 10 * PAGES_A_TABLE, 5_000 * PAGES_A_TABLE);

        assertThat((double) far / near).isBetween(1.0, 1.1);
    }

    @Test
    @Tag("S17")
    void fiftyThousandBreaksCostTwiceAsMuchAsTwentyFiveThousand() {
        long some = breakCycles(25_000);
        long twice = breakCycles(50_000);

        assertThat((double) twice / some).isBetween(1.99, 2.01);
    }

    /** A parent touches every {@code strideth} page of a region, and forks. */
    private static long forkCycles(ForkStrategy strategy, int residentPages, long stride, long regionPages) {
        Guest guest = new Guest()
                .mmap(AT, regionPages * 4096, RW, ANON | FIXED)
                .expect(AT)
                .set("t0", residentPages)
                .set("t1", AT)
                .set("t2", stride * 4096)
                .text("touch:")
                .line("sd t0, 0(t1)")
                .line("add t1, t1, t2")
                .line("addi t0, t0, -1")
                .line("bnez t0, touch")
                .line("rdcycle s2")
                .fork("child")
                .line("rdcycle s3")
                .line("sub s4, s3, s2")
                .wait4(-1, "status")
                .load("=status")
                .expect(0)
                .exit(0)
                .text("child:")
                .words("status");
        return TestMachine.options()
                .ramBytes(RAM_BYTES)
                .fork(strategy)
                .run(guest)
                .hart()
                .x[S4];
    }

    /** So many calls make the heap a page longer each. */
    private static long breakCycles(int calls) {
        Guest guest = new Guest()
                .brk(0)
                .keep("s5")
                .set("s6", 4096)
                .set("s7", calls)
                .line("rdcycle s2")
                .text("grow:")
                .line("add s5, s5, s6")
                .brk("s5")
                .line("addi s7, s7, -1")
                .line("bnez s7, grow")
                .line("rdcycle s3")
                .line("sub s4, s3, s2")
                .expect("s5");
        return TestMachine.options().run(guest).hart().x[S4];
    }
}
