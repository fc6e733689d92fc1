package dev.pagewalk.images.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CounterBoundTest {
    @ParameterizedTest
    @CsvSource({
        "== 7, false, true, false",
        "<= 7, true, true, false",
        ">= 7, false, true, true",
        "< 7, true, false, false",
        "> 7, false, false, true",
        ">7, false, false, true",
    })
    void aBoundAllowsWhatItsSignSays(String text, boolean below, boolean equal, boolean above) {
        CounterBound bound = CounterBound.parse(text);

        assertThat(bound.allows(6)).isEqualTo(below);
        assertThat(bound.allows(7)).isEqualTo(equal);
        assertThat(bound.allows(8)).isEqualTo(above);
        assertThat(CounterBound.parse(bound.toString())).isEqualTo(bound);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "= 7", "=> 7", "<= x", "<= 7 or so", "<= 9999999999999999999", "!= 7"})
    void anythingElseIsNoBound(String text) {
        assertThatThrownBy(() -> CounterBound.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no bound");
    }
}
