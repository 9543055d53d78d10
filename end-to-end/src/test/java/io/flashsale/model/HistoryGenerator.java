package io.flashsale.model;

import io.flashsale.contracts.Command;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.WebhookCommand.PaymentFailed;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import io.flashsale.model.Action.Advance;
import io.flashsale.model.Action.App;
import io.flashsale.model.Action.Punctuate;
import io.flashsale.model.Action.Read;
import io.flashsale.model.Action.Restart;
import io.flashsale.model.Action.Send;
import io.flashsale.model.Action.ToDeadline;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * Random histories of a few products with few units, so that nearly everything meets everything: repeated and changed
 * requests, payments before, beside and after their orders, deadlines met exactly, readers that lag, ticks that come
 * early, late or never.
 */
final class HistoryGenerator {

    private static final BigDecimal PRICE = new BigDecimal("10.00");

    private final Random random;
    private final int products;
    private final int holds;
    private final int plenty;
    private final boolean punctual;

    /** In how many of ten actions everything is read to its end: none is all backlog, many is all talk and answer. */
    private final int eagerness;

    private final List<Command> sent = new ArrayList<>();
    private final Deque<Action> story = new ArrayDeque<>();
    private final List<Integer> asked = new ArrayList<>();
    private final List<Integer> ordered = new ArrayList<>();

    private HistoryGenerator(long seed) {
        random = new Random(seed);
        products = 1 + Math.min(random.nextInt(3), random.nextInt(3));
        holds = 2 + random.nextInt(7);
        eagerness = random.nextInt(3) == 0 ? 0 : random.nextInt(10);
        plenty = random.nextBoolean() ? 3 : 9;
        punctual = random.nextInt(4) > 0;
    }

    /** The same seed, the same history. */
    static List<Action> history(long seed) {
        HistoryGenerator generator = new HistoryGenerator(seed);
        List<Action> history = new ArrayList<>();
        for (int product = 0; product < generator.products; product++) {
            if (generator.random.nextInt(10) > 0) {
                history.add(generator.send(generator.define(product, 1 + generator.random.nextInt(generator.plenty))));
            }
        }
        int length = 10 + generator.random.nextInt(90);
        while (history.size() < length) {
            history.add(generator.next());
            if (generator.random.nextInt(10) < generator.eagerness) {
                history.add(new Read(App.INVENTORY, generator.random.nextInt(10), 20));
                history.add(new Read(App.ORDERS, generator.random.nextInt(10), 20));
            }
        }
        return history;
    }

    /** Half of the time the story goes on, if one is being told; the other half anything may come between. */
    private Action next() {
        if (story.isEmpty() && random.nextInt(20) == 0) {
            story.addAll(latePayment(random.nextInt(holds)));
        }
        return story.isEmpty() || random.nextBoolean() ? action() : story.removeFirst();
    }

    /** An order that is cancelled, others who want its units, and its payment after all: too rare to wait for. */
    private List<Action> latePayment(int hold) {
        List<Action> story = new ArrayList<>();
        story.add(send(new PlaceHold(productOf(hold), holdId(hold), 1 + hold % 3, null)));
        story.add(new Read(App.INVENTORY, random.nextInt(10), 20));
        story.add(send(new CreateOrder(productOf(hold), holdId(hold), "k" + hold)));
        story.add(new Read(App.INVENTORY, random.nextInt(10), 20));
        story.add(new Read(App.ORDERS, random.nextInt(10), 20));
        story.add(random.nextBoolean() ? send(payment(hold, 5)) : new Advance(30_000));
        story.add(random.nextBoolean() ? new Read(App.ORDERS, 0, 20) : new Punctuate(App.ORDERS, false));
        story.add(new Read(App.ORDERS, random.nextInt(10), 20));
        story.add(new Read(App.INVENTORY, random.nextInt(10), 20));
        for (int other = hold + products; other < hold + 4 * products; other += products) {
            story.add(send(new PlaceHold(productOf(hold), holdId(other), 1 + other % 3, null)));
        }
        story.add(random.nextBoolean() ? new Read(App.INVENTORY, random.nextInt(10), 20) : new Advance(1));
        story.add(send(payment(hold, 0)));
        story.add(send(payment(hold, random.nextInt(6))));
        return story;
    }

    private Action action() {
        int dice = random.nextInt(100);
        if (dice < 55) {
            return send(command());
        }
        if (dice < 82) {
            return new Read(app(), random.nextInt(10), 1 + random.nextInt(4));
        }
        if (dice < 87) {
            return new Advance(new long[] {1, 999, 1_000, 5_000, 5_000, 20_000, 30_000, -3}[random.nextInt(8)]);
        }
        if (dice < 91) {
            return new ToDeadline(random.nextInt(10), random.nextInt(3) - 1);
        }
        if (dice < 97) {
            return punctual ? new Punctuate(app(), random.nextInt(5) == 0) : new Read(app(), 0, 1);
        }
        return new Restart(app());
    }

    private App app() {
        return random.nextBoolean() ? App.INVENTORY : App.ORDERS;
    }

    private Send send(Command command) {
        sent.add(command);
        return new Send(command, random.nextInt(5) > 0);
    }

    private Command command() {
        int dice = random.nextInt(100);
        if (dice < 12 && !sent.isEmpty()) {
            return sent.get(random.nextInt(sent.size()));
        }
        if (dice < 15) {
            return define(random.nextInt(products), random.nextInt(1 + plenty));
        }
        if (dice < 45) {
            int hold = random.nextInt(holds);
            asked.add(hold);
            return new PlaceHold(
                    productOf(hold), holdId(hold), quantity(hold), random.nextInt(15) == 0 ? "other" : null);
        }
        if (dice < 70) {
            int hold = mostlyOneOf(asked);
            ordered.add(hold);
            return new CreateOrder(productOf(hold), holdId(hold), orderKey(hold));
        }
        return payment(mostlyOneOf(ordered));
    }

    /** Mostly what could have happened, because one step came before the other. */
    private int mostlyOneOf(List<Integer> known) {
        return known.isEmpty() || random.nextInt(6) == 0
                ? random.nextInt(holds)
                : known.get(random.nextInt(known.size()));
    }

    private String productOf(int hold) {
        return "p" + hold % products;
    }

    private String holdId(int hold) {
        return HoldId.of(productOf(hold), ByteBuffer.allocate(16).putInt(hold).array());
    }

    /** None, the hold's own, or one that another hold may have. */
    private String orderKey(int hold) {
        int dice = random.nextInt(10);
        return dice < 4 ? null : dice < 9 ? "k" + hold : "k" + random.nextInt(holds);
    }

    /** Mostly the same for one hold, so that a request is repeated rather than changed. */
    private int quantity(int hold) {
        return random.nextInt(10) == 0 ? 1 + random.nextInt(4) : 1 + hold % 3;
    }

    private Command payment(int hold) {
        return payment(hold, random.nextInt(6));
    }

    /** A key says what its notification says, except once in a while. */
    private Command payment(int hold, int usualKind) {
        int kind = usualKind;
        String key = "w" + hold + "-" + kind;
        if (random.nextInt(12) == 0) {
            kind = random.nextInt(6);
        }
        BigDecimal right = PRICE.multiply(BigDecimal.valueOf(1 + hold % 3));
        String productId = productOf(hold);
        String orderId = OrderId.ofHold(holdId(hold));
        return switch (kind) {
            case 0 -> new PaymentSucceeded(productId, orderId, key, "pay" + hold, right, "EUR");
            case 1 ->
                new PaymentSucceeded(productId, orderId, key, "pay" + hold, right.setScale(random.nextInt(3)), null);
            case 2 -> new PaymentSucceeded(productId, orderId, key, null, null, null);
            case 3 -> new PaymentSucceeded(productId, orderId, key, "pay" + hold, right.add(BigDecimal.ONE), "EUR");
            case 4 -> new PaymentSucceeded(productId, orderId, key, "pay-other", right, "USD");
            default -> new PaymentFailed(productId, orderId, key, "pay" + hold, right, "EUR");
        };
    }

    private DefineProduct define(int product, int stock) {
        return new DefineProduct(
                "p" + product,
                "A thing",
                random.nextInt(8) == 0 ? new BigDecimal("12.50") : PRICE,
                random.nextInt(8) == 0 ? "EUR" : null,
                stock,
                random.nextInt(4) == 0 ? Integer.valueOf(1 + random.nextInt(60)) : null);
    }
}
