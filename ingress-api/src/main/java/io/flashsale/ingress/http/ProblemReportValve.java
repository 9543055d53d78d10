package io.flashsale.ingress.http;

import io.flashsale.contracts.Json;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

/** Writes the errors of the web server itself (a broken request line, headers too large) as problems too. */
public final class ProblemReportValve extends ErrorReportValve {

    /** Tomcat makes it by its name. */
    public ProblemReportValve() {}

    @Override
    protected void report(Request request, Response response, @Nullable Throwable throwable) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        if (response.getHeader(RequestIdFilter.HEADER) == null) {
            response.setHeader(RequestIdFilter.HEADER, RequestIdFilter.idOf(null));
        }
        SecurityHeadersFilter.setOn(response);
        // Of a request that could not be parsed there may be no path, or one not fit to be repeated.
        Problem problem = Problem.ofStatus(status, status == 400 ? "" : pathOf(request));
        try {
            response.setContentType(Problem.MEDIA_TYPE.toString());
            response.setCharacterEncoding((String) null);
            response.getOutputStream().write(Json.MAPPER.writeValueAsBytes(problem));
            response.finishResponse();
        } catch (IOException | IllegalStateException gone) {
            container.getLogger().debug("An error could not be told", gone);
        }
    }

    private static String pathOf(Request request) {
        String path = request.getRequestURI();
        return path == null ? "" : path;
    }
}
