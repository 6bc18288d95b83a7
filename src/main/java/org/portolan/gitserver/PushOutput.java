package org.portolan.gitserver;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.portolan.model.Failure;
import org.portolan.model.InvalidInput;
import org.portolan.model.Problem;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventLevel;

/** What whoever pushes reads after {@code remote:}. A client that is gone reads nothing, and nothing fails for that. */
final class PushOutput {
    private final OutputStream messages;

    PushOutput(OutputStream messages) {
        this.messages = messages;
    }

    /** Lines without control characters: what a commit says must not reach a terminal as it is. */
    void line(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().filter(c -> c == '\n' || !Character.isISOControl(c)).forEach(shown::appendCodePoint);
        try {
            messages.write(shown.append('\n').toString().getBytes(StandardCharsets.UTF_8));
            messages.flush();
        } catch (IOException | RuntimeException gone) {
            // The release does not depend on it.
        }
    }

    /** Faults with their places, or what failed and what to do. */
    void failure(Failure failure) {
        if (failure instanceof InvalidInput invalid) {
            invalid.problems().forEach(this::problem);
            return;
        }
        line("error: " + failure.what());
        failure.details().forEach(detail -> line("  " + detail));
        failure.hint().ifPresent(hint -> line("  " + hint));
    }

    void problem(Problem problem) {
        line(problem.render());
    }

    /**
     * As on a terminal.
     *
     * @param several whether there are events of other deployments in between
     */
    void event(Event event, boolean several) {
        EventLevel level = event.level();
        if (level == EventLevel.TRACE || level == EventLevel.PROGRESS) {
            return;
        }
        String subject = event.subject();
        String text = (subject.isEmpty() ? "" : subject + "  ") + event.message();
        if (several && level != EventLevel.JOB && !event.deployment().isEmpty()) {
            text = event.deployment() + "  " + text;
        }
        switch (level) {
            case JOB -> line("---> " + text);
            case WARNING, ERROR -> line(level.word() + ": " + text);
            default -> line("     " + text);
        }
    }
}
