package org.portolan.http;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.portolan.json.JsonMismatch;
import org.portolan.json.NotJson;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/**
 * A request as routes see it.
 *
 * @param id this request's, for answers and log lines
 * @param names what the names in the route's path stand for
 * @param query the parameters, only those that the route has
 * @param headers by name in small letters
 */
@SuppressWarnings("ArrayRecordComponent") // Read as it is, and compared by nobody.
record ApiRequest(
        String id,
        String method,
        String path,
        Map<String, String> names,
        Map<String, String> query,
        Map<String, String> headers,
        byte[] body,
        ApiCaller caller) {

    String name(String key) {
        return Optional.ofNullable(names.get(key)).orElseThrow();
    }

    /**
     * The deployment that the path names.
     *
     * @throws Failure as for one that does not exist when the caller may not see it
     */
    String deployment() {
        String named = name("deployment");
        caller.requireSees(named);
        return named;
    }

    /**
     * The deployment that the query names, if any.
     *
     * @throws Failure as for one that does not exist when the caller may not see it
     */
    Optional<String> queriedDeployment() {
        Optional<String> named = query("deployment");
        named.ifPresent(caller::requireSees);
        return named;
    }

    Optional<String> query(String key) {
        return Optional.ofNullable(query.get(key)).filter(value -> !value.isEmpty());
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT))).filter(value -> !value.isEmpty());
    }

    /** A whole number of the query within a range. */
    int number(String key, int byDefault, int least, int most) {
        Optional<String> given = query(key);
        if (given.isEmpty()) {
            return byDefault;
        }
        try {
            int number = Integer.parseInt(given.get());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Told below, as for a number that is out of range.
        }
        throw new Failure(Kind.INVALID, "invalid value of " + key + ": '" + given.get() + "'")
                .withHint("use a whole number from " + least + " to " + most);
    }

    /** {@code true} or {@code false} of the query. */
    boolean flag(String key) {
        String given = query(key).orElse("false");
        if (!given.equals("true") && !given.equals("false")) {
            throw new Failure(Kind.INVALID, "invalid value of " + key + ": '" + given + "'")
                    .withHint("use true or false");
        }
        return given.equals("true");
    }

    /** The same with another body. */
    ApiRequest with(byte[] other) {
        return new ApiRequest(id, method, path, names, query, headers, other, caller);
    }

    /** The body as JSON; an empty one is an empty object. */
    StrictJson json() {
        if (body.length == 0) {
            return StrictJson.of(Map.of());
        }
        try {
            StrictJson read = StrictJson.read(body);
            read.map();
            return read;
        } catch (NotJson broken) {
            throw new Failure(Kind.INVALID, "the body is not valid: " + broken.getMessage());
        } catch (JsonMismatch other) {
            throw new Failure(Kind.INVALID, "the body is not valid: " + other.getMessage());
        }
    }
}
