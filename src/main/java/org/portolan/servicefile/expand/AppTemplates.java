package org.portolan.servicefile.expand;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The templates of applications that are part of this program. A Servicefile names one as {@code portolan:redis}. */
public final class AppTemplates {
    /** What the name of a shipped template begins with, where otherwise a path is written. */
    static final String PREFIX = "portolan:";

    private static final List<String> NAMES =
            List.of("postgres", "redis", "static-site", "web-worker-database", "wordpress");

    private AppTemplates() {}

    /** The names, sorted. */
    public static List<String> names() {
        return NAMES;
    }

    /** A template's text; empty when there is none of that name. */
    public static Optional<String> text(String name) {
        if (!NAMES.contains(name)) {
            return Optional.empty();
        }
        try (InputStream shipped = AppTemplates.class.getResourceAsStream("/templates/apps/" + name + ".Servicefile")) {
            if (shipped == null) {
                throw new IllegalStateException("the template " + name + " is not in the program's archive");
            }
            return Optional.of(new String(shipped.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
