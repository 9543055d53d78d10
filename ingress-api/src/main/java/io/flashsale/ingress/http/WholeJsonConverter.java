package io.flashsale.ingress.http;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a body of JSON in one piece, with its length. Spring's own writes as it goes, so nobody knows the length when the
 * headers leave, and each answer is two packets: its chunk, and the end of all chunks.
 */
final class WholeJsonConverter extends JacksonJsonHttpMessageConverter {

    private final JsonMapper mapper;

    WholeJsonConverter(JsonMapper mapper) {
        super(mapper);
        this.mapper = mapper;
    }

    @Override
    protected void writeInternal(
            Object body, ResolvableType type, HttpOutputMessage output, @Nullable Map<String, Object> hints)
            throws IOException {
        byte[] json = mapper.writeValueAsBytes(body);
        output.getHeaders().setContentLength(json.length);
        output.getBody().write(json);
    }
}
