package io.flashsale.ingress.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.ingress.http.ApiDocument.Described;
import io.flashsale.ingress.http.ApiDocument.Operation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The document against itself and against the codes; against the routes and the wire: {@link IngressHttpTest}. */
class ApiDocumentTest {

    /** What happens where there is no call that could say it. */
    private static final Set<String> OF_NO_CALL = Set.of("method-not-allowed", "not-implemented");

    private static final Map<String, ProblemType> TYPES =
            Arrays.stream(ProblemType.values()).collect(Collectors.toMap(ProblemType::code, Function.identity()));

    private final ApiDocument document = ApiDocument.read();

    @Test
    void namesEveryProblemCodeAndNoOther() {
        JsonNode codes = document.root().at("/components/schemas/ProblemCode/enum");

        assertThat(codes.valueStream().map(JsonNode::stringValue)).containsExactlyInAnyOrderElementsOf(TYPES.keySet());
    }

    @Test
    void everyCodeIsAnAnswerOfSomeCallWithItsOwnStatus() {
        Set<String> answered = new TreeSet<>(OF_NO_CALL);
        for (Operation operation : document.operations()) {
            operation.node().get("responses").propertyStream().forEach(response -> {
                Set<String> codes = document.codes(response.getValue());
                answered.addAll(codes);
                assertThat(codes)
                        .as(operation + " " + response.getKey())
                        .allSatisfy(code ->
                                assertThat(TYPES.get(code).status()).isEqualTo(Integer.parseInt(response.getKey())));
                assertThat(codes.isEmpty()).isEqualTo(Integer.parseInt(response.getKey()) < 400);
            });
        }

        assertThat(answered).containsExactlyInAnyOrderElementsOf(TYPES.keySet());
    }

    @Test
    void everyExampleOfAnAnswerIsOne() {
        for (Described body : document.responseBodies()) {
            assertThat(body.examples())
                    .as(body.where())
                    .allSatisfy(example -> assertThat(document.errors(document.strict(body.schema()), example))
                            .isEmpty());
        }
    }

    @Test
    void everyExampleOfAProblemIsOne() {
        List<JsonNode> problems = document.responseBodies().stream()
                .flatMap(body -> body.examples().stream())
                .filter(example -> example.has("title"))
                .toList();

        assertThat(problems).isNotEmpty().allSatisfy(problem -> {
            ProblemType type = TYPES.get(problem.get("code").stringValue());
            assertThat(problem.get("type").stringValue()).isEqualTo("/problems/" + type.code());
            assertThat(problem.get("title").stringValue()).isEqualTo(type.title());
            assertThat(problem.get("status").intValue()).isEqualTo(type.status());
        });
    }

    @Test
    void everyExampleOfARequestIsOne() {
        assertThat(document.requestBodies()).isNotEmpty();
        for (Described body : document.requestBodies()) {
            assertThat(body.examples())
                    .as(body.where())
                    .isNotEmpty()
                    .allSatisfy(example -> assertThat(document.errors(document.strict(body.schema()), example))
                            .isEmpty());
        }
        for (Described parameter : document.parameters()) {
            assertThat(parameter.examples())
                    .as(parameter.where())
                    .allSatisfy(example -> assertThat(document.errors(parameter.schema(), example))
                            .isEmpty());
        }
    }

    @Test
    void everyAnswerHasARequestId() {
        for (Operation operation : document.operations()) {
            assertThat(operation.node().get("responses").propertyStream())
                    .as(operation.toString())
                    .allSatisfy(response -> assertThat(document.resolve(response.getValue())
                                    .get("headers")
                                    .has("X-Request-Id"))
                            .isTrue());
        }
    }
}
