package org.portolan.cli;

import java.util.Map;

/** What a running command has at hand; whatever is expensive is opened when it is first asked for. */
final class Context implements AutoCloseable {
    private final Console console;
    private final GlobalOptions options;
    private final Map<String, String> environment;

    Context(Console console, GlobalOptions options, Map<String, String> environment) {
        this.console = console;
        this.options = options;
        this.environment = environment;
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

    @Override
    public void close() {}
}
