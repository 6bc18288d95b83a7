package org.portolan.engine.docker;

import java.util.Optional;
import org.portolan.engine.EngineException;

/** A version of the Engine API, such as 1.41. */
record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
    /** The oldest that has all that is used: Docker 20.10. */
    static final ApiVersion OLDEST = new ApiVersion(1, 41);

    /** The newest whose answers are known to read the same. */
    static final ApiVersion NEWEST = new ApiVersion(1, 51);

    /** Since then a stop may name its signal. */
    static final ApiVersion STOP_WITH_SIGNAL = new ApiVersion(1, 42);

    /**
     * The version to speak: the engine's newest or ours, whichever is older.
     *
     * @param engine what the engine calls its newest, or "" when it does not say
     */
    static ApiVersion negotiate(String engine, String address) {
        Optional<ApiVersion> newest = parse(engine);
        if (newest.isEmpty()) {
            return OLDEST;
        }
        if (newest.get().compareTo(OLDEST) < 0) {
            throw new EngineException(
                            EngineException.Reason.REFUSED,
                            "the Docker Engine at " + address + " supports API " + newest.get() + ", but " + OLDEST
                                    + " is needed",
                            Optional.empty())
                    .withHint("use Docker Engine 20.10 or newer");
        }
        return newest.get().compareTo(NEWEST) < 0 ? newest.get() : NEWEST;
    }

    /**
     * The version to continue with after the engine refused this one ("client version 1.51 is too new. Maximum supported
     * API version is 1.41", "… too old. Minimum supported API version is 1.44, …"); empty when it was refused for
     * something else.
     */
    Optional<ApiVersion> after(String message) {
        for (String phrase : new String[] {"supported API version is ", "supported API version: "}) {
            int at = message.indexOf(phrase);
            if (at >= 0 && message.contains("client version")) {
                String rest = message.substring(at + phrase.length());
                int end = 0;
                while (end < rest.length() && (Character.isDigit(rest.charAt(end)) || rest.charAt(end) == '.')) {
                    end++;
                }
                String number = rest.substring(0, end);
                return parse(number.endsWith(".") ? number.substring(0, end - 1) : number)
                        .filter(other -> !other.equals(this) && other.compareTo(OLDEST) >= 0);
            }
        }
        return Optional.empty();
    }

    static Optional<ApiVersion> parse(String text) {
        int dot = text.indexOf('.');
        try {
            return dot < 1
                    ? Optional.empty()
                    : Optional.of(new ApiVersion(
                            Integer.parseInt(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    String path(String path) {
        return "/v" + this + path;
    }

    @Override
    public int compareTo(ApiVersion other) {
        return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
