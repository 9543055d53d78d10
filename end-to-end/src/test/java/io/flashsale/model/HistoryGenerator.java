package io.flashsale.model;

import io.flashsale.contracts.Command;
import io.flashsale.contracts.HoldCommand.ExtendHold;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldCommand.ReleaseHold;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.Limits;
import io.flashsale.contracts.OrderCommand.CancelOrder;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.ProductCommand.AdjustStock;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.SaleRules;
import io.flashsale.contracts.WebhookCommand.PaymentFailed;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import io.flashsale.model.Action.Advance;
import io.flashsale.model.Action.App;
import io.flashsale.model.Action.Punctuate;
import io.flashsale.model.Action.Read;
import io.flashsale.model.Action.Restart;
import io.flashsale.model.Action.Send;
import io.flashsale.model.Action.Term;
import io.flashsale.model.Action.ToDeadline;
import io.flashsale.model.Action.ToForgetting;
import io.flashsale.model.Trace.Terms;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * Random histories of a few products with few units, so that nearly everything meets everything: repeated and changed
 * requests, payments before, beside and after their orders, deadlines met exactly, readers that lag, ticks that come
 * early, late or never, and what was forgotten asked for again.
 */
final class HistoryGenerator {

    private static final BigDecimal PRICE = new BigDecimal("10.00");
    private static final int PAYMENT_KINDS = 9;

    private final Random random;
    private final int products;
    private final int holds;
    private final int plenty;
    private final boolean punctual;
    private final boolean bound;

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
        bound = random.nextBoolean();
    }

    /** Mostly the defaults; a quarter of the shops does not sell late, another one is generous with extensions. */
    static Terms terms(long seed) {
        return SaleSimulation.terms(seed % 4 == 1 ? 3 : 1, seed % 4 == 0);
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
        if (story.isEmpty() && random.nextInt(12) == 0) {
            int hold = random.nextInt(holds);
            story.addAll(
                    switch (random.nextInt(6)) {
                        case 0, 1, 2 -> latePayment(hold);
                        case 3 -> secondPayment(hold);
                        case 4 -> extended(hold);
                        default -> forgotten(hold);
                    });
        }
        return story.isEmpty() || random.nextBoolean() ? action() : story.removeFirst();
    }

    // ---- stories of what is too rare to wait for

    private List<Action> order(int hold) {
        List<Action> story = new ArrayList<>();
        story.add(send(place(hold, 1 + hold % 3)));
        story.add(readInventory());
        story.add(send(new CreateOrder(productOf(hold), holdId(hold), "k" + hold)));
        story.add(readInventory());
        story.add(readOrders());
        return story;
    }

    /** An order that is cancelled, others who want its units, and its payment after all. */
    private List<Action> latePayment(int hold) {
        List<Action> story = order(hold);
        story.add(
                switch (random.nextInt(3)) {
                    case 0 -> send(payment(hold, 5));
                    case 1 -> send(cancel(hold));
                    default -> new Advance(30_000);
                });
        story.add(random.nextInt(3) > 0 ? readOrders() : new Punctuate(App.ORDERS, false));
        story.add(readOrders());
        story.add(readInventory());
        for (int other = hold + products; other < hold + 4 * products; other += products) {
            story.add(send(new PlaceHold(productOf(hold), holdId(other), 1 + other % 3, "d" + other)));
        }
        story.add(random.nextInt(3) > 0 ? readInventory() : new Advance(1));
        story.add(send(payment(hold, 0)));
        story.add(send(payment(hold, random.nextInt(PAYMENT_KINDS))));
        return story;
    }

    /** Money is taken twice, and each payment is told twice. */
    private List<Action> secondPayment(int hold) {
        List<Action> story = random.nextInt(3) == 0 ? new ArrayList<>() : order(hold);
        story.add(send(payment(hold, random.nextInt(2))));
        story.add(send(payment(hold, 6 + random.nextInt(2))));
        story.add(readOrders());
        story.add(send(payment(hold, 6 + random.nextInt(2))));
        return story;
    }

    /** A hold is extended, asked to be extended again and ordered around its first end. */
    private List<Action> extended(int hold) {
        List<Action> story = new ArrayList<>();
        story.add(send(place(hold, 1 + hold % 3)));
        story.add(readInventory());
        Command extension = extend(hold);
        story.add(send(extension));
        story.add(new ToDeadline(random.nextInt(10), random.nextInt(3) - 1));
        story.add(send(random.nextBoolean() ? extension : extend(hold)));
        story.add(new Punctuate(App.INVENTORY, random.nextBoolean()));
        story.add(readInventory());
        story.add(send(new CreateOrder(productOf(hold), holdId(hold), orderKey(hold))));
        return story;
    }

    /** A late payment long after, what is left of it when its order or its hold is forgotten, and the hold once more. */
    private List<Action> forgotten(int hold) {
        List<Action> story = order(hold);
        int end = random.nextInt(4);
        story.add(send(end == 0 ? cancel(hold) : payment(hold, end == 1 ? 0 : 5)));
        story.add(readOrders());
        story.add(readInventory());
        if (random.nextBoolean()) {
            story.add(send(define(hold % products, random.nextInt(2))));
        }
        story.add(new ToForgetting(random.nextInt(100), Term.ORDERS, -random.nextInt(900_000)));
        Command late = payment(hold, random.nextBoolean() ? 2 : random.nextInt(PAYMENT_KINDS));
        story.add(send(late));
        story.add(readOrders());
        Term term = random.nextInt(3) > 0 ? Term.HOLDS_OF_ORDERS : term();
        long beside = random.nextBoolean() ? random.nextInt(3) - 1 : random.nextInt(120_000);
        story.add(new ToForgetting(random.nextInt(100), term, beside));
        story.add(new Punctuate(App.INVENTORY, true));
        story.add(random.nextBoolean() ? readInventory() : new Punctuate(App.ORDERS, true));
        story.add(send(late));
        story.add(send(payment(hold, random.nextInt(PAYMENT_KINDS))));
        story.addAll(order(hold));
        return story;
    }

    private Read readInventory() {
        return new Read(App.INVENTORY, random.nextInt(10), 20);
    }

    private Read readOrders() {
        return new Read(App.ORDERS, random.nextInt(10), 20);
    }

    // ---- anything

    private Action action() {
        int dice = random.nextInt(200);
        if (dice < 110) {
            return send(command());
        }
        if (dice < 162) {
            return new Read(app(), random.nextInt(10), 1 + random.nextInt(4));
        }
        if (dice < 172) {
            return new Advance(new long[] {1, 999, 1_000, 5_000, 5_000, 20_000, 30_000, -3}[random.nextInt(8)]);
        }
        if (dice < 182) {
            return new ToDeadline(random.nextInt(20), random.nextInt(3) - 1);
        }
        if (dice < 184) {
            return new ToForgetting(random.nextInt(100), term(), random.nextInt(3) - 1);
        }
        if (dice < 195) {
            return punctual ? new Punctuate(app(), random.nextInt(5) == 0) : new Read(app(), 0, 1);
        }
        return new Restart(app());
    }

    private App app() {
        return random.nextBoolean() ? App.INVENTORY : App.ORDERS;
    }

    private Term term() {
        return Term.values()[random.nextInt(Term.values().length)];
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
        if (dice < 16) {
            return define(random.nextInt(products), random.nextInt(1 + plenty));
        }
        if (dice < 21) {
            return adjust(random.nextInt(products));
        }
        if (dice < 43) {
            int hold = random.nextInt(holds);
            asked.add(hold);
            return place(hold, quantity(hold));
        }
        if (dice < 48) {
            int hold = mostlyOneOf(asked);
            return new ReleaseHold(productOf(hold), holdId(hold));
        }
        if (dice < 54) {
            return extend(mostlyOneOf(asked));
        }
        if (dice < 72) {
            int hold = mostlyOneOf(asked);
            ordered.add(hold);
            return new CreateOrder(productOf(hold), holdId(hold), orderKey(hold));
        }
        return dice < 77 ? cancel(mostlyOneOf(ordered)) : payment(mostlyOneOf(ordered));
    }

    /** Mostly what could have happened, because one step came before the other. */
    private int mostlyOneOf(List<Integer> known) {
        return known.isEmpty() || random.nextInt(6) == 0
                ? random.nextInt(holds)
                : known.get(random.nextInt(known.size()));
    }

    private static String holdId(int hold, String productId) {
        return HoldId.of(productId, ByteBuffer.allocate(16).putInt(hold).array());
    }

    private String productOf(int hold) {
        return "p" + hold % products;
    }

    private String holdId(int hold) {
        return holdId(hold, productOf(hold));
    }

    private String orderId(int hold) {
        return OrderId.ofHold(holdId(hold));
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

    private PlaceHold place(int hold, int quantity) {
        String usual = hold % 4 == 0 ? null : "c" + hold % 2;
        String customer = random.nextInt(15) == 0 ? "c" + random.nextInt(3) : usual;
        return new PlaceHold(productOf(hold), holdId(hold), quantity, customer);
    }

    private ExtendHold extend(int hold) {
        Integer seconds = switch (random.nextInt(5)) {
            case 0, 1 -> null;
            case 2 -> 5;
            case 3 -> 10;
            default -> 20 + random.nextInt(3);
        };
        int dice = random.nextInt(10);
        String key = dice < 5 ? null : dice < 9 ? "e" + hold : "e" + random.nextInt(holds);
        return new ExtendHold(productOf(hold), holdId(hold), seconds, key);
    }

    private CancelOrder cancel(int hold) {
        return new CancelOrder(productOf(hold), orderId(hold));
    }

    private Command payment(int hold) {
        return payment(hold, random.nextInt(PAYMENT_KINDS));
    }

    /** A key says what its notification says, except once in a while. */
    private Command payment(int hold, int usualKind) {
        int kind = usualKind;
        String key = "w" + hold + "-" + kind + (random.nextInt(6) == 0 ? "again" : "");
        if (random.nextInt(12) == 0) {
            kind = random.nextInt(PAYMENT_KINDS);
        }
        BigDecimal right = PRICE.multiply(BigDecimal.valueOf(1 + hold % 3));
        String productId = productOf(hold);
        String orderId = orderId(hold);
        String pay = "pay" + hold;
        return switch (kind) {
            case 0 -> new PaymentSucceeded(productId, orderId, key, pay, right, "EUR");
            case 1 -> new PaymentSucceeded(productId, orderId, key, pay, right.setScale(random.nextInt(3)), null);
            case 2 -> new PaymentSucceeded(productId, orderId, key, null, null, null);
            case 3 ->
                new PaymentSucceeded(
                        productId, orderId, key, random.nextBoolean() ? pay : "odd", right.add(BigDecimal.ONE), "EUR");
            case 4 -> new PaymentSucceeded(productId, orderId, key, "pay-other", right, "USD");
            case 5 -> new PaymentFailed(productId, orderId, key, pay, right, "EUR");
            case 6 -> new PaymentSucceeded(productId, orderId, key, "second" + hold, right, "EUR");
            case 7 -> new PaymentSucceeded(productId, orderId, key, "third" + hold, null, null);
            default -> new PaymentFailed(productId, orderId, key, random.nextBoolean() ? null : "fail", null, null);
        };
    }

    private DefineProduct define(int product, int stock) {
        return new DefineProduct(
                "p" + product,
                "A thing",
                random.nextInt(8) == 0 ? new BigDecimal("12.50") : PRICE,
                random.nextInt(8) == 0 ? "EUR" : null,
                stock,
                random.nextInt(4) == 0 ? Integer.valueOf(1 + random.nextInt(60)) : null,
                bound || random.nextInt(4) == 0 ? rules() : SaleRules.NONE);
    }

    private SaleRules rules() {
        Instant start = SaleSimulation.START;
        return new SaleRules(
                random.nextInt(4) == 0 ? 1 + random.nextInt(3) : null,
                random.nextInt(3) == 0 ? 1 + random.nextInt(5) : null,
                random.nextInt(5) == 0 ? start.plusSeconds(1 + random.nextInt(2) * 9) : null,
                random.nextInt(5) == 0 ? start.plusSeconds(20 + random.nextInt(3) * 20) : null,
                random.nextBoolean() ? 1 + random.nextInt(3) : null,
                random.nextInt(4) == 0 ? 5 + random.nextInt(2) * 40 : null);
    }

    private AdjustStock adjust(int product) {
        int delta = random.nextInt(12) == 0 ? Limits.MAX_TOTAL_STOCK : 1 + random.nextInt(3);
        int dice = random.nextInt(4);
        return new AdjustStock(
                "p" + product,
                random.nextInt(3) == 0 ? -delta : delta,
                random.nextInt(6) == 0 ? "found" : "counted",
                dice < 2 ? null : "a" + dice);
    }
}
