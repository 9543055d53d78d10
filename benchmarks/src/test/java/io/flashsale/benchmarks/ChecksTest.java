package io.flashsale.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.InventoryEvent.HoldRejected;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.ProductView;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.SaleRules;
import io.flashsale.contracts.SaleStatus;
import io.flashsale.local.PipelineException;
import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What makes a run fail although it was fast. */
class ChecksTest {

    private static final Instant NOW = Instant.parse("2026-11-20T07:00:00Z");

    private final DecisionCheck check = new DecisionCheck("hot", 0, 2);

    @Test
    void isContentWithOneHoldForEachCommandInAnyOrder() {
        add(placed("hot", 1));
        add(placed("hot", 0));

        assertThatCode(check::requireComplete).doesNotThrowAnyException();
    }

    @Test
    void findsACommandWithoutADecision() {
        add(placed("hot", 1));

        assertThatThrownBy(check::requireComplete)
                .isInstanceOf(PipelineException.class)
                .hasMessage("The result is wrong: of 2 commands only 1 were decided.");
    }

    @Test
    void countsFromWhereTheCommandsDid() {
        DecisionCheck later = new DecisionCheck("hot", 7, 1);

        later.add(Json.MAPPER.writeValueAsBytes(placed("hot", 7)));

        assertThatCode(later::requireComplete).doesNotThrowAnyException();
    }

    @Test
    void findsAHoldThatWasPlacedTwice() {
        add(placed("hot", 0));

        assertThatThrownBy(() -> add(placed("hot", 0)))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("a hold was placed twice");
    }

    @Test
    void findsAHoldThatNobodyAskedFor() {
        assertThatThrownBy(() -> add(placed("hot", 2)))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("nobody asked for this hold");
    }

    @Test
    void findsAHoldOfAnotherProduct() {
        assertThatThrownBy(() -> add(placed("cold", 0)))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("expected a hold of hot");
    }

    @Test
    void findsARefusal() {
        var refused = new HoldRejected("hot", Commands.holdId("hot", 0), 1, null, Refusal.insufficientStock(1, 0));

        assertThatThrownBy(() -> add(refused))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("expected a hold of hot");
    }

    @ParameterizedTest
    @CsvSource({
        "100, 97, 3, 0, 3, true",
        "100, 98, 2, 0, 3, false",
        "100, 97, 3, 0, 2, false",
        "100, 96, 3, 0, 3, false",
        "100, 96, 3, 1, 3, false"
    })
    void comparesTheStock(int total, int available, int reserved, int sold, int holds, boolean right) {
        assertThat(StockQuery.isRight(product(total, available, reserved, sold, holds), 3))
                .isEqualTo(right);
    }

    @ParameterizedTest
    @CsvSource({"100, 95, 2, 3, true", "100, 95, 3, 2, false", "100, 94, 2, 3, false", "100, 95, 2, 4, false"})
    void comparesWhatIsSold(int total, int available, int reserved, int sold, boolean right) {
        assertThat(StockQuery.isSold(product(total, available, reserved, sold, 0), 3, 2))
                .isEqualTo(right);
    }

    private static ProductView product(int total, int available, int reserved, int sold, int holds) {
        return new ProductView(
                "hot",
                "Hot",
                BigDecimal.ONE,
                "EUR",
                total,
                available,
                reserved,
                sold,
                holds,
                SaleStatus.OPEN,
                60,
                NOW,
                4,
                SaleRules.NONE);
    }

    private void add(InventoryEvent event) {
        check.add(Json.MAPPER.writeValueAsBytes(event));
    }

    private static HoldPlaced placed(String productId, int number) {
        return new HoldPlaced(
                productId,
                Commands.holdId(productId, number),
                1,
                null,
                BigDecimal.ONE,
                "EUR",
                NOW,
                NOW.plusSeconds(60));
    }
}
