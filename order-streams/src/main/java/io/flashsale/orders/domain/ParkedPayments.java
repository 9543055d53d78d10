package io.flashsale.orders.domain;

import io.flashsale.contracts.Limits;
import java.util.ArrayList;
import java.util.List;

/** The payments kept for one order that does not exist yet, in their log order. */
public record ParkedPayments(List<ParkedPayment> payments) {

    static final ParkedPayments NONE = new ParkedPayments(List.of());

    boolean isFull() {
        return payments.size() >= Limits.MAX_PARKED_PAYMENTS;
    }

    boolean isEmpty() {
        return payments.isEmpty();
    }

    ParkedPayments with(ParkedPayment payment) {
        List<ParkedPayment> all = new ArrayList<>(payments);
        all.add(payment);
        return new ParkedPayments(List.copyOf(all));
    }

    ParkedPayments without(String idempotencyKey) {
        return new ParkedPayments(payments.stream()
                .filter(parked -> !parked.payment().idempotencyKey().equals(idempotencyKey))
                .toList());
    }
}
