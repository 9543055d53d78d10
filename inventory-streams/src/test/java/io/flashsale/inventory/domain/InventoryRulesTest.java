package io.flashsale.inventory.domain;

import static io.flashsale.inventory.domain.InventoryScript.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.contracts.HoldCommand.ExtendHold;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldCommand.ReleaseHold;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.InventoryEvent.HoldExpired;
import io.flashsale.contracts.InventoryEvent.HoldRedeemed;
import io.flashsale.contracts.InventoryEvent.LowStock;
import io.flashsale.contracts.InventoryInput;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.ProductCommand.AdjustStock;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.SaleRules;
import io.flashsale.contracts.SaleStatus;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Every rule of stock and holds, as tables: see {@link InventoryScript}. */
class InventoryRulesTest {

    @Nested
    class Products {

        @Test
        void aProductIsCreatedWithDefaultsAndShown() {
            run("""
                define p1 stock=10    -> ProductDefined created
                stock p1              -> available=10 held=0 pending=0 sold=0
                product p1            -> {"id":"p1","name":"A thing","price":10.00,"currency":"EUR","total_stock":10,\
                "available_stock":10,"reserved_stock":0,"sold_stock":0,"holds_count":0,"sale_status":"open",\
                "hold_ttl_seconds":120,"as_of":"2026-11-27T09:00:00Z","revision":1}
                """);
        }

        @Test
        void aChangeKeepsWhatItDoesNotSay() {
            run("""
                define p1 stock=10 ttl=60 currency=USD    -> ProductDefined created
                at +5s
                define p1 stock=12 price=9.50 name=Other  -> ProductDefined defined
                product p1            -> {"id":"p1","name":"Other","price":9.50,"currency":"USD","total_stock":12,\
                "available_stock":12,"reserved_stock":0,"sold_stock":0,"holds_count":0,"sale_status":"open",\
                "hold_ttl_seconds":60,"as_of":"2026-11-27T09:00:05Z","revision":2}
                """);
        }

        @Test
        void theSameDefinitionAgainChangesNothing() {
            run("""
                define p1 stock=10                                         -> ProductDefined created
                define p1 stock=10                                         -> defined
                define p1 stock=10 ttl=120 currency=EUR                    -> defined
                define p1 stock=10 ttl=121                                 -> ProductDefined defined
                define p1 stock=10 ttl=121 currency=USD                    -> ProductDefined defined
                define p1 stock=10 ttl=121 currency=USD price=10.01        -> ProductDefined defined
                define p1 stock=10 ttl=121 currency=USD price=10.01 name=N -> ProductDefined defined
                define p1 stock=11 price=10.01 name=N                      -> ProductDefined defined
                """);
        }

        @Test
        void aDefinitionStatesAllRulesAndWhatItLeavesOutBindsNoLonger() {
            run("""
                define p1 stock=9 per-hold=2 per-customer=4 starts=+10s ends=+20s low=3 pay=60 -> ProductDefined created
                at +15s
                product p1            -> {"id":"p1","name":"A thing","price":10.00,"currency":"EUR","total_stock":9,\
                "available_stock":9,"reserved_stock":0,"sold_stock":0,"holds_count":0,"sale_status":"open",\
                "hold_ttl_seconds":120,"as_of":"2026-11-27T09:00:00Z","revision":1,"max_quantity_per_hold":2,\
                "max_per_customer":4,"sale_starts_at":"2026-11-27T09:00:10Z","sale_ends_at":"2026-11-27T09:00:20Z",\
                "low_stock_threshold":3,"payment_window_seconds":60}
                define p1 stock=9 per-hold=2 per-customer=4 starts=+10s ends=+20s low=3 pay=60 -> defined
                define p1 stock=9 per-hold=3 per-customer=4 starts=+10s ends=+20s low=3 pay=60 -> ProductDefined defined
                define p1 stock=9     -> ProductDefined defined
                product p1            -> {"id":"p1","name":"A thing","price":10.00,"currency":"EUR","total_stock":9,\
                "available_stock":9,"reserved_stock":0,"sold_stock":0,"holds_count":0,"sale_status":"open",\
                "hold_ttl_seconds":120,"as_of":"2026-11-27T09:00:15Z","revision":3}
                """);
        }

        @Test
        void theSaleStatusIsThatOfTheMomentSomebodyLooks() {
            run("""
                define p1 stock=1 starts=+10s ends=+20s -> ProductDefined created
                status p1             -> scheduled
                at +9.999s
                status p1             -> scheduled
                at +10s
                status p1             -> open
                hold a p1 1           -> HoldPlaced SoldOut active
                status p1             -> sold_out
                at +19.999s
                status p1             -> sold_out
                at +20s
                status p1             -> ended
                define p1 stock=1 starts=+30s -> ProductDefined defined
                status p1             -> scheduled
                define p1 stock=1     -> ProductDefined defined
                status p1             -> sold_out
                """);
        }

        @Test
        void theAnswerShowsTheSaleAsItIsAtTheDecision() {
            InventoryRules rules = new InventoryRules(new InventoryDefaults(120, "EUR"), InventoryScript.TERMS);
            SaleRules sale = new SaleRules(null, null, InventoryScript.START.plusSeconds(10), null, null, null);
            DefineProduct command = new DefineProduct("p1", "A thing", BigDecimal.TEN, null, 1, null, sale);
            InventoryState nothing = new InventoryState(null, null, null, 0);
            Decision first = rules.decide(nothing, command, InventoryScript.START);
            InventoryState defined = rules.apply(nothing, first.events().getFirst(), InventoryScript.START);

            Decision second = rules.decide(defined, command, InventoryScript.START.plusSeconds(10));

            assertThat(statusIn(first)).isEqualTo(SaleStatus.SCHEDULED);
            assertThat(statusIn(second)).isEqualTo(SaleStatus.OPEN);
        }

        private static SaleStatus statusIn(Decision decision) {
            return ((Reply.ProductAnswer) decision.reply()).product().saleStatus();
        }

        @Test
        void failure25_stockIsNeverSetBelowWhatIsCommitted() {
            run("""
                define p1 stock=10    -> ProductDefined created
                hold a p1 1           -> HoldPlaced active
                hold b p1 2           -> HoldPlaced active
                hold c p1 3           -> HoldPlaced active
                order b               -> HoldRedeemed (orders answers)
                order c               -> HoldRedeemed (orders answers)
                paid c                -> StockSold
                stock p1              -> available=4 held=1 pending=2 sold=3
                define p1 stock=5     -> stock-below-committed
                stock p1              -> available=4 held=1 pending=2 sold=3
                define p1 stock=6     -> ProductDefined SoldOut defined
                stock p1              -> available=0 held=1 pending=2 sold=3
                hold d p1 1           -> HoldRejected insufficient-stock available=0
                define p1 stock=0     -> stock-below-committed
                """);
        }

        @Test
        void aProductMayHaveNoStockAndSaysSoldOut() {
            run("""
                define p1 stock=0     -> ProductDefined created
                product p1            -> {"id":"p1","name":"A thing","price":10.00,"currency":"EUR","total_stock":0,\
                "available_stock":0,"reserved_stock":0,"sold_stock":0,"holds_count":0,"sale_status":"sold_out",\
                "hold_ttl_seconds":120,"as_of":"2026-11-27T09:00:00Z","revision":1}
                hold a p1 1           -> HoldRejected insufficient-stock available=0
                """);
        }

        @Test
        void theViewCountsHoldsAndReservedUnits() {
            run("""
                define p1 stock=10    -> ProductDefined created
                hold a p1 1           -> HoldPlaced active
                hold b p1 2           -> HoldPlaced active
                order b               -> HoldRedeemed (orders answers)
                product p1            -> {"id":"p1","name":"A thing","price":10.00,"currency":"EUR","total_stock":10,\
                "available_stock":7,"reserved_stock":3,"sold_stock":0,"holds_count":1,"sale_status":"open",\
                "hold_ttl_seconds":120,"as_of":"2026-11-27T09:00:00Z","revision":4}
                paid b                -> StockSold
                at +120s
                tick a                -> HoldExpired
                product p1            -> {"id":"p1","name":"A thing","price":10.00,"currency":"EUR","total_stock":10,\
                "available_stock":8,"reserved_stock":0,"sold_stock":2,"holds_count":0,"sale_status":"open",\
                "hold_ttl_seconds":120,"as_of":"2026-11-27T09:02:00Z","revision":6}
                """);
        }
    }

    @Nested
    class Adjustments {

        @Test
        void anAdjustmentMovesTheTotalAndWhatIsAvailable() {
            run("""
                define p1 stock=10    -> ProductDefined created
                hold a p1 4           -> HoldPlaced active
                at +5s
                adjust p1 5           -> StockAdjusted defined
                stock p1              -> available=11 held=4 pending=0 sold=0
                adjust p1 -2          -> StockAdjusted defined
                adjust p1 -2          -> StockAdjusted defined
                product p1            -> {"id":"p1","name":"A thing","price":10.00,"currency":"EUR","total_stock":11,\
                "available_stock":7,"reserved_stock":4,"sold_stock":0,"holds_count":1,"sale_status":"open",\
                "hold_ttl_seconds":120,"as_of":"2026-11-27T09:00:05Z","revision":5}
                """);
        }

        @Test
        void failure25_anAdjustmentNeverTakesWhatIsCommitted() {
            run("""
                define p1 stock=10    -> ProductDefined created
                hold a p1 1           -> HoldPlaced active
                hold b p1 2           -> HoldPlaced active
                hold c p1 3           -> HoldPlaced active
                order b               -> HoldRedeemed (orders answers)
                order c               -> HoldRedeemed (orders answers)
                paid c                -> StockSold
                adjust p1 -5          -> stock-below-committed
                adjust p1 -1000000000 -> stock-below-committed
                stock p1              -> available=4 held=1 pending=2 sold=3
                adjust p1 -4          -> StockAdjusted SoldOut defined
                stock p1              -> available=0 held=1 pending=2 sold=3
                """);
        }

        @Test
        void aProductHasAtMostTheStockTheContractAllows() {
            run("""
                adjust p1 1                   -> product-not-found
                define p1 stock=999999999     -> ProductDefined created
                adjust p1 2                   -> limit-exceeded limit=1000000000
                adjust p1 1000000000          -> limit-exceeded limit=1000000000
                adjust p1 1                   -> StockAdjusted defined
                adjust p1 1                   -> limit-exceeded limit=1000000000
                stock p1                      -> available=1000000000 held=0 pending=0 sold=0
                """);
        }

        @Test
        void theSameKeyAgainIsAnsweredAsTheFirstTime() {
            run("""
                define p1 stock=10            -> ProductDefined created
                adjust p1 5 key=k             -> StockAdjusted defined
                hold a p1 15                  -> HoldPlaced SoldOut active
                at +60s
                adjust p1 5 key=k             -> again defined
                adjust p1 6 key=k             -> idempotency-key-reused
                adjust p1 5 key=k reason=lost -> idempotency-key-reused
                adjust p1 5 key=l             -> StockAdjusted BackInStock defined
                stock p1                      -> available=5 held=15 pending=0 sold=0
                """);
        }

        @Test
        void aRefusedAdjustmentIsNotRecorded() {
            run("""
                define p1 stock=1             -> ProductDefined created
                adjust p1 -2 key=k            -> stock-below-committed
                adjust p1 5                   -> StockAdjusted defined
                adjust p1 -2 key=k            -> StockAdjusted defined
                stock p1                      -> available=4 held=0 pending=0 sold=0
                """);
        }

        @Test
        void theKeysOfCallsAndProductsDoNotMeet() {
            run("""
                define p1 stock=9             -> ProductDefined created
                define p2 stock=9             -> ProductDefined created
                hold a p1 1                   -> HoldPlaced active
                adjust p1 1 key=k             -> StockAdjusted defined
                adjust p2 2 key=k             -> StockAdjusted defined
                extend a key=k                -> HoldExtended active
                order a key=k                 -> HoldRedeemed (orders answers)
                adjust p1 1 key=k             -> again defined
                extend a key=k                -> again active
                order a key=k                 -> RedeemRejected (orders answers)
                """);
        }
    }

    @Nested
    class Sales {

        @Test
        void aHoldIsTakenOnlyWhileTheSaleIsOpen() {
            run("""
                define p1 stock=9 starts=+10s ends=+20s -> ProductDefined created
                at +9.999s
                hold a p1 1           -> HoldRejected sale-not-open
                at +10s
                hold b p1 1           -> HoldPlaced active
                hold a p1 1           -> again sale-not-open
                at +19.999s
                hold c p1 1           -> HoldPlaced active
                at +20s
                hold d p1 1           -> HoldRejected sale-not-open
                order b               -> HoldRedeemed (orders answers)
                paid b                -> StockSold
                extend c              -> HoldExtended active
                release c             -> HoldReleased released
                stock p1              -> available=8 held=0 pending=0 sold=1
                """);
        }

        @Test
        void theRefusalSaysWhenTheSaleIs() {
            InventoryRules rules = new InventoryRules(new InventoryDefaults(120, "EUR"), InventoryScript.TERMS);
            Instant start = InventoryScript.START.plusSeconds(10);
            SaleRules sale = new SaleRules(null, null, start, start.plusSeconds(10), null, null);
            InventoryState nothing = new InventoryState(null, null, null, 0);
            Decision defined = rules.decide(
                    nothing,
                    new DefineProduct("p1", "A thing", BigDecimal.TEN, null, 1, null, sale),
                    InventoryScript.START);
            InventoryState state = rules.apply(nothing, defined.events().getFirst(), InventoryScript.START);

            Decision early = rules.decide(
                    state, new PlaceHold("p1", HoldId.of("p1", new byte[16]), 1, null), InventoryScript.START);

            assertThat(early.refusal().saleStartsAt()).isEqualTo(start);
            assertThat(early.refusal().saleEndsAt()).isEqualTo(start.plusSeconds(10));
        }

        @Test
        void aHoldHasAtMostTheUnitsItsProductAllows() {
            run("""
                define p1 stock=9 per-hold=2  -> ProductDefined created
                hold a p1 3                   -> HoldRejected limit-exceeded limit=2
                hold b p1 2                   -> HoldPlaced active
                define p1 stock=9 per-hold=1  -> ProductDefined defined
                order b                       -> HoldRedeemed (orders answers)
                define p1 stock=9             -> ProductDefined defined
                hold a p1 3                   -> again limit-exceeded limit=2
                hold c p1 7                   -> HoldPlaced SoldOut active
                """);
        }

        @Test
        void failure24_aCustomerHasAtMostTheUnitsTheProductAllows() {
            run("""
                define p1 stock=99 per-customer=5     -> ProductDefined created
                hold a p1 3 customer=ann              -> HoldPlaced active
                hold b p1 3 customer=ann              -> HoldRejected limit-exceeded limit=5
                hold c p1 2 customer=ann              -> HoldPlaced active
                hold d p1 1 customer=ann              -> HoldRejected limit-exceeded limit=5
                hold e p1 5 customer=bob              -> HoldPlaced active
                hold f p1 1                           -> HoldRejected validation-failed field=customer_id
                units p1 ann                          -> 5
                stock p1                              -> available=89 held=10 pending=0 sold=0
                """);
        }

        @Test
        void aCustomersUnitsCountFromTheHoldUntilTheyAreBack() {
            run("""
                define p1 stock=99 per-customer=2     -> ProductDefined created
                hold a p1 2 customer=ann              -> HoldPlaced active
                order a                               -> HoldRedeemed (orders answers)
                hold b p1 1 customer=ann              -> HoldRejected limit-exceeded limit=2
                cancelled a                           -> StockReturned
                units p1 ann                          -> 0
                hold c p1 1 customer=ann              -> HoldPlaced active
                units p1 ann                          -> 1
                release c                             -> HoldReleased released
                hold d p1 1 customer=ann              -> HoldPlaced active
                at +120s
                tick d                                -> HoldExpired
                hold e p1 2 customer=ann              -> HoldPlaced active
                order e                               -> HoldRedeemed (orders answers)
                paid e                                -> StockSold
                hold f p1 1 customer=ann              -> HoldRejected limit-exceeded limit=2
                units p1 ann                          -> 2
                """);
        }

        @Test
        void aLatePaymentAsksNeitherForTheSaleNorForTheLimit() {
            run("""
                define p1 stock=99 per-customer=2 ends=+60s -> ProductDefined created
                hold a p1 2 customer=ann              -> HoldPlaced active
                order a                               -> HoldRedeemed (orders answers)
                cancelled a                           -> StockReturned
                hold b p1 2 customer=ann              -> HoldPlaced active
                at +90s
                late a 2                              -> StockReacquired
                units p1 ann                          -> 4
                paid a                                -> StockSold
                units p1 ann                          -> 4
                """);
        }

        @Test
        void unitsAreCountedAlsoWhileNoLimitBinds() {
            run("""
                define p1 stock=99                    -> ProductDefined created
                define p2 stock=99                    -> ProductDefined created
                hold a p1 4 customer=ann              -> HoldPlaced active
                hold b p2 1 customer=ann              -> HoldPlaced active
                define p1 stock=99 per-customer=5     -> ProductDefined defined
                hold c p1 2 customer=ann              -> HoldRejected limit-exceeded limit=5
                hold d p1 1 customer=ann              -> HoldPlaced active
                units p1 ann                          -> 5
                units p2 ann                          -> 1
                """);
        }

        @Test
        void theFirstOfSeveralReasonsIsTold() {
            run("""
                define p1 stock=1 per-hold=1 per-customer=1 ends=+60s -> ProductDefined created
                hold a p1 9                   -> HoldRejected validation-failed field=customer_id
                hold b p1 9 customer=ann      -> HoldRejected limit-exceeded limit=1
                define p1 stock=1 per-hold=4 per-customer=3 ends=+60s -> ProductDefined defined
                hold c p1 5 customer=ann      -> HoldRejected limit-exceeded limit=4
                hold d p1 4 customer=ann      -> HoldRejected limit-exceeded limit=3
                hold e p1 3 customer=ann      -> HoldRejected insufficient-stock available=1
                at +60s
                hold f p1 9                   -> HoldRejected sale-not-open
                """);
        }

        @Test
        void theOrderLearnsThePaymentWindowOfItsProduct() {
            InventoryRules rules = new InventoryRules(new InventoryDefaults(120, "EUR"), InventoryScript.TERMS);
            String holdId = HoldId.of("p1", new byte[16]);
            InventoryState state = new InventoryState(null, null, null, 0);
            SaleRules window = new SaleRules(null, null, null, null, null, 77);
            for (InventoryInput input : List.of(
                    new DefineProduct("p1", "A thing", BigDecimal.TEN, null, 9, null, window),
                    new PlaceHold("p1", holdId, 1, null))) {
                state = rules.apply(
                        state,
                        rules.decide(state, input, InventoryScript.START)
                                .events()
                                .getFirst(),
                        InventoryScript.START);
            }

            Decision decision = rules.decide(state, new CreateOrder("p1", holdId, null), InventoryScript.START);

            assertThat(decision.events())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            HoldRedeemed.class,
                            event -> assertThat(event.paymentWindowSeconds()).isEqualTo(77));
        }
    }

    @Nested
    class Signals {

        @Test
        void theStockSaysWhenItIsGoneAndWhenItIsBack() {
            run("""
                define p1 stock=2     -> ProductDefined created
                hold a p1 1           -> HoldPlaced active
                hold b p1 1           -> HoldPlaced SoldOut active
                hold c p1 1           -> HoldRejected insufficient-stock available=0
                release a             -> HoldReleased BackInStock released
                release b             -> HoldReleased released
                adjust p1 -2          -> StockAdjusted SoldOut defined
                define p1 stock=3     -> ProductDefined BackInStock defined
                define p1 stock=0     -> ProductDefined SoldOut defined
                define p2 stock=0     -> ProductDefined created
                define p3 stock=1 low=5 -> ProductDefined created
                """);
        }

        @Test
        void lowStockIsToldOnTheWayDownOnly() {
            run("""
                define p1 stock=6 low=3       -> ProductDefined created
                hold a p1 2                   -> HoldPlaced active
                hold b p1 1                   -> HoldPlaced LowStock active
                hold c p1 1                   -> HoldPlaced active
                release c                     -> HoldReleased released
                hold d p1 3                   -> HoldPlaced SoldOut active
                release d                     -> HoldReleased BackInStock released
                hold e p1 1                   -> HoldPlaced active
                release a                     -> HoldReleased released
                hold f p1 1                   -> HoldPlaced LowStock active
                adjust p1 -3                  -> StockAdjusted SoldOut defined
                """);
        }

        @Test
        void aNewThresholdTellsWhatItFindsLow() {
            run("""
                define p1 stock=6             -> ProductDefined created
                define p1 stock=6 low=5       -> ProductDefined defined
                define p1 stock=6 low=6       -> ProductDefined LowStock defined
                define p1 stock=6 low=7       -> ProductDefined defined
                define p1 stock=6             -> ProductDefined defined
                define p1 stock=6 low=9       -> ProductDefined LowStock defined
                define p1 stock=0 low=9       -> ProductDefined SoldOut defined
                define p1 stock=0             -> ProductDefined defined
                define p1 stock=0 low=9       -> ProductDefined defined
                define p1 stock=5 low=3       -> ProductDefined BackInStock defined
                """);
        }

        @Test
        void signalsComeBehindWhateverCausedThemAtItsTime() {
            run("""
                define p1 stock=3             -> ProductDefined created
                hold a p1 3                   -> HoldPlaced SoldOut active
                order a                       -> HoldRedeemed (orders answers)
                cancelled a                   -> StockReturned BackInStock
                late a 3                      -> StockReacquired SoldOut
                paid a                        -> StockSold
                """);
            InventoryRules rules = new InventoryRules(new InventoryDefaults(120, "EUR"), InventoryScript.TERMS);
            InventoryState nothing = new InventoryState(null, null, null, 0);
            Decision defined = rules.decide(
                    nothing,
                    new DefineProduct("p1", "A thing", BigDecimal.TEN, null, 4, null, LOW_AT_2),
                    InventoryScript.START);
            InventoryState state = rules.apply(nothing, defined.events().getFirst(), InventoryScript.START);
            Instant later = InventoryScript.START.plusSeconds(5);

            Decision low = rules.decide(state, new AdjustStock("p1", -3, "lost", null), later);

            assertThat(low.events()).last().isEqualTo(new LowStock("p1", 1, 2, later));
        }

        private static final SaleRules LOW_AT_2 = new SaleRules(null, null, null, null, 2, null);
    }

    @Nested
    class Releases {

        @Test
        void aReleasedHoldIsBackAndAnswersTheSameAgain() {
            run("""
                define p1 stock=10    -> ProductDefined created
                hold a p1 3           -> HoldPlaced active
                at +119.999s
                release a             -> HoldReleased released
                release a             -> again released
                stock p1              -> available=10 held=0 pending=0 sold=0
                show a                -> RELEASED quantity=3 for=120s price=10.00 RELEASED until +120s
                tick a                -> nothing
                at +120s
                tick a                -> nothing
                release a             -> again released
                order a               -> RedeemRejected hold-released
                hold a p1 3           -> again active
                stock p1              -> available=10 held=0 pending=0 sold=0
                """);
        }

        @Test
        void anOverdueHoldIsExpiredByItsRelease() {
            run("""
                define p1 stock=10    -> ProductDefined created
                hold a p1 3           -> HoldPlaced active
                at +120s
                release a             -> HoldExpired expired
                release a             -> again expired
                tick a                -> nothing
                stock p1              -> available=10 held=0 pending=0 sold=0
                """);
        }

        @Test
        void aHoldThatBecameAnOrderCannotBeReleased() {
            run("""
                define p1 stock=10    -> ProductDefined created
                hold a p1 3           -> HoldPlaced active
                order a               -> HoldRedeemed (orders answers)
                release a             -> hold-already-used
                paid a                -> StockSold
                release a             -> hold-already-used
                hold b p1 3           -> HoldPlaced active
                order b               -> HoldRedeemed (orders answers)
                cancelled b           -> StockReturned
                release b             -> hold-already-used
                release zz            -> hold-not-found
                hold c p1 99          -> HoldRejected insufficient-stock available=7
                release c             -> hold-not-found
                stock p1              -> available=7 held=0 pending=0 sold=3
                """);
        }

        @Test
        void aReleasedHoldsRefusalIsRecordedWithTheKey() {
            run("""
                define p1 stock=10    -> ProductDefined created
                hold a p1 3           -> HoldPlaced active
                release a             -> HoldReleased released
                order a key=k         -> RedeemRejected hold-released
                order a key=k         -> again hold-released
                paid a                -> nothing
                cancelled a           -> nothing
                late a 3              -> ReacquireRefused
                cancel a              -> nothing
                """);
        }
    }

    @Nested
    class Extensions {

        private static final InventoryTerms THREE_TIMES =
                new InventoryTerms(3, Duration.ofHours(24), Duration.ofDays(30));

        @Test
        void anExtendedHoldLastsLonger() {
            run("""
                define p1 stock=10 ttl=60     -> ProductDefined created
                hold a p1 3                   -> HoldPlaced active
                at +59.999s
                extend a seconds=45           -> HoldExtended active
                show a                        -> HELD quantity=3 for=105s price=10.00 ACTIVE until +105s
                at +60s
                tick a                        -> nothing
                hold a p1 3                   -> again active
                at +104.999s
                tick a                        -> nothing
                at +105s
                tick a                        -> HoldExpired
                stock p1                      -> available=10 held=0 pending=0 sold=0
                hold a p1 3                   -> again active
                """);
        }

        @Test
        void withoutSecondsItLastsAsLongAgain() {
            run("""
                define p1 stock=10 ttl=60     -> ProductDefined created
                hold a p1 3                   -> HoldPlaced active
                extend a                      -> HoldExtended active
                show a                        -> HELD quantity=3 for=120s price=10.00 ACTIVE until +120s
                define p1 stock=10 ttl=600    -> ProductDefined defined
                extend a                      -> again active
                extend a seconds=60           -> again active
                extend a seconds=59           -> limit-exceeded limit=1
                at +119s
                order a                       -> HoldRedeemed (orders answers)
                """);
        }

        @Test
        void withoutAKeyOnlyTheLastExtensionIsTheSameRequest() {
            run("""
                define p1 stock=10 ttl=60     -> ProductDefined created
                hold a p1 3                   -> HoldPlaced active
                extend a seconds=61           -> limit-exceeded limit=60
                extend a seconds=20           -> HoldExtended active
                extend a seconds=20           -> again active
                extend a seconds=21           -> limit-exceeded limit=1
                extend a                      -> limit-exceeded limit=1
                extend a seconds=20 key=k     -> limit-exceeded limit=1
                show a                        -> HELD quantity=3 for=80s price=10.00 ACTIVE until +80s
                """);
        }

        @Test
        void allExtensionsTogetherLastAtMostAsLongAsTheHold() {
            run(THREE_TIMES, """
                define p1 stock=10 ttl=60     -> ProductDefined created
                hold a p1 1                   -> HoldPlaced active
                extend a seconds=20           -> HoldExtended active
                extend a seconds=20           -> HoldExtended active
                extend a seconds=21           -> limit-exceeded limit=20
                extend a                      -> HoldExtended active
                show a                        -> HELD quantity=1 for=120s price=10.00 ACTIVE until +120s
                extend a                      -> again active
                extend a seconds=20           -> again active
                extend a seconds=1            -> limit-exceeded limit=3
                hold b p1 1                   -> HoldPlaced active
                extend b                      -> HoldExtended active
                extend b                      -> limit-exceeded limit=0
                extend b seconds=1            -> limit-exceeded limit=0
                """);
        }

        @Test
        void extensionsCanBeTurnedOff() {
            run(new InventoryTerms(0, Duration.ofHours(24), Duration.ofDays(30)), """
                define p1 stock=10            -> ProductDefined created
                hold a p1 1                   -> HoldPlaced active
                extend a                      -> limit-exceeded limit=0
                extend a seconds=1            -> limit-exceeded limit=0
                extend a seconds=0            -> limit-exceeded limit=0
                """);
        }

        @Test
        void theSameKeyAgainIsAnsweredAsTheFirstTime() {
            run(THREE_TIMES, """
                define p1 stock=10 ttl=60     -> ProductDefined created
                hold a p1 3                   -> HoldPlaced active
                hold b p1 3                   -> HoldPlaced active
                extend a seconds=20 key=k     -> HoldExtended active
                extend a seconds=10           -> HoldExtended active
                extend a seconds=20 key=k     -> again active
                extend a seconds=10 key=k     -> idempotency-key-reused
                extend a key=k                -> idempotency-key-reused
                extend b seconds=20 key=k     -> idempotency-key-reused
                extend a key=l                -> HoldExtended active
                extend a key=l                -> again active
                order a                       -> HoldRedeemed (orders answers)
                extend a seconds=20 key=k     -> again active
                show a                        -> PENDING quantity=3 for=120s price=10.00 REDEEMED until +120s
                """);
        }

        @Test
        void whatIsOverCannotBeExtended() {
            run("""
                define p1 stock=20 ttl=60     -> ProductDefined created
                hold a p1 1                   -> HoldPlaced active
                hold b p1 1                   -> HoldPlaced active
                hold c p1 1                   -> HoldPlaced active
                hold d p1 99                  -> HoldRejected insufficient-stock available=17
                release b                     -> HoldReleased released
                order c                       -> HoldRedeemed (orders answers)
                extend b                      -> hold-released
                extend c                      -> hold-already-used
                extend d                      -> hold-not-found
                extend zz                     -> hold-not-found
                at +60s
                extend a                      -> HoldExpired hold-expired
                extend a                      -> hold-expired
                stock p1                      -> available=19 held=0 pending=1 sold=0
                """);
        }

        @Test
        void anExtendedHoldIsNotExtendedOnceItIsOverdue() {
            run("""
                define p1 stock=20 ttl=60     -> ProductDefined created
                hold a p1 1                   -> HoldPlaced active
                extend a                      -> HoldExtended active
                at +120s
                extend a                      -> HoldExpired hold-expired
                release a                     -> again expired
                """);
        }

        @Test
        void anExpiryThatNobodyWasRefusedByLeavesNoRefusalUntold() {
            InventoryRules rules = new InventoryRules(new InventoryDefaults(120, "EUR"), InventoryScript.TERMS);
            String holdId = HoldId.of("p1", new byte[16]);
            InventoryState state = new InventoryState(null, null, null, 0);
            for (InventoryInput input : List.of(
                    new DefineProduct("p1", "A thing", BigDecimal.TEN, null, 9, 1, SaleRules.NONE),
                    new PlaceHold("p1", holdId, 1, null))) {
                state = rules.apply(
                        state,
                        rules.decide(state, input, InventoryScript.START)
                                .events()
                                .getFirst(),
                        InventoryScript.START);
            }

            Decision extended =
                    rules.decide(state, new ExtendHold("p1", holdId, null, null), InventoryScript.START.plusSeconds(1));
            Decision released =
                    rules.decide(state, new ReleaseHold("p1", holdId), InventoryScript.START.plusSeconds(1));

            assertThat(extended.events()).hasExactlyElementsOfTypes(HoldExpired.class);
            assertThat(extended.untoldRefusal()).isNotNull();
            assertThat(released.untoldRefusal()).isNull();
        }
    }

    @Nested
    class Retention {

        @Test
        void aHoldThatBecameNoOrderIsKeptAsLongAsAKey() {
            run("""
                define p1 stock=9                     -> ProductDefined created
                hold a p1 1 customer=ann              -> HoldPlaced active
                hold b p1 1 customer=ann              -> HoldPlaced active
                hold c p1 99                          -> HoldRejected insufficient-stock available=7
                at +60s
                release a                             -> HoldReleased released
                at +120s
                tick b                                -> HoldExpired
                at +86399.999s
                forget c                              -> kept
                at +86400s
                forget c                              -> forgotten
                forget a                              -> kept
                at +86459.999s
                forget a                              -> kept
                release a                             -> again released
                at +86460s
                forget a                              -> forgotten
                forget b                              -> kept
                release a                             -> hold-not-found
                at +86520s
                forget b                              -> forgotten
                forget b                              -> unknown
                units p1 ann                          -> 0
                hold c p1 1                           -> HoldPlaced active
                """);
        }

        @Test
        void aKeyCountsFromItsFirstUseWhateverTheClocksSay() {
            run("""
                define p1 stock=9                     -> ProductDefined created
                at +100s
                hold a p1 1                           -> HoldPlaced active
                at +90s
                release a                             -> HoldReleased released
                at +86499.999s
                forget a                              -> kept
                at +86500s
                forget a                              -> forgotten
                """);
        }

        @Test
        void whatIsNotOverIsNeverForgotten() {
            run("""
                define p1 stock=9 ttl=86400           -> ProductDefined created
                hold a p1 1                           -> HoldPlaced active
                hold b p1 1                           -> HoldPlaced active
                order b                               -> HoldRedeemed (orders answers)
                at +99999h
                forget a                              -> kept
                forget b                              -> kept
                """);
        }

        @Test
        void aHoldIsKeptLongerThanItsOrder() {
            run("""
                define p1 stock=9                     -> ProductDefined created
                hold a p1 2 customer=ann              -> HoldPlaced active
                hold b p1 1 customer=ann              -> HoldPlaced active
                order a                               -> HoldRedeemed (orders answers)
                order b                               -> HoldRedeemed (orders answers)
                paid a                                -> StockSold
                cancelled b                           -> StockReturned
                at +743h59m59.999s
                forget a                              -> kept
                forget b                              -> kept
                units p1 ann                          -> 2
                at +744h
                forget a                              -> forgotten
                forget b                              -> forgotten
                units p1 ann                          -> 0
                stock p1                              -> available=7 held=0 pending=0 sold=2
                """);
        }

        @Test
        void aLatePaymentMakesAnotherEnd() {
            run("""
                define p1 stock=3                     -> ProductDefined created
                hold a p1 3                           -> HoldPlaced SoldOut active
                order a                               -> HoldRedeemed (orders answers)
                cancelled a                           -> StockReturned BackInStock
                at +700h
                late a 3                              -> StockReacquired SoldOut
                at +744h
                forget a                              -> kept
                paid a                                -> StockSold
                at +1487h59m59.999s
                forget a                              -> kept
                at +1488h
                forget a                              -> forgotten
                """);
        }

        @Test
        void aRefusedLatePaymentIsAnotherEndToo() {
            run("""
                define p1 stock=3                     -> ProductDefined created
                hold a p1 3                           -> HoldPlaced SoldOut active
                order a                               -> HoldRedeemed (orders answers)
                cancelled a                           -> StockReturned BackInStock
                adjust p1 -1                          -> StockAdjusted defined
                at +700h
                late a 3                              -> ReacquireRefused
                at +744h
                forget a                              -> kept
                at +1444h
                forget a                              -> forgotten
                """);
        }

        @Test
        void aRequestIsKeptAsLongAsAKey() {
            run("""
                define p1 stock=9                     -> ProductDefined created
                hold a p1 1                           -> HoldPlaced active
                adjust p1 1 key=k                     -> StockAdjusted defined
                extend a key=k                        -> HoldExtended active
                order a key=k                         -> HoldRedeemed (orders answers)
                order zz key=l                        -> RedeemRejected hold-not-found
                at +23h
                order zz key=l                        -> again hold-not-found
                order a key=k                         -> RedeemRejected (orders answers)
                at +86399.999s
                forget-key adjust p1 k                -> kept
                forget-key extend p1 k                -> kept
                forget-key order p1 k                 -> kept
                forget-key order p1 l                 -> kept
                at +86400s
                forget-key adjust p1 k                -> forgotten
                forget-key extend p1 k                -> forgotten
                forget-key order p1 k                 -> forgotten
                forget-key order p1 l                 -> forgotten
                adjust p1 1 key=k                     -> StockAdjusted defined
                order a key=k                         -> RedeemRejected hold-already-used
                """);
        }

        @Test
        void aSweepDecidesNothingByItself() {
            run("""
                define p1 stock=9                     -> ProductDefined created
                hold a p1 1                           -> HoldPlaced active
                sweep a                               -> nothing
                """);
        }
    }

    @Nested
    class Holds {

        @Test
        void aHoldMovesAvailableToHeldAndKeepsPriceAndTtl() {
            run("""
                define p1 stock=10 ttl=60 price=10.00   -> ProductDefined created
                at +5s
                hold a p1 3                             -> HoldPlaced active
                define p1 stock=10 ttl=300 price=12.00  -> ProductDefined defined
                show a                                  -> HELD quantity=3 for=60s price=10.00 ACTIVE until +65s
                stock p1                                -> available=7 held=3 pending=0 sold=0
                """);
        }

        @Test
        void theLastUnitsCanBeHeldButNotOneMore() {
            run("""
                define p1 stock=3     -> ProductDefined created
                hold a p1 4           -> HoldRejected insufficient-stock available=3
                hold b p1 3           -> HoldPlaced SoldOut active
                hold c p1 1           -> HoldRejected insufficient-stock available=0
                stock p1              -> available=0 held=3 pending=0 sold=0
                """);
        }

        @Test
        void aHoldOfAnUnknownProductIsRefusedAndStaysRefused() {
            run("""
                hold a p1 1           -> HoldRejected product-not-found
                define p1 stock=3     -> ProductDefined created
                hold a p1 1           -> again product-not-found
                show a                -> refused product-not-found
                hold b p1 1           -> HoldPlaced active
                """);
        }

        @Test
        void failure13_refusedRequestsEatNoStock() {
            run("""
                define p1 stock=99    -> ProductDefined created
                hold a p1 100         -> HoldRejected insufficient-stock available=99
                hold b p1 100         -> HoldRejected insufficient-stock available=99
                order a               -> RedeemRejected hold-not-found
                order zz              -> RedeemRejected hold-not-found
                stock p1              -> available=99 held=0 pending=0 sold=0
                hold c p1 99          -> HoldPlaced SoldOut active
                """);
        }

        @Test
        void failure14_productsAreIndependent() {
            run("""
                define p1 stock=1     -> ProductDefined created
                define p2 stock=1     -> ProductDefined created
                hold a p1 1           -> HoldPlaced SoldOut active
                hold b p1 1           -> HoldRejected insufficient-stock available=0
                hold c p2 1           -> HoldPlaced SoldOut active
                stock p1              -> available=0 held=1 pending=0 sold=0
                stock p2              -> available=0 held=1 pending=0 sold=0
                """);
        }

        @Test
        void aRepeatedRequestIsAnsweredAsTheFirstTimeWhateverBecameOfTheHold() {
            run("""
                define p1 stock=10        -> ProductDefined created
                hold a p1 3 customer=c    -> HoldPlaced active
                hold a p1 3 customer=c    -> again active
                order a                   -> HoldRedeemed (orders answers)
                hold a p1 3 customer=c    -> again active
                paid a                    -> StockSold
                hold a p1 3 customer=c    -> again active
                hold b p1 1               -> HoldPlaced active
                at +120s
                tick b                    -> HoldExpired
                hold b p1 1               -> again active
                stock p1                  -> available=7 held=0 pending=0 sold=3
                """);
        }

        @Test
        void aRefusalIsRepeatedEvenWhenThereIsStockAgain() {
            run("""
                define p1 stock=1         -> ProductDefined created
                hold a p1 2               -> HoldRejected insufficient-stock available=1
                define p1 stock=9         -> ProductDefined defined
                hold a p1 2               -> again insufficient-stock available=1
                """);
        }

        @Test
        void anotherRequestUnderTheSameIdIsRefused() {
            run("""
                define p1 stock=10        -> ProductDefined created
                hold a p1 3 customer=c    -> HoldPlaced active
                hold a p1 2 customer=c    -> idempotency-key-reused
                hold a p1 3 customer=d    -> idempotency-key-reused
                hold a p1 3               -> idempotency-key-reused
                hold b p1 11              -> HoldRejected insufficient-stock available=7
                hold b p1 1               -> idempotency-key-reused
                hold b p1 11              -> again insufficient-stock available=7
                stock p1                  -> available=7 held=3 pending=0 sold=0
                """);
        }

        @Test
        void theAnswerOfARepeatedRequestIsTheSameRecord() {
            InventoryRules rules = new InventoryRules(new InventoryDefaults(120, "EUR"), InventoryScript.TERMS);
            String holdId = HoldId.of("p1", new byte[16]);
            PlaceHold command = new PlaceHold("p1", holdId, 2, null);
            InventoryState state = new InventoryState(null, null, null, 0);
            Decision first = rules.decide(state, command, InventoryScript.START);
            InventoryState after = rules.apply(state, first.events().getFirst(), InventoryScript.START);

            Decision second = rules.decide(after, command, InventoryScript.START.plusSeconds(9));

            assertThat(first.reply()).isInstanceOfSatisfying(Reply.Refused.class, refused -> {
                assertThat(refused.refusal().code()).isEqualTo(RefusalCode.PRODUCT_NOT_FOUND);
                assertThat(second.reply()).isEqualTo(new Reply.Refused(refused.refusal(), true));
            });
        }
    }

    @Nested
    class Expiry {

        @Test
        void failure17_orderAtExactlyExpiresAtIsTooLateAndOneMillisecondBeforeIsNot() {
            run("""
                define p1 stock=10 ttl=120    -> ProductDefined created
                hold a p1 3                   -> HoldPlaced active
                hold b p1 2                   -> HoldPlaced active
                at +119.999s
                order b                       -> HoldRedeemed (orders answers)
                at +120s
                order a                       -> HoldExpired RedeemRejected hold-expired
                stock p1                      -> available=8 held=0 pending=2 sold=0
                show a                        -> EXPIRED quantity=3 for=120s price=10.00 EXPIRED until +120s
                """);
        }

        @Test
        void failure17_tickAtExactlyExpiresAtExpiresAndOneMillisecondBeforeDoesNot() {
            run("""
                define p1 stock=10 ttl=120    -> ProductDefined created
                hold a p1 3                   -> HoldPlaced active
                at +119.999s
                tick a                        -> nothing
                stock p1                      -> available=7 held=3 pending=0 sold=0
                at +120s
                tick a                        -> HoldExpired
                stock p1                      -> available=10 held=0 pending=0 sold=0
                """);
        }

        @Test
        void failure15_withoutAnyTickAnExpiredHoldIsStillRefused() {
            run("""
                define p1 stock=3 ttl=1       -> ProductDefined created
                hold a p1 3                   -> HoldPlaced SoldOut active
                at +24h
                order a key=k                 -> HoldExpired RedeemRejected BackInStock hold-expired
                order a                       -> RedeemRejected hold-expired
                order a key=k                 -> again hold-expired
                hold b p1 3                   -> HoldPlaced SoldOut active
                """);
        }

        @Test
        void failure15_anOverdueHoldKeepsItsUnitsUntilSomebodyExpiresIt() {
            run("""
                define p1 stock=3 ttl=1       -> ProductDefined created
                hold a p1 3                   -> HoldPlaced SoldOut active
                at +2s
                hold b p1 1                   -> HoldRejected insufficient-stock available=0
                tick a                        -> HoldExpired BackInStock
                hold c p1 1                   -> HoldPlaced active
                """);
        }

        @Test
        void aHoldEndsOnce() {
            run("""
                define p1 stock=5 ttl=60      -> ProductDefined created
                hold a p1 2                   -> HoldPlaced active
                hold b p1 3                   -> HoldPlaced SoldOut active
                order b                       -> HoldRedeemed (orders answers)
                at +60s
                tick a                        -> HoldExpired BackInStock
                tick a                        -> nothing
                order a                       -> RedeemRejected hold-expired
                tick b                        -> nothing
                stock p1                      -> available=2 held=0 pending=3 sold=0
                """);
        }

        @Test
        void ticksOfNothingDoNothing() {
            run("""
                tick a                        -> nothing
                define p1 stock=1             -> ProductDefined created
                hold b p1 2                   -> HoldRejected insufficient-stock available=1
                at +48h
                tick b                        -> nothing
                tick a                        -> nothing
                stock p1                      -> available=1 held=0 pending=0 sold=0
                """);
        }

        @Test
        void failure16_onlyTheLogTimeOfTheCommandsCounts() {
            // Append time may step back when a leader changes: the command's own time decides, not the highest seen.
            run("""
                define p1 stock=5 ttl=60      -> ProductDefined created
                at +100s
                hold a p1 1                   -> HoldPlaced active
                at +90s
                order a                       -> HoldRedeemed (orders answers)
                hold b p1 1                   -> HoldPlaced active
                show b                        -> HELD quantity=1 for=60s price=10.00 ACTIVE until +150s
                """);
        }
    }

    @Nested
    class Orders {

        @Test
        void aHoldBecomesOneOrder() {
            run("""
                define p1 stock=10    -> ProductDefined created
                hold a p1 3           -> HoldPlaced active
                order a               -> HoldRedeemed (orders answers)
                order a               -> RedeemRejected hold-already-used
                order a key=k         -> RedeemRejected hold-already-used
                order a key=k         -> again hold-already-used
                stock p1              -> available=7 held=0 pending=3 sold=0
                paid a                -> StockSold
                order a               -> RedeemRejected hold-already-used
                stock p1              -> available=7 held=0 pending=0 sold=3
                """);
        }

        @Test
        void aCancelledOrdersHoldIsUsedUp() {
            run("""
                define p1 stock=10    -> ProductDefined created
                hold a p1 3           -> HoldPlaced active
                order a               -> HoldRedeemed (orders answers)
                cancelled a           -> StockReturned
                order a               -> RedeemRejected hold-already-used
                show a                -> RETURNED quantity=3 for=120s price=10.00 REDEEMED until +120s
                """);
        }

        @Test
        void theRefusalNamesTheOrder() {
            InventoryRules rules = new InventoryRules(new InventoryDefaults(120, "EUR"), InventoryScript.TERMS);
            String holdId = HoldId.of("p1", new byte[16]);
            Hold used = new Hold(
                    holdId,
                    1,
                    null,
                    BigDecimal.TEN,
                    "EUR",
                    InventoryScript.START,
                    InventoryScript.START.plusSeconds(120),
                    Hold.Stage.PENDING,
                    Hold.Extensions.NONE,
                    null);

            Decision decision = rules.decide(
                    new InventoryState(null, used, null, 0),
                    new CreateOrder("p1", holdId, null),
                    InventoryScript.START);

            assertThat(decision.reply())
                    .isInstanceOfSatisfying(
                            Reply.Refused.class,
                            refused -> assertThat(refused.refusal().orderId()).isEqualTo("o_" + holdId.substring(2)));
        }

        @Test
        void unknownAndRefusedHoldsAreNotFound() {
            run("""
                order a               -> RedeemRejected hold-not-found
                order a key=k         -> RedeemRejected hold-not-found
                define p1 stock=1     -> ProductDefined created
                hold a p1 2           -> HoldRejected insufficient-stock available=1
                order a               -> RedeemRejected hold-not-found
                order a key=k         -> again hold-not-found
                """);
        }

        @Test
        void theSameKeyAgainIsAnsweredAsTheFirstTime() {
            run("""
                define p1 stock=10    -> ProductDefined created
                hold a p1 3           -> HoldPlaced active
                order a key=k         -> HoldRedeemed (orders answers)
                order a key=k         -> RedeemRejected (orders answers)
                paid a                -> StockSold
                at +24h
                order a key=k         -> RedeemRejected (orders answers)
                stock p1              -> available=7 held=0 pending=0 sold=3
                """);
        }

        @Test
        void theSameKeyForAnotherHoldIsRefusedAndTheHoldStaysGood() {
            run("""
                define p1 stock=10    -> ProductDefined created
                hold a p1 1           -> HoldPlaced active
                hold b p1 2           -> HoldPlaced active
                order a key=k         -> HoldRedeemed (orders answers)
                order b key=k         -> idempotency-key-reused
                order b key=l         -> HoldRedeemed (orders answers)
                order zz key=m        -> RedeemRejected hold-not-found
                order a key=m         -> idempotency-key-reused
                stock p1              -> available=7 held=0 pending=3 sold=0
                """);
        }

        @Test
        void aKeyBelongsToItsProduct() {
            run("""
                define p1 stock=1     -> ProductDefined created
                define p2 stock=1     -> ProductDefined created
                hold a p1 1           -> HoldPlaced SoldOut active
                hold b p2 1           -> HoldPlaced SoldOut active
                order a key=k         -> HoldRedeemed (orders answers)
                order b key=k         -> HoldRedeemed (orders answers)
                """);
        }
    }

    @Nested
    class Settlement {

        @Test
        void failure6_aPaidOrderIsSoldOnce() {
            run("""
                define p1 stock=10    -> ProductDefined created
                hold a p1 3           -> HoldPlaced active
                order a               -> HoldRedeemed (orders answers)
                paid a                -> StockSold
                paid a                -> nothing
                cancelled a           -> nothing
                stock p1              -> available=7 held=0 pending=0 sold=3
                """);
        }

        @Test
        void failure11_failure12_anOrderReturnsExactlyItsStockAtMostOnce() {
            run("""
                define p1 stock=10    -> ProductDefined created
                hold a p1 3           -> HoldPlaced active
                hold b p1 7           -> HoldPlaced SoldOut active
                order a               -> HoldRedeemed (orders answers)
                cancelled a           -> StockReturned BackInStock
                cancelled a           -> nothing
                paid a                -> nothing
                stock p1              -> available=3 held=7 pending=0 sold=0
                """);
        }

        @Test
        void failure9_aLatePaymentTakesItsStockAgainIfItIsThere() {
            run("""
                define p1 stock=3     -> ProductDefined created
                hold a p1 3           -> HoldPlaced SoldOut active
                order a               -> HoldRedeemed (orders answers)
                cancelled a           -> StockReturned BackInStock
                late a 3              -> StockReacquired SoldOut
                stock p1              -> available=0 held=0 pending=3 sold=0
                paid a                -> StockSold
                stock p1              -> available=0 held=0 pending=0 sold=3
                """);
        }

        @Test
        void failure9_aLatePaymentWhoseStockIsGoneIsRefused() {
            run("""
                define p1 stock=3     -> ProductDefined created
                hold a p1 3           -> HoldPlaced SoldOut active
                order a               -> HoldRedeemed (orders answers)
                cancelled a           -> StockReturned BackInStock
                hold b p1 1           -> HoldPlaced active
                late a 3              -> ReacquireRefused
                stock p1              -> available=2 held=1 pending=0 sold=0
                paid a                -> nothing
                """);
        }

        @Test
        void aLatePaymentIsAlwaysAnsweredAndNeverTakesStockTwice() {
            run("""
                late a 3              -> ReacquireRefused
                define p1 stock=9     -> ProductDefined created
                late a 3              -> ReacquireRefused
                hold a p1 3           -> HoldPlaced active
                late a 3              -> ReacquireRefused
                order a               -> HoldRedeemed (orders answers)
                late a 3              -> ReacquireRefused
                cancelled a           -> StockReturned
                late a 3              -> StockReacquired
                late a 3              -> ReacquireRefused
                paid a                -> StockSold
                late a 3              -> ReacquireRefused
                stock p1              -> available=6 held=0 pending=0 sold=3
                """);
        }

        @Test
        void eventsThatMoveNoStockMoveNoStock() {
            run("""
                define p1 stock=9     -> ProductDefined created
                hold a p1 3           -> HoldPlaced active
                paid a                -> nothing
                cancelled a           -> nothing
                created a             -> nothing
                refund a              -> nothing
                unmatched a           -> nothing
                mismatched a          -> nothing
                paid zz               -> nothing
                cancelled zz          -> nothing
                stock p1              -> available=6 held=3 pending=0 sold=0
                """);
        }
    }

    @Nested
    class Races {

        @Test
        void failure1_of1000HoldsOn100UnitsExactly100AreTaken() {
            assertThat(accepted(100, 1000)).isEqualTo(100);
        }

        @Test
        void failure2_30Buyers10Units10Accepted20Refused0Left() {
            assertThat(accepted(10, 30)).isEqualTo(10);
        }

        private long accepted(int stock, int buyers) {
            StringBuilder table = new StringBuilder("define p1 stock=" + stock + " -> ProductDefined created\n");
            IntStream.range(0, buyers)
                    .mapToObj(buyer -> "hold h%d p1 1 -> %s%n"
                            .formatted(
                                    buyer,
                                    buyer >= stock
                                            ? "HoldRejected insufficient-stock available=0"
                                            : buyer == stock - 1 ? "HoldPlaced SoldOut active" : "HoldPlaced active"))
                    .forEach(table::append);
            table.append("stock p1 -> available=0 held=").append(stock).append(" pending=0 sold=0");
            run(table.toString());
            return table.toString()
                    .lines()
                    .filter(line -> line.contains("HoldPlaced"))
                    .count();
        }
    }

    @Nested
    class BrokenLogs {

        private final InventoryRules rules =
                new InventoryRules(new InventoryDefaults(120, "EUR"), InventoryScript.TERMS);

        @Test
        void anEventOfAHoldThatIsNotThereIsNoState() {
            HoldExpired event = new HoldExpired("p1", HoldId.of("p1", new byte[16]), 1, InventoryScript.START);
            assertThatThrownBy(() -> rules.apply(new InventoryState(null, null, null, 0), event, InventoryScript.START))
                    .isInstanceOf(IllegalStateException.class);
        }

        @Test
        void stockIsNeverNegative() {
            for (List<Integer> numbers :
                    List.of(List.of(-1, 0, 0, 0), List.of(0, -1, 0, 0), List.of(0, 0, -1, 0), List.of(0, 0, 0, -1))) {
                assertThatThrownBy(() -> new Stock(numbers.get(0), numbers.get(1), numbers.get(2), numbers.get(3)))
                        .isInstanceOf(IllegalStateException.class);
            }
        }

        @Test
        void aRefusalThatNoEventTellsIsTold() {
            String holdId = HoldId.of("p1", new byte[16]);
            CreateOrder command = new CreateOrder("p1", holdId, "k");
            Decision reused = rules.decide(
                    new InventoryState(
                            null, null, new RequestRecord.Ordered("another", null, InventoryScript.START), 0),
                    command,
                    InventoryScript.START);
            Decision told = rules.decide(new InventoryState(null, null, null, 0), command, InventoryScript.START);
            Decision replayed = rules.decide(
                    new InventoryState(
                            null,
                            null,
                            new RequestRecord.Ordered(
                                    holdId, Refusal.of(RefusalCode.HOLD_NOT_FOUND, "no"), InventoryScript.START),
                            0),
                    command,
                    InventoryScript.START);

            assertThat(reused.untoldRefusal()).isNotNull();
            assertThat(told.untoldRefusal()).isNull();
            assertThat(replayed.untoldRefusal()).isNull();
        }
    }
}
