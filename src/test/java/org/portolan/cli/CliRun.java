package org.portolan.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.portolan.app.Wiring;

/** One command line run in this process, and what it printed. */
record CliRun(int status, String out, String err) {

    static CliRun of(String... arguments) {
        return with("", Map.of(), "", arguments);
    }

    /** With standard input, environment, and which streams are a terminal ({@code ioe}). */
    static CliRun with(String input, Map<String, String> environment, String terminals, String... arguments) {
        return with(input, environment, terminals, Wiring::new, arguments);
    }

    /** With parts of the test's own. */
    static CliRun with(
            String input,
            Map<String, String> environment,
            String terminals,
            Components.Factory factory,
            String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new Output(out),
                new Output(err),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                environment,
                terminals,
                factory);
        int status = Cli.run(List.of(arguments), terminal);
        return new CliRun(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
