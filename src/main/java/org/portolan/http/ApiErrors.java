package org.portolan.http;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What the server itself refuses: requests that are not HTTP, too large heads, ambiguous paths. Never an exception's text. */
final class ApiErrors extends ErrorHandler {
    private static final String NO_ID = "";

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus() < 400 ? HttpStatus.INTERNAL_SERVER_ERROR_500 : response.getStatus();
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, ProblemJson.TYPE);
        String id = Optional.ofNullable(response.getHeaders().get(ApiHandler.REQUEST_ID))
                .orElse(NO_ID);
        response.write(true, ByteBuffer.wrap(problem(status, id).body()), callback);
        return true;
    }

    private static Reply.Whole problem(int status, String id) {
        String words = HttpStatus.getMessage(status);
        return ProblemJson.plain(status, words, "the server refused the request: " + words, Optional.empty(), id);
    }
}
