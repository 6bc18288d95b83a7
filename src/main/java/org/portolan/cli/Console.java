package org.portolan.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.portolan.model.PlainText;
import org.portolan.model.Problem;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventLevel;
import org.portolan.model.event.EventSink;
import org.portolan.model.event.Notice;

/**
 * What a person, a pipe or a program sees of a command. Results go to standard output, warnings and errors to standard
 * error; with {@code --json} everything is one JSON object a line on standard output.
 */
public final class Console implements EventSink {
    private static final String INDENT = "     ";
    private static final int LONGEST_SECRET = 256 * 1024;
    private static final String RESET = "\033[0m";

    /**
     * How to show things.
     *
     * @param asks whether a person can be asked: standard input and output are a terminal
     * @param typed whether standard input is a terminal
     * @param live whether standard output is a terminal, where lines may change in place
     */
    record Mode(boolean json, boolean quiet, boolean color, boolean debug, boolean asks, boolean typed, boolean live) {
        static final Mode PLAIN = new Mode(false, false, false, false, false, false, false);
    }

    private final Output out;
    private final Output err;
    private final InputStream in;
    private final Mode mode;
    private final Screen screen;

    Console(Output out, Output err, InputStream in, Mode mode) {
        this.out = out;
        this.err = err;
        this.in = in;
        this.mode = mode;
        this.screen = new Screen(out);
    }

    boolean json() {
        return mode.json();
    }

    boolean debug() {
        return mode.debug();
    }

    /** Whether a person sits there who can be asked. */
    boolean asks() {
        return mode.asks() && !mode.json();
    }

    /** Whether standard input is a terminal. */
    boolean typed() {
        return mode.typed();
    }

    /** Whether nobody reads any more. */
    boolean broken() {
        return out.broken();
    }

    /** A line of a result, for people. */
    void line(String text) {
        if (!mode.json()) {
            screen.print(text + "\n");
        }
    }

    /** Text of a result as it is, with its own line ends. */
    void text(String text) {
        if (!mode.json()) {
            screen.print(text);
        }
    }

    /** A result for programs; printed only with {@code --json}. {@code type} becomes the first field. */
    void record(String type, Map<String, ?> fields) {
        if (mode.json()) {
            screen.print(JsonLines.line(type, fields));
        }
    }

    /** Says to people, beside the result, that a list is empty; with {@code --json} an empty list is just empty. */
    void empty(String text) {
        if (!mode.json() && !mode.quiet()) {
            error(text + "\n");
        }
    }

    /** A line about what a change came to, for people; not with {@code --quiet}. */
    void note(String text) {
        if (!mode.json() && !mode.quiet()) {
            screen.print(text + "\n");
        }
    }

    /** A thing that was done. */
    void job(String message) {
        notice(EventLevel.JOB, message);
    }

    /** What belongs to the last job. */
    void detail(String message) {
        notice(EventLevel.DETAIL, message);
    }

    void warning(String message) {
        notice(EventLevel.WARNING, message);
    }

    /** Warnings about a file, each with its place. */
    void problems(List<Problem> problems) {
        for (Problem problem : problems) {
            if (mode.json()) {
                screen.print(JsonLines.line("problem", JsonLines.problem(problem)));
            } else {
                error(problem.render() + "\n");
            }
        }
    }

    private void notice(EventLevel level, String message) {
        accept(new Event(Instant.now(), "", 0, new Notice(level, message)));
    }

    @Override
    public void accept(Event event) {
        if (mode.json()) {
            if (event.level() != EventLevel.TRACE) {
                screen.print(JsonLines.line("event", JsonLines.event(event)));
            }
            return;
        }
        String lane = event.deployment() + " " + event.service();
        String message = PlainText.lines(event.message());
        switch (event.level()) {
            case JOB -> show(paint("\033[1m", "---> ") + message + "\n");
            case DETAIL -> show(indented(message));
            case PROGRESS -> {
                if (mode.live() && !mode.quiet()) {
                    screen.set(lane, about(event));
                }
            }
            case WARNING -> error(paint("\033[33m", "warning: ") + message + "\n");
            case ERROR -> error(paint("\033[31m", "error: ") + message + "\n");
            case TRACE -> {
                // Only kept.
            }
        }
    }

    /** Ends whatever changes in place. */
    void settle() {
        screen.clear();
    }

    /** Writes to standard error, above the changing lines. */
    void error(String text) {
        screen.clear();
        err.write(text);
    }

    /** Standard input as it comes. */
    InputStream input() {
        return in;
    }

    /** Output of something else as it is; false when nobody reads it any more. */
    boolean pass(boolean error, byte[] bytes, int length) {
        Output to = error ? err : out;
        to.write(bytes, length);
        return !to.broken();
    }

    String paint(String code, String text) {
        return mode.color() ? code + text + RESET : text;
    }

    /** Asks a yes-or-no question; only when {@link #asks()}. An empty answer is no. */
    boolean confirm(String question) {
        String answer = ask(question + " [y/N] ").toLowerCase(Locale.ROOT);
        return answer.equals("y") || answer.equals("yes");
    }

    /** Asks for a line; the end of input is an empty one. */
    String ask(String question) {
        screen.print(question);
        try {
            String line = reader().readLine();
            return line == null ? "" : line.strip();
        } catch (IOException unreadable) {
            return "";
        }
    }

    /** A secret: typed without echo at a terminal, else all of standard input without its last line end. */
    String secret(String question) {
        java.io.Console terminal = mode.typed() ? System.console() : null;
        if (terminal != null) {
            char[] typed = terminal.readPassword("%s", question);
            return typed == null ? "" : new String(typed);
        }
        try {
            String text = new String(in.readNBytes(LONGEST_SECRET), StandardCharsets.UTF_8);
            return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        } catch (IOException unreadable) {
            return "";
        }
    }

    private @org.jspecify.annotations.Nullable BufferedReader lines;

    private BufferedReader reader() {
        BufferedReader reader = lines;
        if (reader == null) {
            reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            lines = reader;
        }
        return reader;
    }

    /** A passing state with the service that it is about: "db: waits for redis". */
    private static String about(Event event) {
        String message = PlainText.lines(event.message());
        boolean named = event.service().isEmpty() || message.isEmpty();
        return named ? message : event.service() + ": " + message;
    }

    private void show(String text) {
        if (!mode.quiet()) {
            screen.print(text);
        }
    }

    private static String indented(String message) {
        return INDENT + message.replace("\n", "\n" + INDENT) + "\n";
    }
}
