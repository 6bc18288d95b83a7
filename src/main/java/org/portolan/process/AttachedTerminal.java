package org.portolan.process;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The caller's terminal, set so that every key goes to the command, and set back on close. */
public final class AttachedTerminal implements AutoCloseable {
    private static final File TTY = new File("/dev/tty");

    private final String before;

    private AttachedTerminal(String before) {
        this.before = before;
    }

    /** Rows and columns. */
    public record Size(int rows, int columns) {}

    /** Leaves the terminal as it is. */
    public static AttachedTerminal untouched() {
        return new AttachedTerminal("");
    }

    /** Sets the terminal raw; where there is none, nothing happens. */
    public static AttachedTerminal raw() {
        String before = stty("-g");
        if (!before.isEmpty()) {
            stty("raw", "-echo");
        }
        return new AttachedTerminal(before);
    }

    /** The size now; empty when the terminal was left as it is, or there is none. */
    public Optional<Size> size() {
        if (before.isEmpty()) {
            return Optional.empty();
        }
        String[] parts = stty("size").split(" ", -1);
        try {
            return parts.length == 2
                    ? Optional.of(new Size(Integer.parseInt(parts[0]), Integer.parseInt(parts[1])))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        if (!before.isEmpty()) {
            stty(before);
        }
    }

    /** Runs stty(1) on the controlling terminal; "" when there is none. */
    private static String stty(String... arguments) {
        List<String> command = new ArrayList<>(List.of("stty"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(TTY)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(process.getInputStream().readNBytes(4096), StandardCharsets.US_ASCII);
            return process.waitFor() == 0 ? output.strip() : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
