package io.flashsale.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * The one JSON dialect of topics and HTTP: {@code snake_case}, absent instead of null, RFC 3339 times, decimal money,
 * unknown fields ignored, a name given twice refused.
 */
public final class Json {

    /** Thread-safe. */
    public static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(Limits.MAX_JSON_DEPTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .changeDefaultPropertyInclusion(
                    ignored -> JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .addModule(new SimpleModule().addSerializer(new InstantText.Serializer()))
            .build();

    private Json() {}

    /**
     * Reads what anybody may have written. The parser answers a number beyond all numbers, {@code 1e99999999999}, with an
     * exception that is none of JSON's.
     *
     * @throws JacksonException if it is no JSON, or its numbers cannot be held
     */
    public static JsonNode readTree(byte[] json) {
        try {
            return MAPPER.readTree(json);
        } catch (ArithmeticException | NumberFormatException beyond) {
            throw new StreamReadException(null, "A number has an exponent that is too long", beyond);
        }
    }

    /**
     * Says where a text is no JSON, in the form "line 1, column 17 is not valid JSON". Not the parser's own words, which
     * name its settings and repeat pieces of the text: a webhook's may be payment details.
     */
    public static String faultOf(JacksonException malformed) {
        if (malformed instanceof StreamConstraintsException) {
            return "it is nested too deeply, or has a name or value that is too long";
        }
        TokenStreamLocation location = malformed.getLocation();
        return location == null || location.getLineNr() < 1
                ? "it is not valid JSON"
                : "line " + location.getLineNr() + ", column " + location.getColumnNr() + " is not valid JSON";
    }
}
