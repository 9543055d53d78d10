package io.flashsale.local.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.contracts.OrderEvent.OrderPaid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionBooksTest {

    private static final String SOLD = "define 5; place a 2; redeem a 2; create a 2; pay a 2; sell a 2";
    private static final String RETURNED = "define 5; place a; redeem a; create a; cancel a; return a";

    private final List<Violation> found = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "define 5",
                "define 0; sold-out; define 5; back 5; define 2",
                "define 5; adjust 3 8; place a 8; sold-out; release a 8; back 8; adjust -8 0",
                SOLD,
                "define 5; place a 2; extend a 30 @50; redeem a 2 @80; create a 2; pay a 2; sell a 2",
                "define 5; place a 2; expire a 2 @60; place b 5; reject c 0",
                "define 5; place a 2; reject b 3; release a 2; reject-order a",
                // the other application may be read first
                "create a 2; pay a 2; define 5; place a 2; redeem a 2; sell a 2",
                // cancelled and paid after all
                RETURNED + "; late a; reacquire a; pay a; sell a; refund a",
                RETURNED + "; place b 5; late a; refuse a 0; refund a",
                "define 5; place a; redeem a; create a; cancel-due a @600; late a; return a; reacquire a; pay a; sell a",
                // money twice, or of another amount
                SOLD + "; refund a; refund a; mismatch a",
                "define 5; unmatched x",
                "reject-unknown a; define 1",
                "define-max 5 2; place a 2; define 5; place b 3; low 0; sold-out",
                "define-until 5 10; place a 1 @9",
                // a day later the inventory has forgotten the hold, and its id may come again
                "define 5; place a; release a; place a @86400; release a",
            })
    void findsNothingInAGoodHistory(String history) {
        audit(history, Coverage.COMPLETE);

        assertThat(found).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # stock
            define 1; place a; place b                                     | conservation     | inventory-events-0@2
            define 5; place a 5; define 4                                  | conservation     | inventory-events-0@2
            define 5; adjust -2 4                                          | conservation     | inventory-events-0@1
            define 1; adjust -2 -1                                         | conservation     | inventory-events-0@1
            define 5; place a 0                                            | claim            | inventory-events-0@1
            define 5; place a 2; release a 1                               | claim            | inventory-events-0@2
            define 5; place a; low 5                                       | claim            | inventory-events-0@2
            define 5; place a; back 5                                      | claim            | inventory-events-0@2
            define 5; place a; sold-out                                    | claim            | inventory-events-0@2
            define 5; adjust 1 7                                           | conservation     | inventory-events-0@1
            # holds
            define 5; place a; place a                                     | hold-ends-once   | inventory-events-0@2
            define 5; place a; release a; place a @86399                   | hold-ends-once   | inventory-events-0@3
            define 5; place a; release a; release a                        | hold-ends-once   | inventory-events-0@3
            define 5; place a; release a; expire a @60                     | hold-ends-once   | inventory-events-0@3
            define 5; place a; release a; redeem a                         | hold-ends-once   | inventory-events-0@3
            define 5; place a; release a; extend a 30                      | hold-ends-once   | inventory-events-0@3
            define 5; release a                                            | hold-ends-once   | inventory-events-0@1
            define 5; place a; expire a @59                                | log-time         | inventory-events-0@2
            define 5; place a; redeem a @60; create a; pay a; sell a       | log-time         | inventory-events-0@2
            define 5; place a; extend a 30 @60                             | log-time         | inventory-events-0@2
            define 5; place a; extend a 30; extend a 10                    | log-time         | inventory-events-0@3
            define 5; place-long a                                         | log-time         | inventory-events-0@1
            define 5; place-dear a                                         | claim            | inventory-events-0@1
            define 5; place a; redeem-as-b a; create a; pay a; sell a      | claim            | inventory-events-0@2
            define 5; place a; redeem-dear a; cancel a                     | claim            | inventory-events-0@2
            # refusals and rules
            define 5; reject a 1                                           | sale-rules       | inventory-events-0@1
            define 5; place a 5; reject b 1                                | claim            | inventory-events-0@2
            define 5; reject-unknown a                                     | claim            | inventory-events-0@1
            define 5; place a; reject-order a                              | sale-rules       | inventory-events-0@2
            define-max 5 2; place a 3                                      | sale-rules       | inventory-events-0@1
            define-until 5 10; place a 1 @10                               | sale-rules       | inventory-events-0@1
            """)
    void findsWhatTheInventoryBroke(String history, String rule, String position) {
        audit(history, Coverage.COMPLETE);

        assertThat(found).first().satisfies(violation -> {
            assertThat(violation.rule().code()).isEqualTo(rule);
            assertThat(violation.position()).hasToString(position);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # the same movement again
            pay a 2; sell a 2; sell a 2                                    | stock-moves-once | inventory-events-0@4
            pay a 2; sell a 2; return a 2                                  | stock-moves-once | inventory-events-0@4
            cancel a 2; return a 2; return a 2                             | stock-moves-once | inventory-events-0@4
            cancel a 2; return a 2; sell a 2                               | stock-moves-once | inventory-events-0@4
            cancel a 2; return a 2; late a 2; reacquire a 2; return a 2    | stock-moves-once | inventory-events-0@5
            reacquire a 2                                                  | stock-moves-once | inventory-events-0@3
            sell b                                                         | stock-moves-once | inventory-events-0@3
            # an order ends once
            create a 2                                                     | order-ends-once  | order-events-0@1
            pay a 2; pay a 2                                               | order-ends-once  | order-events-0@2
            cancel a 2; cancel a 2                                         | order-ends-once  | order-events-0@2
            cancel a 2; pay a 2                                            | order-ends-once  | order-events-0@2
            pay a 2; late a 2                                              | order-ends-once  | order-events-0@2
            pay b                                                          | order-ends-once  | order-events-0@1
            late a 2                                                       | order-ends-once  | order-events-0@1
            refund b                                                       | order-ends-once  | order-events-0@1
            mismatch b                                                     | order-ends-once  | order-events-0@1
            pay a 2; cancel a 2                                            | paid-stays-paid  | order-events-0@2
            pay a 2; sell a 2; cancel a 2                                  | paid-stays-paid  | order-events-0@2
            # deadlines and figures
            pay a 2 @600                                                   | log-time         | order-events-0@1
            cancel-due a 2 @599                                            | log-time         | order-events-0@1
            pay a 1                                                        | claim            | order-events-0@1
            cancel a 1                                                     | claim            | order-events-0@1
            # nothing comes of nothing
            sell a 2                                                       | cause            | inventory-events-0@3
            return a 2                                                     | cause            | inventory-events-0@3
            cancel a 2; return a 2; reacquire a 2                          | cause            | inventory-events-0@4
            cancel a 2; return a 2; place b 5; refuse a 0                  | cause            | inventory-events-0@5
            cancel a 2; return a 2; late a 2; pay a 2                      | cause            | order-events-0@3
            # a late payment that could have had its stock
            cancel a 2; return a 2; late a 2; refuse a 5                   | sale-rules       | inventory-events-0@4
            # and nothing is forgotten
            pay a 2                                                        | followed         | order-events-0@1
            cancel a 2                                                     | followed         | order-events-0@1
            cancel a 2; return a 2; late a 2                               | followed         | order-events-0@2
            cancel a 2; return a 2; late a 2; reacquire a 2                | followed         | inventory-events-0@4
            cancel a 2; return a 2; place b 5; late a 2; refuse a 0        | followed         | inventory-events-0@5
            """)
    void findsWhatAnOrderBroke(String restOfHistory, String rule, String position) {
        audit("define 5; place a 2; redeem a 2; create a 2; " + restOfHistory, Coverage.COMPLETE);

        assertThat(found).first().satisfies(violation -> {
            assertThat(violation.rule().code()).isEqualTo(rule);
            assertThat(violation.position()).hasToString(position);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            define 5; create a                                             | cause
            define 5; place a; create a; release a                         | cause
            define 5; place a; redeem a                                    | followed
            define 5; place a 2; redeem a 2; create-cheap a 2; pay a 2     | claim
            define 5; place a 2; redeem a 2; create a 1; pay a 2           | claim
            place a                                                        | conservation
            """)
    void findsAnOrderThatIsNotItsHolds(String history, String rule) {
        audit(history, Coverage.COMPLETE);

        assertThat(found).first().extracting(each -> each.rule().code()).isEqualTo(rule);
    }

    @Test
    void namesTheProductThePlaceAndTheReason() {
        audit("define 5; place a; release a; expire a @60", Coverage.COMPLETE);

        assertThat(found)
                .containsExactly(new Violation(
                        Rule.HOLD_ENDS_ONCE,
                        "lamp",
                        new Position("inventory-events", 0, 3),
                        "expected an active hold, but " + History.holdId("a") + " is released."));
    }

    @Test
    void countsWhatThereIs() {
        PartitionBooks books = audit(SOLD + "; place b 2; place c; redeem c; create c", Coverage.COMPLETE);

        assertThat(books.stock())
                .containsOnlyKeys("lamp")
                .containsValue(new StockCount("lamp", 5, 0, 2, 1, 2, 1, 10, new Position("inventory-events", 0, 6)));
    }

    @Test
    void saysOnlyOnceThatTheStockIsWrong() {
        audit("define 1; place a; place b; place c; release c; release b; place d; place e", Coverage.COMPLETE);

        assertThat(found)
                .extracting(Violation::position)
                .extracting(Position::offset)
                .containsExactly(2L, 6L);
    }

    @Test
    void givesACauseUntilTheEndOfTheNextRound() {
        // given: the topics are read one after the other, so an effect may be seen before its cause
        PartitionBooks books = books(Coverage.COMPLETE);
        History history = new History(books).write("define 5; place a; redeem a; create a; sell a");
        assertThat(books.endOfRound()).isEqualTo(1);

        // when
        history.write("pay a");

        // then
        assertThat(books.endOfRound()).isZero();
        assertThat(found).isEmpty();
    }

    @Test
    void knowsHowManyDecisionsAreOnTheirWay() {
        PartitionBooks books = books(Coverage.COMPLETE);
        History history = new History(books).write("define 5; place a; redeem a; place b");
        assertThat(books.unfollowed()).isEqualTo(1);

        history.write("create a");
        assertThat(books.unfollowed()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "release a; create b; pay c; place d 9; sell e; return f; place g",
                "cancel a; return a; redeem g; create g; pay g; sell g",
                "late a; reacquire a; pay a; sell a; low 7; reject h 3",
            })
    void believesWhatLiesBehindADeletedBeginning(String history) {
        audit(history, new Coverage(false, false));

        assertThat(found).isEmpty();
    }

    @Test
    void judgesWhatBeganBehindADeletedBeginning() {
        PartitionBooks books = audit("define 5; place a; release a; release a", new Coverage(false, false));

        assertThat(found).extracting(Violation::rule).containsExactly(Rule.HOLD_ENDS_ONCE);
        assertThat(books.stock()).isEmpty();
        assertThat(books.productIds()).containsExactly("lamp");
    }

    @Test
    void judgesStockEvenIfOnlyOrdersAreDeleted() {
        audit("define 1; place a; redeem a; sell a; place b", new Coverage(true, false));

        assertThat(found).extracting(Violation::rule).containsExactly(Rule.CONSERVATION);
    }

    @Test
    void keepsOnlyWhatIsUnderWay() {
        PartitionBooks books = new PartitionBooks(
                Coverage.COMPLETE, new AuditTerms(Duration.ofDays(1), Duration.ofDays(30), 2, 1_000), found::add);
        History history = new History(books).write("define 5");

        IntStream.range(0, 1_000)
                .forEach(i -> history.write(
                        "place x%d; redeem x%d; create x%d; cancel x%d; return x%d".formatted(i, i, i, i, i)));

        assertThat(found).isEmpty();
        history.write("place y; place z");
        assertThatThrownBy(() -> history.write("place w"))
                .isInstanceOf(BooksFullException.class)
                .hasMessage("more than 2 holds and orders under way");
    }

    @Test
    void stopsBeforeItRemembersTooMany() {
        PartitionBooks books = new PartitionBooks(
                Coverage.COMPLETE, new AuditTerms(Duration.ofDays(1), Duration.ofDays(30), 2, 1), found::add);
        History history = new History(books).write("define 5; place a; release a; place b");

        assertThatThrownBy(() -> history.write("release b"))
                .isInstanceOf(BooksFullException.class)
                .hasMessage("more than 1 ended holds");
    }

    @Test
    void remembersThousandsOfEndedHolds() {
        PartitionBooks books = books(Coverage.COMPLETE);
        History history = new History(books).write("define 5");
        IntStream.range(0, 3_000).forEach(i -> history.write("place x%d; release x%d".formatted(i, i)));

        IntStream.range(0, 3_000).forEach(i -> history.write("release x" + i));

        assertThat(found).hasSize(3_000).allMatch(each -> each.rule() == Rule.HOLD_ENDS_ONCE);
    }

    @Test
    void refusesIdsOfOtherProducts() {
        PartitionBooks books = books(Coverage.COMPLETE);
        String foreign = History.orderId("a").replace("o_", "o_A");
        books.orders(
                new Position("order-events", 0, 0),
                History.START,
                new OrderPaid(History.PRODUCT, foreign, 1, null, History.START));

        assertThat(found).extracting(Violation::rule).containsExactly(Rule.READABLE);
    }

    private PartitionBooks audit(String history, Coverage coverage) {
        PartitionBooks books = books(coverage);
        new History(books).write(history);
        books.endOfRound();
        books.endOfRound();
        books.judgeUnfollowed();
        return books;
    }

    private PartitionBooks books(Coverage coverage) {
        return new PartitionBooks(coverage, AuditTerms.DEFAULTS, found::add);
    }
}
