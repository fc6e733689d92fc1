package dev.pagewalk.tools.debug.packet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SignalNumbersTest {
    @Test
    void linuxsNumbersBecomeGdbs() {
        int[][] linuxAndGdb = {
            {0, 0}, {2, 2}, {5, 5}, {7, 10}, {10, 30}, {11, 11}, {12, 31}, {17, 20}, {18, 19}, {19, 17}, {20, 18},
            {23, 16}, {29, 23}, {30, 32}, {31, 12}, {32, 77}, {33, 45}, {63, 75}, {64, 78}
        };

        for (int[] pair : linuxAndGdb) {
            assertThat(SignalNumbers.toGdb(pair[0])).as("Linux's %d", pair[0]).isEqualTo(pair[1]);
        }
        assertThat(SignalNumbers.toGdb(99)).isEqualTo(143);
        assertThat(SignalNumbers.toGdb(-1)).isEqualTo(143);
    }

    @Test
    void gdbsNumbersBecomeLinuxsAgain() {
        for (int linux = 0; linux <= 64; linux++) {
            if (linux != 16) {
                assertThat(SignalNumbers.toLinux(SignalNumbers.toGdb(linux)).getAsInt())
                        .isEqualTo(linux);
            }
        }
        assertThat(SignalNumbers.toLinux(33)).hasValue(29);
        assertThat(SignalNumbers.toLinux(7)).isEmpty();
        assertThat(SignalNumbers.toLinux(143)).isEmpty();
        assertThat(SignalNumbers.toLinux(Integer.MAX_VALUE)).isEmpty();
    }
}
