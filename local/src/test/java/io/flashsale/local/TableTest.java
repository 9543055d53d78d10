package io.flashsale.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void makesEveryColumnAsWideAsItsWidestCell() {
        Table table = new Table("what", "measured", "reference")
                .row("a", "57,000–61,000", "")
                .row("longer", "1 × 201", "x");

        assertThat(table.lines())
                .containsExactly(
                        "what     measured        reference",
                        "------   -------------   ---------",
                        "a        57,000–61,000",
                        "longer   1 × 201         x");
    }

    @Test
    void putsNumbersToTheRight() {
        Table table = new Table("what", "units").numbers(1).row("sold", "7").row("left", "1,234");

        assertThat(table.lines()).containsExactly("what   units", "----   -----", "sold       7", "left   1,234");
    }

    @Test
    void refusesARowThatDoesNotFit() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Table("a", "b").row("1"));
    }
}
