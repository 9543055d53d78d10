package io.flashsale.ingress.http;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.springframework.mock.web.MockHttpServletRequest;

/** Requests as the readers of bodies see them. */
final class Requests {

    private Requests() {}

    static MockHttpServletRequest post(String body) {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/");
        request.setContentType("application/json");
        request.setContent(body.getBytes(StandardCharsets.UTF_8));
        return request;
    }

    static ProblemException problemOf(ThrowingCallable call) {
        return catchThrowableOfType(ProblemException.class, call);
    }
}
