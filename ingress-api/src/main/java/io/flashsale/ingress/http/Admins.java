package io.flashsale.ingress.http;

import io.flashsale.ingress.security.AdminKey;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.stereotype.Component;

/** Lets pass who has an admin key. */
@Component
final class Admins {

    private final AdminKey key;

    Admins(AdminKey key) {
        this.key = key;
    }

    /** @throws ProblemException if the caller has none */
    void require(HttpServletRequest request) {
        if (!key.matches(request.getHeader(AdminKey.HEADER))) {
            throw ProblemException.of(ProblemType.UNAUTHORIZED, "Expected the admin key in " + AdminKey.HEADER + ".");
        }
    }
}
