package org.portolan.engine.docker;

import java.util.Optional;
import org.portolan.engine.EngineException;

/**
 * An image's reference taken apart, by the rules of Docker's reference grammar.
 *
 * @param name registry and path as written, without tag and digest
 * @param tag the tag, or "" where a digest stands or nothing
 * @param digest {@code sha256:…}, or ""
 */
record ImageName(String name, String tag, String digest) {
    private static final int MAX = 512;

    static ImageName parse(String reference) {
        if (reference.isEmpty() || reference.length() > MAX || !plain(reference)) {
            throw new EngineException(
                    EngineException.Reason.REFUSED,
                    "\"" + reference + "\" is not a valid image reference",
                    Optional.empty());
        }
        int at = reference.indexOf('@');
        String digest = at < 0 ? "" : reference.substring(at + 1);
        String rest = at < 0 ? reference : reference.substring(0, at);
        int colon = rest.lastIndexOf(':');
        boolean tagged = colon > rest.lastIndexOf('/');
        return new ImageName(tagged ? rest.substring(0, colon) : rest, tagged ? rest.substring(colon + 1) : "", digest);
    }

    /** Letters, digits and {@code ._/:@-}; and no {@code ..}, which the engine would take for a way out of the path. */
    private static boolean plain(String reference) {
        for (int i = 0; i < reference.length(); i++) {
            char c = reference.charAt(i);
            boolean good = c < 128 && (Character.isLetterOrDigit(c) || "._/:@-".indexOf(c) >= 0);
            if (!good) {
                return false;
            }
        }
        return !reference.contains("..") && !reference.contains("//") && !reference.startsWith("/");
    }

    /** The registry's host and port, or "" for Docker's own, whose images are written without one. */
    String registry() {
        int slash = name.indexOf('/');
        if (slash < 0) {
            return "";
        }
        String first = name.substring(0, slash);
        boolean host = first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || first.equals("localhost");
        return !host || first.equals("docker.io") ? "" : first;
    }
}
