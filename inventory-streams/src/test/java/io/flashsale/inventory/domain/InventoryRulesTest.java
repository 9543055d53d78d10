package io.flashsale.inventory.domain;

import static io.flashsale.inventory.domain.InventoryScript.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.InventoryEvent.HoldExpired;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.SaleRules;
import io.flashsale.contracts.SaleStatus;
import java.math.BigDecimal;
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
                hold a p1 1           -> HoldPlaced active
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
            InventoryRules rules = new InventoryRules(new InventoryDefaults(120, "EUR"));
            SaleRules sale = new SaleRules(null, null, InventoryScript.START.plusSeconds(10), null, null, null);
            DefineProduct command = new DefineProduct("p1", "A thing", BigDecimal.TEN, null, 1, null, sale);
            InventoryState nothing = new InventoryState(null, null, null);
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
                define p1 stock=6     -> ProductDefined defined
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
                hold b p1 3           -> HoldPlaced active
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
                hold c p1 99          -> HoldPlaced active
                """);
        }

        @Test
        void failure14_productsAreIndependent() {
            run("""
                define p1 stock=1     -> ProductDefined created
                define p2 stock=1     -> ProductDefined created
                hold a p1 1           -> HoldPlaced active
                hold b p1 1           -> HoldRejected insufficient-stock available=0
                hold c p2 1           -> HoldPlaced active
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
            InventoryRules rules = new InventoryRules(new InventoryDefaults(120, "EUR"));
            String holdId = HoldId.of("p1", new byte[16]);
            PlaceHold command = new PlaceHold("p1", holdId, 2, null);
            InventoryState state = new InventoryState(null, null, null);
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
                hold a p1 3                   -> HoldPlaced active
                at +24h
                order a key=k                 -> HoldExpired RedeemRejected hold-expired
                order a                       -> RedeemRejected hold-expired
                order a key=k                 -> again hold-expired
                hold b p1 3                   -> HoldPlaced active
                """);
        }

        @Test
        void failure15_anOverdueHoldKeepsItsUnitsUntilSomebodyExpiresIt() {
            run("""
                define p1 stock=3 ttl=1       -> ProductDefined created
                hold a p1 3                   -> HoldPlaced active
                at +2s
                hold b p1 1                   -> HoldRejected insufficient-stock available=0
                tick a                        -> HoldExpired
                hold c p1 1                   -> HoldPlaced active
                """);
        }

        @Test
        void aHoldEndsOnce() {
            run("""
                define p1 stock=5 ttl=60      -> ProductDefined created
                hold a p1 2                   -> HoldPlaced active
                hold b p1 3                   -> HoldPlaced active
                order b                       -> HoldRedeemed (orders answers)
                at +60s
                tick a                        -> HoldExpired
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
            InventoryRules rules = new InventoryRules(new InventoryDefaults(120, "EUR"));
            String holdId = HoldId.of("p1", new byte[16]);
            Hold used = new Hold(
                    holdId,
                    1,
                    null,
                    BigDecimal.TEN,
                    "EUR",
                    InventoryScript.START,
                    InventoryScript.START.plusSeconds(120),
                    Hold.Stage.PENDING);

            Decision decision = rules.decide(
                    new InventoryState(null, used, null), new CreateOrder("p1", holdId, null), InventoryScript.START);

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
                hold a p1 1           -> HoldPlaced active
                hold b p2 1           -> HoldPlaced active
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
                hold b p1 7           -> HoldPlaced active
                order a               -> HoldRedeemed (orders answers)
                cancelled a           -> StockReturned
                cancelled a           -> nothing
                paid a                -> nothing
                stock p1              -> available=3 held=7 pending=0 sold=0
                """);
        }

        @Test
        void failure9_aLatePaymentTakesItsStockAgainIfItIsThere() {
            run("""
                define p1 stock=3     -> ProductDefined created
                hold a p1 3           -> HoldPlaced active
                order a               -> HoldRedeemed (orders answers)
                cancelled a           -> StockReturned
                late a 3              -> StockReacquired
                stock p1              -> available=0 held=0 pending=3 sold=0
                paid a                -> StockSold
                stock p1              -> available=0 held=0 pending=0 sold=3
                """);
        }

        @Test
        void failure9_aLatePaymentWhoseStockIsGoneIsRefused() {
            run("""
                define p1 stock=3     -> ProductDefined created
                hold a p1 3           -> HoldPlaced active
                order a               -> HoldRedeemed (orders answers)
                cancelled a           -> StockReturned
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
                                    buyer < stock
                                            ? "HoldPlaced active"
                                            : "HoldRejected insufficient-stock available=0"))
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

        private final InventoryRules rules = new InventoryRules(new InventoryDefaults(120, "EUR"));

        @Test
        void anEventOfAHoldThatIsNotThereIsNoState() {
            HoldExpired event = new HoldExpired("p1", HoldId.of("p1", new byte[16]), 1, InventoryScript.START);
            assertThatThrownBy(() -> rules.apply(new InventoryState(null, null, null), event, InventoryScript.START))
                    .isInstanceOf(NullPointerException.class);
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
                    new InventoryState(null, null, new OrderRequest("another", null)), command, InventoryScript.START);
            Decision told = rules.decide(new InventoryState(null, null, null), command, InventoryScript.START);
            Decision replayed = rules.decide(
                    new InventoryState(
                            null, null, new OrderRequest(holdId, Refusal.of(RefusalCode.HOLD_NOT_FOUND, "no"))),
                    command,
                    InventoryScript.START);

            assertThat(reused.untoldRefusal()).isNotNull();
            assertThat(told.untoldRefusal()).isNull();
            assertThat(replayed.untoldRefusal()).isNull();
        }
    }
}
