package io.flashsale.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineBudgetTest {

    private final LineBudget budget = new LineBudget(2);

    @Test
    void eachSecondHasItsLinesAndTheRestIsCounted() {
        assertThat(budget.take(1_000)).isTrue();
        assertThat(budget.take(1_999)).isTrue();
        assertThat(budget.take(1_999)).isFalse();
        assertThat(budget.take(1_999)).isFalse();

        assertThat(budget.take(2_000)).isTrue();
        assertThat(budget.leftOut()).isEqualTo(2);
        assertThat(budget.leftOut()).isZero();
    }
}
