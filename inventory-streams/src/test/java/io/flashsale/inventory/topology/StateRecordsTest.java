package io.flashsale.inventory.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.HoldStatus;
import io.flashsale.contracts.HoldView;
import io.flashsale.contracts.ProductView;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.SaleRules;
import io.flashsale.contracts.SaleStatus;
import io.flashsale.inventory.domain.Hold;
import io.flashsale.inventory.domain.HoldRecord;
import io.flashsale.inventory.domain.Product;
import io.flashsale.inventory.domain.RequestRecord;
import io.flashsale.inventory.domain.Stock;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StateRecordsTest {

    private static final Instant T1 = Instant.parse("2026-11-20T12:00:00.001Z");
    private static final Instant T2 = Instant.parse("2026-11-20T12:01:00.002Z");
    private static final Instant T3 = Instant.parse("2026-11-21T12:00:00.000000003Z");
    private static final BigDecimal PRICE = new BigDecimal("9.90");
    private static final SaleRules RULES = new SaleRules(2, 3, T1, T2, 4, 5);
    private static final Refusal REFUSAL =
            new Refusal(RefusalCode.LIMIT_EXCEEDED, "Expected less.", 6, 7, "o_1", T1, T2, "customer_id");
    private static final Refusal BARE_REFUSAL = Refusal.of(RefusalCode.HOLD_NOT_FOUND, "Expected a hold.");

    static List<Product> products() {
        return List.of(
                new Product("p1", "Ticket", PRICE, "EUR", 120, RULES, new Stock(10, 20, 30, 40), 50, T1, 1L << 40),
                new Product(
                        "p2",
                        "Ünïcode 🎟",
                        BigDecimal.ZERO,
                        "USD",
                        1,
                        SaleRules.NONE,
                        new Stock(0, 0, 0, 0),
                        0,
                        T3,
                        1));
    }

    static Stream<HoldRecord> holds() {
        Stream<HoldRecord> ofEachStage = Arrays.stream(Hold.Stage.values())
                .map(stage ->
                        new Hold("h_1", 2, "anna", PRICE, "EUR", T1, T2, stage, new Hold.Extensions(1, 60, 30), T3));
        return Stream.concat(
                ofEachStage,
                Stream.of(
                        new Hold(
                                "h_2",
                                1,
                                null,
                                PRICE,
                                "EUR",
                                T1,
                                T2,
                                Hold.Stage.HELD,
                                new Hold.Extensions(0, 0, 0),
                                null),
                        new HoldRecord.Refused("h_3", 3, "anna", REFUSAL, T3),
                        new HoldRecord.Refused("h_4", 4, null, BARE_REFUSAL, T1)));
    }

    static List<RequestRecord> requests() {
        return List.of(
                new RequestRecord.Ordered("h_1", null, T1),
                new RequestRecord.Ordered("h_2", REFUSAL, T2),
                new RequestRecord.Extended(
                        "h_3", 30, 60, new HoldView("h_3", "p1", 2, HoldStatus.REDEEMED, T2, 90), T3),
                new RequestRecord.Adjusted(-5, "broken", view(RULES), T1),
                new RequestRecord.Adjusted(5, "found", view(SaleRules.NONE), T2));
    }

    @ParameterizedTest
    @MethodSource("products")
    void aProductIsReadAsItWasWritten(Product product) {
        assertThat(readBack(StateRecords.products(), product)).isEqualTo(product);
    }

    @ParameterizedTest
    @MethodSource("holds")
    void aHoldIsReadAsItWasWritten(HoldRecord hold) {
        assertThat(readBack(StateRecords.holds(), hold)).isEqualTo(hold);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequestIsReadAsItWasWritten(RequestRecord request) {
        assertThat(readBack(StateRecords.requests(), request)).isEqualTo(request);
    }

    @Test
    void unitsAreReadAsTheyWereWritten() {
        assertThat(readBack(StateRecords.units(), 1_000_000_000)).isEqualTo(1_000_000_000);
    }

    /** Stores of this format exist: what changes these bytes needs a new number. */
    @Test
    void theBytesOfThisFormatStayAsTheyAre() {
        assertThat(hex(StateRecords.products(), products().getFirst()))
                .isEqualTo("010470310c5469636b6574040403de06455552f001010401060180d981b00d80897a01f8d981b00d8092"
                        + "f4010108010a14283c506480d981b00d80897a808080808040");
        assertThat(hex(StateRecords.holds(), holds().findFirst().orElseThrow()))
                .isEqualTo("010206685f31040108616e6e61040403de0645555280d981b00d80897af8d981b00d8092f4010848454c"
                        + "4402783c01809f8cb00d06");
        assertThat(hex(StateRecords.holds(), new HoldRecord.Refused("h_3", 3, "anna", REFUSAL, T3)))
                .isEqualTo("010406685f33060108616e6e611c4c494d49545f45584345454445441c4578706563746564206c657373"
                        + "2e010c010e01066f5f310180d981b00d80897a01f8d981b00d8092f4010116637573746f6d65725f6964"
                        + "809f8cb00d06");
        assertThat(hex(StateRecords.requests(), requests().get(1)))
                .isEqualTo("010206685f32011c4c494d49545f45584345454445441c4578706563746564206c6573732e010c010e01"
                        + "066f5f310180d981b00d80897a01f8d981b00d8092f4010116637573746f6d65725f6964f8d981b00d80"
                        + "92f401");
        assertThat(hex(StateRecords.requests(), requests().get(2)))
                .isEqualTo("010406685f333c7806685f33047031041052454445454d4544f8d981b00d8092f401b401809f8cb00d06");
        assertThat(hex(StateRecords.requests(), requests().get(3)))
                .isEqualTo("0106090c62726f6b656e0470310c5469636b6574040403de06455552020406080a10534f4c445f4f5554"
                        + "0c80d981b00d80897a0e010401060180d981b00d80897a01f8d981b00d8092f4010108010a80d981b00d"
                        + "80897a");
        assertThat(hex(StateRecords.units(), 300)).isEqualTo("01d804");
    }

    /** Two fields that are mixed up are only found if their values differ. */
    @Test
    void theSamplesLeaveNothingOut() {
        for (Record sample : List.of(products().getFirst(), RULES, REFUSAL, (Record)
                holds().findFirst().orElseThrow())) {
            assertThat(values(sample)).doesNotContainNull().doesNotHaveDuplicates();
        }
    }

    private static ProductView view(SaleRules rules) {
        return new ProductView("p1", "Ticket", PRICE, "EUR", 1, 2, 3, 4, 5, SaleStatus.SOLD_OUT, 6, T1, 7, rules);
    }

    private static <T> T readBack(Serde<T> serde, T value) {
        return serde.deserializer().deserialize("store", serde.serializer().serialize("store", value));
    }

    private static <T> String hex(Serde<T> serde, T value) {
        return HexFormat.of().formatHex(serde.serializer().serialize("store", value));
    }

    private static List<Object> values(Record sample) {
        return Arrays.stream(sample.getClass().getRecordComponents())
                .map(component -> value(sample, component))
                .toList();
    }

    private static Object value(Record sample, RecordComponent component) {
        try {
            return component.getAccessor().invoke(sample);
        } catch (ReflectiveOperationException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
