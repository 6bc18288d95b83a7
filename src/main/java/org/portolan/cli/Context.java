package org.portolan.cli;

import java.util.Map;
import org.portolan.query.Queries;

/** What a running command has at hand. */
final class Context implements AutoCloseable {
    private final Console console;
    private final GlobalOptions options;
    private final Map<String, String> environment;
    private final Components parts;

    Context(Console console, GlobalOptions options, Map<String, String> environment, Components parts) {
        this.console = console;
        this.options = options;
        this.environment = environment;
        this.parts = parts;
    }

    Console console() {
        return console;
    }

    GlobalOptions options() {
        return options;
    }

    Map<String, String> environment() {
        return environment;
    }

    Components parts() {
        return parts;
    }

    /** What looking commands ask. */
    Queries queries() {
        return parts.queries();
    }

    @Override
    public void close() {
        parts.close();
    }
}
