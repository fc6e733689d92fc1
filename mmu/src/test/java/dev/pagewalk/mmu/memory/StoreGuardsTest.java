package dev.pagewalk.mmu.memory;

import static dev.pagewalk.mmu.memory.PhysicalMemory.RAM_BASE;
import static dev.pagewalk.mmu.memory.StoreGuards.CODE;
import static dev.pagewalk.mmu.memory.StoreGuards.RESERVATION;
import static dev.pagewalk.mmu.memory.StoreGuards.WATCHPOINT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoreGuardsTest {
    private final PhysicalMemory memory = new PhysicalMemory(64L << 30);
    private final StoreGuards guards = new StoreGuards(memory);
    private final List<String> told = new ArrayList<>();

    @Test
    void guardsWholeFrames() {
        guards.add(RAM_BASE + 0x1234, CODE);
        assertThat(guards.guarded(RAM_BASE + 0x1000)).isTrue();
        assertThat(guards.guarded(RAM_BASE + 0x1FFF)).isTrue();
        assertThat(guards.guarded(RAM_BASE + 0x0FFF)).isFalse();
        assertThat(guards.guarded(RAM_BASE + 0x2000)).isFalse();
        assertThat(guards.guarded(memory.endAddress() - 1)).isFalse();
        guards.add(memory.endAddress() - 1, CODE);
        assertThat(guards.guarded(memory.endAddress() - 4096)).isTrue();
    }

    @Test
    void keepsReasonsApart() {
        guards.add(RAM_BASE, CODE);
        guards.add(RAM_BASE, WATCHPOINT);
        guards.remove(RAM_BASE, CODE);
        assertThat(guards.reasons(RAM_BASE)).isEqualTo(WATCHPOINT);
        guards.remove(RAM_BASE, WATCHPOINT | RESERVATION);
        assertThat(guards.guarded(RAM_BASE)).isFalse();
        guards.remove(RAM_BASE + (1L << 33), CODE);
    }

    @Test
    void tellsListenersInOrderWhenAFrameBecomesGuarded() {
        guards.register(frame -> told.add("a" + Long.toHexString(frame)));
        guards.register(frame -> told.add("b" + Long.toHexString(frame)));
        guards.add(RAM_BASE + 0x5008, RESERVATION);
        assertThat(told).containsExactly("a80005000", "b80005000");
        guards.add(RAM_BASE + 0x5008, CODE);
        assertThat(told).hasSize(2);
        guards.remove(RAM_BASE + 0x5008, CODE | RESERVATION);
        guards.add(RAM_BASE + 0x5008, CODE);
        assertThat(told).hasSize(4);
    }

    @Test
    void withdrawsAReasonEverywhere() {
        guards.add(RAM_BASE, CODE);
        guards.add(memory.endAddress() - 1, CODE | WATCHPOINT);
        guards.removeEverywhere(CODE);
        assertThat(guards.guarded(RAM_BASE)).isFalse();
        assertThat(guards.reasons(memory.endAddress() - 1)).isEqualTo(WATCHPOINT);
    }

    @Test
    void addressesOutsideRamAreNeverGuarded() {
        assertThat(guards.guarded(RAM_BASE - 1)).isFalse();
        assertThat(guards.guarded(memory.endAddress())).isFalse();
        assertThat(guards.guarded(-1)).isFalse();
        assertThatThrownBy(() -> guards.add(RAM_BASE - 1, CODE)).isInstanceOf(OutsideRamException.class);
        assertThatThrownBy(() -> guards.remove(memory.endAddress(), CODE)).isInstanceOf(OutsideRamException.class);
    }
}
