package io.flashsale.orders.domain;

import static io.flashsale.orders.domain.OrderScript.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.contracts.CancelReason;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.Limits;
import io.flashsale.contracts.OrderEvent.OrderCancelled;
import io.flashsale.contracts.OrderEvent.OrderCreated;
import io.flashsale.contracts.OrderStatus;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Every rule of orders and payments, as tables: see {@link OrderScript}. */
class OrderRulesTest {

    @Nested
    class Creation {

        @Test
        void aRedeemedHoldIsAPendingOrder() {
            run("""
                redeem a 3 price=19.90    -> OrderCreated pending_payment
                order a                   -> {"order_id":"ID","hold_id":"HOLD","product_id":"p1",\
                "quantity":3,"unit_price":19.90,"amount":59.70,"currency":"EUR","status":"pending_payment",\
                "payment_due_at":"2026-11-27T09:10:00Z"}
                """);
        }

        @Test
        void withoutACallerTheEventIsTheAnswer() {
            run("""
                redeem a 3 from=nobody    -> OrderCreated
                again a from=nobody       -> nothing
                pay a key=k from=nobody   -> OrderPaid
                pay a key=k from=nobody   -> nothing
                fail a key=k from=nobody  -> untold:idempotency-key-reused
                """);
        }

        @Test
        void askedForAgainItIsAnsweredAsTheFirstTimeWhateverBecameOfIt() {
            run("""
                redeem a 1                -> OrderCreated pending_payment
                again a                   -> again pending_payment
                pay a key=k               -> OrderPaid paid
                again a                   -> again pending_payment
                redeem b 1                -> OrderCreated pending_payment
                fail b key=l              -> OrderCancelled(payment_failed) cancelled (payment_failed)
                again b                   -> again pending_payment
                """);
        }

        @Test
        void theEndedOrderOfAForgottenHoldMakesRoomForTheOrderOfANewOne() {
            run("""
                redeem a 1                -> OrderCreated pending_payment
                pay a key=k               -> OrderPaid paid
                redeem a 2                -> OrderCreated pending_payment
                again a                   -> again pending_payment
                """);
        }

        @Test
        void aRefusedOneIsNotAnsweredHere() {
            run("""
                refuse a                  -> nothing
                again a                   -> nothing
                redeem a 1                -> OrderCreated pending_payment
                refuse a                  -> nothing
                other a                   -> nothing
                """);
        }
    }

    @Nested
    class Payments {

        @Test
        void aPaymentPaysAndAFailedOneCancels() {
            run("""
                redeem a 2                                       -> OrderCreated pending_payment
                pay a key=k payment=p amount=20.00 currency=EUR  -> OrderPaid(p) paid
                redeem b 2                                       -> OrderCreated pending_payment
                fail b key=l payment=q                           -> OrderCancelled(payment_failed) cancelled (payment_failed)
                order b                   -> {"order_id":"ID","hold_id":"HOLD","product_id":"p1",\
                "quantity":2,"unit_price":10.00,"amount":20.00,"currency":"EUR","status":"cancelled",\
                "payment_due_at":"2026-11-27T09:10:00Z","cancel_reason":"payment_failed"}
                """);
        }

        @Test
        void failure6_duplicatesOfAPaymentMoveItOnceAndAreAnsweredAlike() {
            StringBuilder table = new StringBuilder("""
                redeem a 1                                       -> OrderCreated pending_payment
                pay a key=k payment=p amount=10.00 currency=EUR  -> OrderPaid(p) paid
                """);
            table.repeat("pay a key=k payment=p amount=10.00 currency=EUR -> again paid\n", 50);
            run(table.toString());
        }

        @Test
        void failure7_theSamePaymentUnderTwoKeysMovesItOnce() {
            run("""
                redeem a 1                -> OrderCreated pending_payment
                pay a key=k payment=p     -> OrderPaid(p) paid
                pay a key=l payment=p     -> again paid
                pay a key=l payment=p     -> again paid
                pay a key=l payment=q     -> idempotency-key-reused
                """);
        }

        @Test
        void failure7_eachPaymentAndStatusIsDecidedOnceUnderWhateverKey() {
            run("""
                redeem a 1                         -> OrderCreated pending_payment
                redeem b 1                         -> OrderCreated pending_payment
                pay a key=k payment=p amount=9     -> PaymentMismatched(9 null, not 10.00 EUR) pending_payment payment-mismatch
                pay a key=l payment=p amount=9     -> again pending_payment payment-mismatch
                pay b key=m payment=p              -> OrderPaid(p) paid
                fail a key=n payment=q             -> OrderCancelled(payment_failed) cancelled (payment_failed)
                fail a key=o payment=q             -> again cancelled (payment_failed)
                pay a key=r payment=q              -> LatePaymentReceived(q)
                fail a key=s payment=q             -> again cancelled (payment_failed)
                pay a key=t payment=p amount=9     -> again pending_payment payment-mismatch
                reacquired a                       -> OrderPaid(q) paid
                pay a key=u payment=q              -> again paid
                fail a key=o payment=q             -> again cancelled (payment_failed)
                fail a key=v payment=q             -> again paid
                """);
        }

        @Test
        void failure8_anOldFailureDoesNotOverwriteAPaidOrder() {
            run("""
                redeem a 1                -> OrderCreated pending_payment
                pay a key=k payment=p     -> OrderPaid(p) paid
                fail a key=l payment=p    -> paid
                at +24h
                fail a key=m              -> paid
                due a                     -> nothing
                """);
        }

        @Test
        void failure22_aWebhookRepeatedAfter72HoursHasNoEffectAndTheSameAnswer() {
            run("""
                redeem a 1                -> OrderCreated pending_payment
                fail a key=k              -> OrderCancelled(payment_failed) cancelled (payment_failed)
                at +1s
                pay a key=l payment=p     -> LatePaymentReceived(p)
                reacquired a              -> OrderPaid(p) paid
                at +72h
                fail a key=k              -> again cancelled (payment_failed)
                pay a key=l payment=p     -> again paid
                """);
        }

        @Test
        void anotherPayloadUnderTheSameKeyIsRefusedAndTheFirstStaysRecorded() {
            run("""
                redeem a 1                                       -> OrderCreated pending_payment
                redeem b 1                                       -> OrderCreated pending_payment
                pay a key=k payment=p amount=10.00 currency=EUR  -> OrderPaid(p) paid
                fail a key=k payment=p amount=10.00 currency=EUR -> idempotency-key-reused
                pay b key=k payment=p amount=10.00 currency=EUR  -> idempotency-key-reused
                pay a key=k payment=q amount=10.00 currency=EUR  -> idempotency-key-reused
                pay a key=k payment=p amount=10.01 currency=EUR  -> idempotency-key-reused
                pay a key=k payment=p amount=10.00 currency=USD  -> idempotency-key-reused
                pay a key=k payment=p amount=10.00               -> idempotency-key-reused
                pay a key=k payment=p currency=EUR               -> idempotency-key-reused
                pay a key=k amount=10.00 currency=EUR            -> idempotency-key-reused
                pay a key=k payment=p amount=10.0 currency=EUR   -> again paid
                pay a key=k payment=p amount=10 currency=EUR     -> again paid
                """);
        }

        @Test
        void aMissingPaymentIdIsNotTheWordNull() {
            run("""
                redeem a 1                -> OrderCreated pending_payment
                pay a key=k               -> OrderPaid paid
                pay a key=k payment=null  -> idempotency-key-reused
                """);
        }

        @Test
        void whatTheProviderDoesNotSayIsNotHeldAgainstIt() {
            run("""
                redeem a 2                -> OrderCreated pending_payment
                pay a key=k               -> OrderPaid paid
                redeem b 2                -> OrderCreated pending_payment
                pay b key=l amount=20     -> OrderPaid paid
                redeem c 2                -> OrderCreated pending_payment
                pay c key=m currency=EUR  -> OrderPaid paid
                """);
        }

        @Test
        void aWrongAmountOrCurrencyDoesNotPay() {
            run("""
                redeem a 2                             -> OrderCreated pending_payment
                pay a key=k amount=19.99               -> PaymentMismatched(19.99 null, not 20.00 EUR) pending_payment payment-mismatch
                pay a key=l amount=20.00 currency=USD  -> PaymentMismatched(20.00 USD, not 20.00 EUR) pending_payment payment-mismatch
                pay a key=m amount=20.0001             -> PaymentMismatched(20.0001 null, not 20.00 EUR) pending_payment payment-mismatch
                pay a key=k amount=19.99               -> again pending_payment payment-mismatch
                pay a key=n amount=20.00               -> OrderPaid paid
                pay a key=k amount=19.99               -> again pending_payment payment-mismatch
                pay a key=o amount=1                   -> PaymentMismatched(1 null, not 20.00 EUR) paid payment-mismatch
                """);
        }

        @Test
        void aWrongAmountDoesNotReviveACancelledOrder() {
            run("""
                redeem a 1                -> OrderCreated pending_payment
                fail a key=k              -> OrderCancelled(payment_failed) cancelled (payment_failed)
                pay a key=l amount=9      -> PaymentMismatched(9 null, not 10.00 EUR) cancelled (payment_failed) payment-mismatch
                pay a key=m payment=p     -> LatePaymentReceived(p)
                pay a key=n amount=9      -> PaymentMismatched(9 null, not 10.00 EUR) cancelled (payment_failed) payment-mismatch
                reacquired a              -> OrderPaid(p) paid
                """);
        }

        @Test
        void aSecondFailureChangesNothing() {
            run("""
                redeem a 1                -> OrderCreated pending_payment
                fail a key=k              -> OrderCancelled(payment_failed) cancelled (payment_failed)
                fail a key=l              -> cancelled (payment_failed)
                at +600s
                due a                     -> nothing
                fail a key=m              -> cancelled (payment_failed)
                """);
        }
    }

    @Nested
    class Deadline {

        @Test
        void failure10_thePaymentDeadlineCancelsOnce() {
            run("""
                redeem a 1                -> OrderCreated pending_payment
                at +599.999s
                due a                     -> nothing
                at +600s
                due a                     -> OrderCancelled(payment_expired)
                due a                     -> nothing
                order a                   -> {"order_id":"ID","hold_id":"HOLD","product_id":"p1",\
                "quantity":1,"unit_price":10.00,"amount":10.00,"currency":"EUR","status":"cancelled",\
                "payment_due_at":"2026-11-27T09:10:00Z","cancel_reason":"payment_expired"}
                """);
        }

        @Test
        void aProductMayHaveAPaymentWindowOfItsOwn() {
            run("""
                redeem a 1 window=60      -> OrderCreated pending_payment
                redeem b 1 window=3600    -> OrderCreated pending_payment
                order a                   -> {"order_id":"ID","hold_id":"HOLD","product_id":"p1",\
                "quantity":1,"unit_price":10.00,"amount":10.00,"currency":"EUR","status":"pending_payment",\
                "payment_due_at":"2026-11-27T09:01:00Z"}
                at +59.999s
                due a                     -> nothing
                at +60s
                due a                     -> OrderCancelled(payment_expired)
                at +3599.999s
                due b                     -> nothing
                pay b key=k payment=p     -> OrderPaid(p) paid
                """);
        }

        @Test
        void aPaymentOneMillisecondBeforeTheDeadlineIsInTime() {
            run("""
                redeem a 1                -> OrderCreated pending_payment
                at +599.999s
                pay a key=k payment=p     -> OrderPaid(p) paid
                at +600s
                due a                     -> nothing
                """);
        }

        @Test
        void aPaymentAtExactlyTheDeadlineIsLateEvenWithoutAnyTick() {
            run("""
                redeem a 1                -> OrderCreated pending_payment
                at +600s
                pay a key=k payment=p     -> OrderCancelled(payment_expired) LatePaymentReceived(p)
                reacquired a              -> OrderPaid(p) paid
                """);
        }

        @Test
        void aFailureAtTheDeadlineSaysWhatEndedTheOrder() {
            run("""
                redeem a 1                -> OrderCreated pending_payment
                redeem b 1                -> OrderCreated pending_payment
                at +599.999s
                fail a key=k              -> OrderCancelled(payment_failed) cancelled (payment_failed)
                at +600s
                fail b key=l              -> OrderCancelled(payment_expired) cancelled (payment_expired)
                """);
        }

        @Test
        void ticksOfNothingDoNothing() {
            run("""
                due a                     -> nothing
                parked-due a              -> nothing
                reacquired a              -> nothing
                reacquire-refused a       -> nothing
                redeem a 1                -> OrderCreated pending_payment
                reacquired a              -> nothing
                reacquire-refused a       -> nothing
                pay a key=k               -> OrderPaid paid
                reacquired a              -> nothing
                reacquire-refused a       -> nothing
                """);
        }
    }

    @Nested
    class Cancellation {

        @Test
        void anUnpaidOrderCanBeCancelledOnce() {
            run("""
                redeem a 3                -> OrderCreated pending_payment
                cancel a                  -> OrderCancelled(requested) cancelled (requested)
                cancel a                  -> again cancelled (requested)
                fail a key=k              -> cancelled (requested)
                at +600s
                due a                     -> nothing
                cancel a                  -> again cancelled (requested)
                order a                   -> {"order_id":"ID","hold_id":"HOLD","product_id":"p1",\
                "quantity":3,"unit_price":10.00,"amount":30.00,"currency":"EUR","status":"cancelled",\
                "payment_due_at":"2026-11-27T09:10:00Z","cancel_reason":"requested"}
                again a                   -> again pending_payment
                """);
        }

        @Test
        void atTheDeadlineItIsTheDeadlineThatEndsIt() {
            run("""
                redeem a 1                -> OrderCreated pending_payment
                redeem b 1                -> OrderCreated pending_payment
                at +599.999s
                cancel a                  -> OrderCancelled(requested) cancelled (requested)
                at +600s
                cancel b                  -> OrderCancelled(payment_expired) cancelled (payment_expired)
                due b                     -> nothing
                """);
        }

        @Test
        void aPaidOrderIsNotCancelled() {
            run("""
                redeem a 1                -> OrderCreated pending_payment
                pay a key=k payment=p     -> OrderPaid(p) paid
                cancel a                  -> order-already-paid
                cancel a from=nobody      -> untold:order-already-paid
                at +600s
                cancel a                  -> order-already-paid
                """);
        }

        @Test
        void anUnknownOrderIsNotFoundAlsoWhileItsPaymentIsParked() {
            run("""
                cancel a                  -> order-not-found
                cancel a from=nobody      -> untold:order-not-found
                pay a key=k payment=p     -> awaiting_order
                cancel a                  -> order-not-found
                redeem a 1                -> OrderCreated OrderPaid(p) paid
                """);
        }

        @Test
        void withoutACallerTheEventIsTheAnswer() {
            run("""
                redeem a 1                -> OrderCreated pending_payment
                cancel a from=nobody      -> OrderCancelled(requested)
                cancel a from=nobody      -> nothing
                """);
        }

        @Test
        void anOrderThatIsCancelledAlreadyIsShownAsItIs() {
            run("""
                redeem a 1                    -> OrderCreated pending_payment
                fail a key=f                  -> OrderCancelled(payment_failed) cancelled (payment_failed)
                cancel a                      -> again cancelled (payment_failed)
                pay a key=k payment=p from=c1 -> LatePaymentReceived(p)
                cancel a                      -> again cancelled (payment_failed)
                reacquire-refused a           -> RefundRequired(p 10.00 EUR) c1:cancelled (payment_failed) refund_required=true
                cancel a                      -> again cancelled (payment_failed) refund_required=true
                """);
        }
    }

    @Nested
    class LatePayments {

        @Test
        void failure9_aLatePaymentPaysIfTheStockIsStillThere() {
            run("""
                redeem a 1                      -> OrderCreated pending_payment
                at +600s
                due a                           -> OrderCancelled(payment_expired)
                pay a key=k payment=p from=c1   -> LatePaymentReceived(p)
                reacquired a                    -> OrderPaid(p) c1:paid
                pay a key=k payment=p from=c2   -> c2:again paid
                order a                         -> {"order_id":"ID","hold_id":"HOLD","product_id":"p1",\
                "quantity":1,"unit_price":10.00,"amount":10.00,"currency":"EUR","status":"paid",\
                "payment_due_at":"2026-11-27T09:10:00Z"}
                """);
        }

        @Test
        void failure9_aLatePaymentWhoseStockIsGoneIsRefunded() {
            run("""
                redeem a 1                                    -> OrderCreated pending_payment
                fail a key=f                                  -> OrderCancelled(payment_failed) cancelled (payment_failed)
                pay a key=k payment=p amount=10.0 from=c1     -> LatePaymentReceived(p)
                reacquire-refused a                           -> RefundRequired(p 10.0 EUR) c1:cancelled (payment_failed) refund_required=true
                reacquire-refused a                           -> nothing
                pay a key=k payment=p amount=10.0 from=c2     -> c2:again cancelled (payment_failed) refund_required=true
                fail a key=f                                  -> again cancelled (payment_failed)
                fail a key=g                                  -> cancelled (payment_failed) refund_required=true
                order a                         -> {"order_id":"ID","hold_id":"HOLD","product_id":"p1",\
                "quantity":1,"unit_price":10.00,"amount":10.00,"currency":"EUR","status":"cancelled",\
                "payment_due_at":"2026-11-27T09:10:00Z","cancel_reason":"payment_failed","refund_required":true}
                """);
        }

        @Test
        void aRefundedOrderIsNotRevived() {
            run("""
                redeem a 1                -> OrderCreated pending_payment
                fail a key=f              -> OrderCancelled(payment_failed) cancelled (payment_failed)
                pay a key=k payment=p     -> LatePaymentReceived(p)
                reacquire-refused a       -> RefundRequired(p 10.00 EUR) cancelled (payment_failed) refund_required=true
                pay a key=l payment=p     -> again cancelled (payment_failed) refund_required=true
                reacquired a              -> nothing
                """);
        }

        @Test
        void everybodyWhoWaitsIsToldOnce() {
            run("""
                redeem a 1                         -> OrderCreated pending_payment
                fail a key=f                       -> OrderCancelled(payment_failed) cancelled (payment_failed)
                pay a key=k payment=p from=c1      -> LatePaymentReceived(p)
                pay a key=k payment=p from=c2      -> nothing
                pay a key=l payment=p from=c3      -> nothing
                pay a key=l payment=p from=c4      -> nothing
                pay a key=l payment=p from=nobody  -> nothing
                pay a key=m payment=p from=nobody  -> nothing
                fail a key=l payment=p from=c5     -> c5:idempotency-key-reused
                fail a key=g from=c6               -> c6:cancelled (payment_failed)
                due a                              -> nothing
                reacquired a                       -> OrderPaid(p) c1:paid c2:again paid c3:again paid c4:again paid
                pay a key=m payment=p from=c7      -> c7:again paid
                pay a key=k payment=p from=c8      -> c8:again paid
                """);
        }

        @Test
        void aLatePaymentWithoutACallerIsTakenToo() {
            run("""
                redeem a 1                         -> OrderCreated pending_payment
                fail a key=f                       -> OrderCancelled(payment_failed) cancelled (payment_failed)
                pay a key=k payment=p from=nobody  -> LatePaymentReceived(p)
                pay a key=k payment=p from=c1      -> nothing
                reacquired a                       -> OrderPaid(p) c1:again paid
                """);
        }

        @Test
        void whoAskedForTheCancellationGetsTheMoneyBackWhateverStockThereIs() {
            run("""
                redeem a 1                           -> OrderCreated pending_payment
                cancel a                             -> OrderCancelled(requested) cancelled (requested)
                pay a key=k payment=p amount=10.0    -> RefundRequired(p 10.0 EUR) cancelled (requested) refund_required=true
                pay a key=k payment=p amount=10.0    -> again cancelled (requested) refund_required=true
                pay a key=l payment=q                -> RefundRequired(q 10.00 EUR) cancelled (requested) refund_required=true duplicate-payment
                reacquired a                         -> nothing
                reacquire-refused a                  -> nothing
                cancel a                             -> again cancelled (requested) refund_required=true
                order a                         -> {"order_id":"ID","hold_id":"HOLD","product_id":"p1",\
                "quantity":1,"unit_price":10.00,"amount":10.00,"currency":"EUR","status":"cancelled",\
                "payment_due_at":"2026-11-27T09:10:00Z","cancel_reason":"requested","refund_required":true}
                """);
        }

        @Test
        void aPipelineThatDoesNotReacquireRefundsLatePaymentsAtOnce() {
            run(LatePaymentPolicy.REFUND, """
                redeem a 1                           -> OrderCreated pending_payment
                redeem b 1                           -> OrderCreated pending_payment
                redeem c 1                           -> OrderCreated pending_payment
                fail a key=f                         -> OrderCancelled(payment_failed) cancelled (payment_failed)
                pay a key=k payment=p                -> RefundRequired(p 10.00 EUR) cancelled (payment_failed) refund_required=true
                pay a key=k payment=p                -> again cancelled (payment_failed) refund_required=true
                pay a key=g from=nobody              -> nothing
                at +599.999s
                pay b key=l payment=q                -> OrderPaid(q) paid
                at +600s
                pay c key=m                          -> OrderCancelled(payment_expired) RefundRequired(null 10.00 EUR) cancelled (payment_expired) refund_required=true
                due c                                -> nothing
                """);
        }

        @Test
        void noMoreThanTheLimitWait() {
            StringBuilder table = new StringBuilder("""
                redeem a 1                         -> OrderCreated pending_payment
                fail a key=f                       -> OrderCancelled(payment_failed) cancelled (payment_failed)
                pay a key=k from=w0                -> LatePaymentReceived(null)
                """);
            StringBuilder told = new StringBuilder("w0:paid");
            for (int waiter = 1; waiter < Limits.MAX_LATE_PAYMENT_WAITERS + 5; waiter++) {
                table.append("pay a key=k from=w").append(waiter).append(" -> nothing\n");
                if (waiter < Limits.MAX_LATE_PAYMENT_WAITERS) {
                    told.append(" w").append(waiter).append(":again paid");
                }
            }
            table.append("reacquired a -> OrderPaid ").append(told);
            run(table.toString());
        }
    }

    @Nested
    class SecondPayments {

        @Test
        void anotherPaymentOfAPaidOrderGoesBack() {
            run("""
                redeem a 1                            -> OrderCreated pending_payment
                pay a key=k payment=p                 -> OrderPaid(p) paid
                pay a key=l payment=q amount=10.0     -> RefundRequired(q 10.0 EUR) paid duplicate-payment
                pay a key=l payment=q amount=10.0     -> again paid duplicate-payment
                pay a key=u payment=q amount=10.0     -> again paid duplicate-payment
                pay a key=m payment=r from=nobody     -> RefundRequired(r 10.00 EUR)
                pay a key=n payment=s amount=9        -> PaymentMismatched(9 null, not 10.00 EUR) paid payment-mismatch
                fail a key=o payment=t                -> paid
                pay a key=k payment=p                 -> again paid
                order a                         -> {"order_id":"ID","hold_id":"HOLD","product_id":"p1",\
                "quantity":1,"unit_price":10.00,"amount":10.00,"currency":"EUR","status":"paid",\
                "payment_due_at":"2026-11-27T09:10:00Z"}
                """);
        }

        @Test
        void withoutBothIdsNobodyCanTell() {
            run("""
                redeem a 1                -> OrderCreated pending_payment
                pay a key=k               -> OrderPaid paid
                pay a key=l payment=q     -> paid
                redeem b 1                -> OrderCreated pending_payment
                pay b key=m payment=p     -> OrderPaid(p) paid
                pay b key=n               -> paid
                """);
        }

        @Test
        void anotherPaymentGoesBackAtOnceWhileALateOneWaits() {
            run("""
                redeem a 1                          -> OrderCreated pending_payment
                fail a key=f payment=p              -> OrderCancelled(payment_failed) cancelled (payment_failed)
                pay a key=k payment=p from=c1       -> LatePaymentReceived(p)
                pay a key=l payment=q from=c2       -> RefundRequired(q 10.00 EUR) c2:cancelled (payment_failed) duplicate-payment
                pay a key=m from=c3                 -> nothing
                reacquired a                        -> OrderPaid(p) c1:paid c3:paid
                pay a key=n payment=q from=c4       -> c4:again cancelled (payment_failed) duplicate-payment
                """);
        }

        @Test
        void aLatePaymentWithoutAnIdIsNotKnownToBeAnother() {
            run("""
                redeem a 1                          -> OrderCreated pending_payment
                fail a key=f                        -> OrderCancelled(payment_failed) cancelled (payment_failed)
                pay a key=k from=c1                 -> LatePaymentReceived(null)
                pay a key=l payment=q from=c2       -> nothing
                reacquire-refused a                 -> RefundRequired(null 10.00 EUR) c1:cancelled (payment_failed) refund_required=true c2:cancelled (payment_failed) refund_required=true
                """);
        }

        @Test
        void anotherPaymentOfAnOrderWhoseMoneyGoesBackGoesBackToo() {
            run("""
                redeem a 1                -> OrderCreated pending_payment
                fail a key=f              -> OrderCancelled(payment_failed) cancelled (payment_failed)
                pay a key=k payment=p     -> LatePaymentReceived(p)
                pay a key=l payment=q     -> RefundRequired(q 10.00 EUR) cancelled (payment_failed) duplicate-payment
                reacquire-refused a       -> RefundRequired(p 10.00 EUR) cancelled (payment_failed) refund_required=true
                pay a key=m payment=r     -> RefundRequired(r 10.00 EUR) cancelled (payment_failed) refund_required=true duplicate-payment
                """);
        }

        @Test
        void ofTwoPaymentsBeforeTheirOrderTheFirstPaysAndTheOtherGoesBack() {
            run("""
                pay a key=k payment=p              -> awaiting_order
                pay a key=l payment=q amount=10.0  -> awaiting_order
                pay a key=m                        -> awaiting_order
                pay a key=n payment=r amount=9     -> awaiting_order
                redeem a 1                         -> OrderCreated OrderPaid(p) RefundRequired(q 10.0 EUR) PaymentMismatched(9 null, not 10.00 EUR) paid
                """);
        }
    }

    @Nested
    class EarlyPayments {

        @Test
        void failure4_aPaymentBeforeItsOrderPaysIt() {
            run("""
                pay a key=k payment=p amount=10.00   -> awaiting_order
                pay a key=k payment=p amount=10.00   -> again awaiting_order
                parked a                             -> 1
                redeem a 1                           -> OrderCreated OrderPaid(p) paid
                parked a                             -> none
                pay a key=k payment=p amount=10.00   -> again awaiting_order
                again a                              -> again paid
                due a                                -> nothing
                """);
        }

        @Test
        void failure7_aPaymentUnderTwoKeysBeforeItsOrderIsKeptOnce() {
            run("""
                pay a key=k payment=p amount=9.99  -> awaiting_order
                pay a key=l payment=p amount=9.99  -> again awaiting_order
                fail a key=m payment=p             -> awaiting_order
                parked a                           -> 2
                redeem a 1                         -> OrderCreated PaymentMismatched(9.99 null, not 10.00 EUR) OrderCancelled(payment_failed) cancelled (payment_failed)
                pay a key=l payment=p amount=9.99  -> again awaiting_order
                pay a key=n payment=p amount=9.99  -> again cancelled (payment_failed)
                pay b key=o payment=p              -> awaiting_order
                at +3600s
                parked-due b                       -> PaymentUnmatched(p)
                pay b key=q payment=p              -> again awaiting_order
                parked b                           -> none
                """);
        }

        @Test
        void aFailureBeforeItsOrderCancelsIt() {
            run("""
                fail a key=k              -> awaiting_order
                redeem a 1                -> OrderCreated OrderCancelled(payment_failed) cancelled (payment_failed)
                again a                   -> again cancelled (payment_failed)
                pay a key=l payment=p     -> LatePaymentReceived(p)
                reacquired a              -> OrderPaid(p) paid
                again a                   -> again cancelled (payment_failed)
                """);
        }

        @Test
        void failure8_aGoodPaymentBeforeItsOrderWinsOverFailuresInAnyOrder() {
            run("""
                fail a key=k              -> awaiting_order
                pay a key=l payment=p     -> awaiting_order
                fail a key=m              -> awaiting_order
                pay a key=n payment=q     -> awaiting_order
                parked a                  -> 4
                redeem a 1                -> OrderCreated OrderPaid(p) RefundRequired(q 10.00 EUR) paid
                fail a key=k              -> again awaiting_order
                """);
        }

        @Test
        void aWrongAmountBeforeItsOrderDoesNotPayIt() {
            run("""
                pay a key=k amount=9.99   -> awaiting_order
                redeem a 1                -> OrderCreated PaymentMismatched(9.99 null, not 10.00 EUR) pending_payment
                pay a key=l amount=10     -> OrderPaid paid
                pay b key=m amount=9.99   -> awaiting_order
                fail b key=n              -> awaiting_order
                redeem b 1                -> OrderCreated PaymentMismatched(9.99 null, not 10.00 EUR) OrderCancelled(payment_failed) cancelled (payment_failed)
                """);
        }

        @Test
        void failure5_aPaymentWhoseOrderNeverComesIsUnmatchedOnceAfterItsOwnDeadline() {
            run("""
                pay a key=k payment=p     -> awaiting_order
                at +1s
                pay a key=l payment=q     -> awaiting_order
                at +3599.999s
                parked-due a              -> nothing
                at +3600s
                parked-due a              -> PaymentUnmatched(p)
                parked-due a              -> nothing
                parked a                  -> 1
                pay a key=k payment=p     -> again awaiting_order
                at +3601s
                parked-due a              -> PaymentUnmatched(q)
                parked a                  -> none
                redeem a 1                -> OrderCreated pending_payment
                """);
        }

        @Test
        void anUnmatchedPaymentSaysWhetherMoneyWasTaken() {
            run("""
                fail a key=k payment=p    -> awaiting_order
                pay a key=l payment=q     -> awaiting_order
                at +3600s
                parked-due a              -> PaymentUnmatched(p failed) PaymentUnmatched(q)
                """);
        }

        @Test
        void anOrderThatComesBeforeTheTickFindsEvenAnOverduePayment() {
            run("""
                pay a key=k payment=p     -> awaiting_order
                at +2h
                redeem a 1                -> OrderCreated OrderPaid(p) paid
                parked-due a              -> nothing
                """);
        }

        @Test
        void noMoreThanTheLimitArePerOrderParked() {
            StringBuilder table = new StringBuilder();
            IntStream.range(0, Limits.MAX_PARKED_PAYMENTS)
                    .forEach(n -> table.append("pay a key=k").append(n).append(" -> awaiting_order\n"));
            table.append("pay a key=one-more payment=x -> PaymentUnmatched(x) awaiting_order\n");
            table.append("pay a key=one-more payment=x -> again awaiting_order\n");
            table.append("parked a -> ").append(Limits.MAX_PARKED_PAYMENTS).append("\n");
            table.append("pay b key=other -> awaiting_order\n");
            table.append("redeem a 1 -> OrderCreated OrderPaid paid\n");
            run(table.toString());
        }
    }

    @Nested
    class Forgetting {

        @Test
        void aWebhookIsForgottenAWeekAfterItsFirstAnswerAndItsOrderAMonthAfterItsEnd() {
            run("""
                redeem a 1                -> OrderCreated pending_payment
                at +1s
                pay a key=k payment=p     -> OrderPaid(p) paid
                at +100h
                pay a key=k payment=p     -> again paid
                at +168h
                sweep                     -> nothing
                at +168h1s
                sweep                     -> 1 orders, 0 keys, 0 payments left
                pay a key=k payment=p     -> paid
                at +720h
                sweep                     -> 1 orders, 0 keys, 0 payments left
                cancel a                  -> order-already-paid
                at +720h1s
                sweep                     -> 0 orders, 0 keys, 0 payments left
                cancel a                  -> order-not-found
                """);
        }

        @Test
        void anUnpaidOrderIsNeverForgotten() {
            run("""
                redeem a 1                -> OrderCreated pending_payment
                at +7200h
                sweep                     -> nothing
                due a                     -> OrderCancelled(payment_expired)
                at +7919h
                sweep                     -> nothing
                at +7920h
                sweep                     -> 0 orders, 0 keys, 0 payments left
                """);
        }

        @Test
        void theLastEndCounts() {
            run("""
                redeem a 1                -> OrderCreated pending_payment
                redeem b 1                -> OrderCreated pending_payment
                redeem c 1                -> OrderCreated pending_payment
                fail a key=f from=nobody  -> OrderCancelled(payment_failed)
                fail b key=g from=nobody  -> OrderCancelled(payment_failed)
                cancel c                  -> OrderCancelled(requested) cancelled (requested)
                at +240h
                pay a key=k from=nobody   -> LatePaymentReceived(null)
                pay b key=l from=nobody   -> LatePaymentReceived(null)
                pay c key=m from=nobody   -> RefundRequired(null 10.00 EUR)
                reacquired a              -> OrderPaid
                reacquire-refused b       -> RefundRequired(null 10.00 EUR)
                # The inventory keeps c's hold from the cancellation on, and the order must not outlive it.
                at +720h
                sweep                     -> 2 orders, 0 keys, 0 payments left
                at +959h
                sweep                     -> nothing
                at +960h
                sweep                     -> 0 orders, 0 keys, 0 payments left
                """);
        }

        @Test
        void anOrderIsKeptWhileALatePaymentWaits() {
            run("""
                redeem a 1                -> OrderCreated pending_payment
                fail a key=f from=nobody  -> OrderCancelled(payment_failed)
                at +719h
                pay a key=k payment=p     -> LatePaymentReceived(p)
                at +720h
                sweep                     -> 1 orders, 1 keys, 1 payments left
                at +7200h
                sweep                     -> 1 orders, 0 keys, 0 payments left
                reacquired a              -> OrderPaid(p) paid
                at +7919h
                sweep                     -> nothing
                at +7920h
                sweep                     -> 0 orders, 0 keys, 0 payments left
                """);
        }

        @Test
        void aWebhookOfAForgottenOrderIsLikeOneWhoseOrderNeverCame() {
            run("""
                redeem a 1                -> OrderCreated pending_payment
                fail a key=f from=nobody  -> OrderCancelled(payment_failed)
                at +720h
                sweep                     -> 0 orders, 0 keys, 0 payments left
                pay a key=k payment=p     -> awaiting_order
                at +721h
                parked-due a              -> PaymentUnmatched(p)
                again a                   -> nothing
                """);
        }

        @Test
        void aKeyThatOutlivesItsOrderStillHasAnAnswer() {
            run("""
                redeem a 1                -> OrderCreated pending_payment
                fail a key=f from=nobody  -> OrderCancelled(payment_failed)
                at +719h
                pay a key=k payment=p     -> LatePaymentReceived(p)
                # Another leader, whose clock is behind.
                at -24h
                reacquired a              -> OrderPaid(p) paid
                at +720h
                sweep                     -> 0 orders, 1 keys, 1 payments left
                pay a key=k payment=p     -> again awaiting_order
                pay a key=l payment=p     -> again awaiting_order
                """);
        }
    }

    @Test
    void theRecordedAnswerIsTheSameByteForByte() {
        Order order = new Order(
                "o_x",
                "h_x",
                "p1",
                1,
                BigDecimal.TEN,
                BigDecimal.TEN,
                "EUR",
                OrderScript.START,
                OrderStatus.CANCELLED,
                OrderStatus.CANCELLED,
                CancelReason.PAYMENT_FAILED,
                false,
                null,
                OrderScript.START,
                null,
                null);
        assertThat(Json.MAPPER.writeValueAsString(
                        order.refunding(null, OrderScript.START).toAnswer()))
                .isEqualTo(Json.MAPPER.writeValueAsString(order.toAnswer()))
                .isEqualTo(Json.MAPPER.writeValueAsString(
                        order.paid("p", OrderScript.START).toAnswer()));
    }

    @Test
    void anEndIsTimedOnceAndAnotherSettingCountsFromTheNextOneOn() {
        OrderDefaults defaults =
                new OrderDefaults(Duration.ofMinutes(10), Duration.ofHours(1), LatePaymentPolicy.REFUND);
        OrderRules first = new OrderRules(defaults, new OrderRetention(Duration.ofDays(7), Duration.ofDays(30)));
        OrderRules then = new OrderRules(defaults, new OrderRetention(Duration.ofDays(8), Duration.ofDays(40)));
        OrderState pending = new OrderState(
                Order.created(new OrderCreated(
                        "p1",
                        "o_x",
                        "h_x",
                        1,
                        null,
                        BigDecimal.TEN,
                        BigDecimal.TEN,
                        "EUR",
                        OrderScript.START,
                        OrderScript.START)),
                null,
                null,
                null);
        Instant end = OrderScript.START;

        OrderState cancelled = first.apply(
                pending, new OrderFact.Published(new OrderCancelled("p1", "o_x", 1, CancelReason.REQUESTED, end)));
        OrderState refunded = then.apply(cancelled, new OrderFact.RefundStarted("p", end));
        OrderState endedAgain = then.apply(cancelled, new OrderFact.RefundStarted("p", end.plusSeconds(1)));

        assertThat(pending.order().keptUntil()).isNull();
        assertThat(cancelled.order().keptUntil()).isEqualTo(end.plus(Duration.ofDays(30)));
        assertThat(refunded.order().keptUntil()).isEqualTo(end.plus(Duration.ofDays(30)));
        assertThat(endedAgain.order().keptUntil()).isEqualTo(end.plusSeconds(1).plus(Duration.ofDays(40)));
    }

    @Test
    void aFactOfAnOrderThatIsNotThereIsNoState() {
        OrderRules rules = new OrderRules(
                new OrderDefaults(Duration.ofMinutes(10), Duration.ofHours(1), LatePaymentPolicy.REACQUIRE),
                new OrderRetention(Duration.ofDays(7), Duration.ofDays(30)));
        OrderFact cancelled = new OrderFact.Published(
                new OrderCancelled("p1", "o_x", 1, CancelReason.PAYMENT_FAILED, OrderScript.START));
        assertThatThrownBy(() -> rules.apply(new OrderState(null, null, null, null), cancelled))
                .isInstanceOf(NullPointerException.class);
    }
}
