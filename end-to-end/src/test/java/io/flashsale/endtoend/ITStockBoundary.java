package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.InventoryEvent.SoldOut;
import io.flashsale.contracts.Topics;
import io.flashsale.endtoend.Shop.Answer;
import io.flashsale.local.Pipeline;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPipeline.class)
class ITStockBoundary {

    private final Shop shop;
    private final Shop otherShop;
    private final Pipeline pipeline;

    ITStockBoundary(Pipeline pipeline) {
        this.pipeline = pipeline;
        this.shop = new Shop(pipeline.ingressUrl(1));
        this.otherShop = new Shop(pipeline.ingressUrl(2));
    }

    @Test
    void failure02_thirtyBuyersAndTenUnits_tenAcceptedTwentyRefusedNoneLeft() throws Exception {
        String productId = shop.product(10, 600);

        List<Answer> answers = Shop.atOnce(30, 30, () -> shop.hold(productId, 1));

        assertSold(productId, answers, 10, 20);
    }

    @Test
    void failure01_thousandBuyersAndHundredUnits_exactlyHundred() throws Exception {
        String productId = shop.product(100, 600);
        AtomicInteger next = new AtomicInteger();

        List<Answer> answers =
                Shop.atOnce(1_000, 64, () -> (next.getAndIncrement() % 2 == 0 ? shop : otherShop).hold(productId, 1));

        assertSold(productId, answers, 100, 900);
    }

    @Test
    void failure13_refusedRequestsTakeNothing() throws Exception {
        String productId = shop.product(10, 600);
        shop.hold(productId, 1).expect(201);

        List<Answer> refused = Shop.atOnce(20, 20, () -> shop.hold(productId, 10));

        assertThat(refused).allSatisfy(answer -> {
            answer.expect(409);
            assertThat(answer.text("code")).isEqualTo("insufficient-stock");
            assertThat(answer.number("available")).isEqualTo(9);
        });
        shop.hold(productId, 9).expect(201);
    }

    @Test
    void failure03_httpAndDirectProducersRaceOnOneProduct() throws Exception {
        String productId = shop.product(100, 600);
        Set<String> direct = new HashSet<>();
        try (UpstreamSystem upstream = new UpstreamSystem(pipeline.bootstrapServers())) {
            for (int i = 0; i < 150; i++) {
                direct.add(randomHoldId(productId));
            }
            Thread producing = Thread.ofVirtual()
                    .start(() -> direct.forEach(holdId -> upstream.send(
                            Topics.defaults().holdCommands(), productId, new PlaceHold(productId, holdId, 1, null))));

            List<Answer> answers = Shop.atOnce(150, 32, () -> shop.hold(productId, 1));

            producing.join();
            // Decisions are serial: once this one is answered, all before it are in the log.
            shop.hold(productId, 1).expect(409);
            List<InventoryEvent> decided = decisions(upstream, productId);
            assertThat(decided).hasSize(1 + 150 + 150 + 1 + 1);
            assertThat(decided).hasAtLeastOneElementOfType(SoldOut.class);
            assertThat(placed(decided)).hasSize(100).doesNotHaveDuplicates();
            assertThat(placed(decided).stream().filter(holdId -> !direct.contains(holdId)))
                    .containsExactlyInAnyOrderElementsOf(acknowledged(answers));
            assertThat(shop.product(productId).number("available_stock")).isZero();
        }
    }

    private void assertSold(String productId, List<Answer> answers, int accepted, int refused) {
        assertThat(answers.stream().collect(Collectors.groupingBy(Answer::status, Collectors.summingInt(answer -> 1))))
                .isEqualTo(Map.of(201, accepted, 409, refused));
        assertThat(acknowledged(answers)).doesNotHaveDuplicates();
        try (UpstreamSystem reader = new UpstreamSystem(pipeline.bootstrapServers())) {
            List<InventoryEvent> decided = decisions(reader, productId);
            assertThat(decided).hasSize(1 + accepted + refused + 1);
            assertThat(decided).hasAtLeastOneElementOfType(SoldOut.class);
            assertThat(placed(decided)).containsExactlyInAnyOrderElementsOf(acknowledged(answers));
        }
        Answer product = shop.product(productId);
        assertThat(product.number("available_stock")).isZero();
        assertThat(product.number("reserved_stock")).isEqualTo(accepted);
        assertThat(product.number("holds_count")).isEqualTo(accepted);
        assertThat(product.text("sale_status")).isEqualTo("sold_out");
    }

    private static List<InventoryEvent> decisions(UpstreamSystem reader, String productId) {
        return reader.committed(Topics.defaults().inventoryEvents(), InventoryEvent.class, productId);
    }

    private static List<String> placed(List<InventoryEvent> decisions) {
        return decisions.stream()
                .filter(HoldPlaced.class::isInstance)
                .map(placed -> ((HoldPlaced) placed).holdId())
                .toList();
    }

    private static List<String> acknowledged(List<Answer> answers) {
        return answers.stream()
                .filter(answer -> answer.status() == 201)
                .map(answer -> answer.text("hold_id"))
                .toList();
    }

    private static String randomHoldId(String productId) {
        byte[] random = new byte[16];
        ThreadLocalRandom.current().nextBytes(random);
        return HoldId.of(productId, random);
    }
}
