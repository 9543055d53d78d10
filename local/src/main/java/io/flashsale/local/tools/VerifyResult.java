package io.flashsale.local.tools;

import io.flashsale.local.Table;
import io.flashsale.local.audit.Position;
import io.flashsale.local.audit.StockCount;
import io.flashsale.local.audit.Violation;
import io.flashsale.local.tools.PartitionCheck.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@code verify} found.
 *
 * @param products rebuilt from their events, by id
 * @param productCount products that events name, those included that could not be rebuilt
 * @param allRebuilt whether that is every product that is there: none that events name is left out, and no inventory log has
 *     lost its beginning, which may have named more
 * @param notCompared ids of products that could not be compared with the store: they moved, or could not be read
 * @param listCompared whether the list of all products could be compared, or did not have to be
 * @param onTheirWay decisions whose followers were not there yet
 * @param logBegins partitions whose beginning is deleted, with their first offset
 * @param findings the differences that are kept, in the order in which they were found
 * @param differences how many there are
 */
record VerifyResult(
        List<ProductLine> products,
        int productCount,
        boolean allRebuilt,
        long eventCount,
        List<String> notCompared,
        boolean listCompared,
        int onTheirWay,
        List<Position> logBegins,
        List<Violation> findings,
        long differences) {

    /** More rows would not be read by anybody. */
    private static final int MAX_ROWS = 20;

    private static final int MAX_ID_LENGTH = 20;
    private static final int MAX_DELETIONS = 3;

    record ProductLine(StockCount stock, int differences) {}

    enum Verdict {
        OK,
        /** No difference, but the beginning of some log is deleted. */
        PARTIAL,
        DIFFERENT,
        BUSY
    }

    static VerifyResult of(Collection<Outcome> outcomes, boolean listCompared, Findings findings) {
        List<ProductLine> products = outcomes.stream()
                .flatMap(outcome -> outcome.stock().values().stream())
                .sorted(Comparator.comparing(StockCount::productId))
                .map(stock -> new ProductLine(stock, findings.countOf(stock.productId())))
                .toList();
        List<Position> begins = new ArrayList<>();
        outcomes.forEach(outcome -> outcome.begins().forEach((partition, offset) -> {
            if (offset > 0) {
                begins.add(new Position(partition.topic(), partition.partition(), offset));
            }
        }));
        return new VerifyResult(
                products,
                outcomes.stream()
                        .mapToInt(outcome -> outcome.productIds().size())
                        .sum(),
                outcomes.stream().allMatch(VerifyResult::isRebuilt),
                outcomes.stream().mapToLong(Outcome::events).sum(),
                outcomes.stream()
                        .flatMap(outcome -> outcome.notCompared().stream())
                        .sorted()
                        .toList(),
                listCompared,
                outcomes.stream().mapToInt(Outcome::onTheirWay).sum(),
                begins.stream()
                        .sorted(Comparator.comparing(Position::topic).thenComparing(Position::partition))
                        .toList(),
                findings.kept(),
                findings.count());
    }

    private static boolean isRebuilt(Outcome outcome) {
        return outcome.coverage().inventory()
                && outcome.productIds().size() == outcome.stock().size();
    }

    /** Whether nothing speaks against the pipeline, and the stock of every product could be found out. */
    boolean isGood() {
        return switch (verdict()) {
            case OK, PARTIAL -> allRebuilt;
            case DIFFERENT, BUSY -> false;
        };
    }

    Verdict verdict() {
        if (differences > 0) {
            return Verdict.DIFFERENT;
        }
        if (!notCompared.isEmpty() || !listCompared || onTheirWay > 0) {
            return Verdict.BUSY;
        }
        return logBegins.isEmpty() ? Verdict.OK : Verdict.PARTIAL;
    }

    // ---- for people

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        findings.forEach(each -> lines.add(line(each)));
        if (differences > findings.size()) {
            lines.add("… and " + number(differences - findings.size()) + " more differences");
        }
        if (!lines.isEmpty()) {
            lines.add("");
        }
        lines.addAll(productTable());
        lines.add("");
        lines.addAll(new Table("products", "events read", "differences")
                .numbers(0, 1, 2)
                .row(number(productCount), number(eventCount), number(differences))
                .lines());
        lines.add("");
        lines.addAll(sentences());
        return lines;
    }

    static String line(Violation violation) {
        String product = violation.productId().isEmpty() ? "-" : violation.productId();
        return position(violation.position()) + " " + product + " "
                + violation.rule().code() + ": " + violation.what();
    }

    private List<String> productTable() {
        Table table = new Table(
                        "product", "total", "available", "held", "pending", "sold", "holds", "events", "different")
                .numbers(1, 2, 3, 4, 5, 6, 7, 8);
        products.stream()
                .sorted(Comparator.comparing((ProductLine line) -> line.differences() == 0))
                .limit(MAX_ROWS)
                .forEach(line -> addRow(table, line));
        List<String> lines = new ArrayList<>(table.lines());
        if (products.size() > MAX_ROWS) {
            lines.add("… and " + number(products.size() - MAX_ROWS) + " more products");
        }
        return lines;
    }

    private static void addRow(Table table, ProductLine line) {
        StockCount stock = line.stock();
        String id = stock.productId();
        table.row(
                id.length() <= MAX_ID_LENGTH ? id : id.substring(0, MAX_ID_LENGTH - 1) + "…",
                number(stock.total()),
                number(stock.available()),
                number(stock.held()),
                number(stock.pending()),
                number(stock.sold()),
                number(stock.activeHolds()),
                number(stock.events()),
                number(line.differences()));
    }

    private List<String> sentences() {
        List<String> sentences = new ArrayList<>(deletions());
        if (!notCompared.isEmpty()) {
            sentences.add("The pipeline is busy: " + products(notCompared.size())
                    + " moved or could not be read, and so could not be compared (" + notCompared.getFirst() + " …).");
        }
        if (!listCompared) {
            sentences.add(
                    "The pipeline is busy: the list of all products changed or could not be read, and so could not be"
                            + " compared.");
        }
        if (onTheirWay > 0) {
            sentences.add("The pipeline is busy: decisions on their way: " + number(onTheirWay) + ".");
        }
        sentences.add(
                switch (verdict()) {
                    case OK -> "No difference: what the pipeline shows is what its events say.";
                    case PARTIAL ->
                        "No difference in what could be checked"
                                + (allRebuilt ? "." : ", but the stock of some products could not be found out.");
                    case DIFFERENT -> number(differences) + (differences == 1 ? " difference." : " differences.");
                    case BUSY -> "No difference so far; try again when there is less traffic, or with a longer --wait.";
                });
        return sentences;
    }

    private List<String> deletions() {
        if (logBegins.isEmpty()) {
            return List.of();
        }
        List<String> sentences = new ArrayList<>();
        logBegins.stream()
                .limit(MAX_DELETIONS)
                .map(begin -> "The log of " + begin.topic() + "-" + begin.partition() + " begins at offset "
                        + begin.offset() + ": what was before is deleted.")
                .forEach(sentences::add);
        if (logBegins.size() > MAX_DELETIONS) {
            sentences.add("… and so do " + number(logBegins.size() - MAX_DELETIONS) + " more partitions.");
        }
        sentences.add("There, only what began later was checked. Without a claim about their stock: "
                + products(productCount - products.size()) + ".");
        return sentences;
    }

    private static String products(int count) {
        return number(count) + (count == 1 ? " product" : " products");
    }

    private static String position(@Nullable Position position) {
        return position == null ? "-" : position.toString();
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    // ---- for programs

    /** What {@code --json} prints. */
    record Document(
            String verdict,
            int products,
            long events,
            long differences,
            List<Difference> found,
            List<StockCount> stock,
            List<String> notCompared,
            boolean listCompared,
            int onTheirWay,
            List<Position> logBegins) {}

    record Difference(
            String rule, String productId, @Nullable Position position, String what) {}

    Document document() {
        return new Document(
                verdict().name().toLowerCase(Locale.ROOT),
                productCount,
                eventCount,
                differences,
                findings.stream()
                        .map(each -> new Difference(each.rule().code(), each.productId(), each.position(), each.what()))
                        .toList(),
                products.stream().map(ProductLine::stock).toList(),
                notCompared,
                listCompared,
                onTheirWay,
                logBegins);
    }
}
