package org.portolan.cli;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The surroundings that a command runs in.
 *
 * @param terminals which streams are a terminal: of {@code i}, {@code o}, {@code e}; the launcher finds out, since the
 *     JVM's own ways cost more than the whole of a short command
 */
record Terminal(
        Output out,
        Output err,
        InputStream in,
        Map<String, String> environment,
        String terminals,
        Components.Factory factory) {

    /** Those of this process. */
    static Terminal ofProcess(Components.Factory factory) {
        return new Terminal(
                new Output(new FileOutputStream(FileDescriptor.out)),
                new Output(new FileOutputStream(FileDescriptor.err)),
                new BufferedInputStream(new FileInputStream(FileDescriptor.in)),
                System.getenv(),
                System.getProperty("portolan.tty", ""),
                factory);
    }

    /** How to show things, given what was asked for. */
    Console.Mode mode(boolean json, boolean quiet, boolean noColor, boolean debug) {
        boolean live = terminals.contains("o") && !"dumb".equals(environment.get("TERM"));
        String unwanted = environment.getOrDefault("NO_COLOR", "");
        return new Console.Mode(
                json,
                quiet,
                live && !noColor && unwanted.isEmpty(),
                debug,
                terminals.contains("i") && terminals.contains("o"),
                terminals.contains("i"),
                live);
    }

    void expectParts() {
        factory.expect();
    }

    Components parts(Consumer<String> warnings) {
        return factory.make(environment, warnings);
    }

    Console console(Console.Mode mode) {
        return new Console(out, err, in, mode);
    }
}
