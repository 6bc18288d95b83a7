package org.portolan.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.InvalidInput;
import org.portolan.model.Problem;

/** Shows what went wrong: what, where, what to do next; a stack trace only with {@code --debug}. */
final class FailureView {
    private FailureView() {}

    /**
     * Shows the failure.
     *
     * @return the exit status that goes with it
     */
    static int show(Console console, Throwable thrown) {
        Failure failure = thrown instanceof Failure known ? known : internal(thrown);
        if (console.json()) {
            console.record("error", JsonLines.failure(failure));
        } else {
            console.error(text(console, failure));
        }
        if (console.debug()) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            console.error(trace.toString());
        }
        return ExitStatus.of(failure.kind()).code();
    }

    private static String text(Console console, Failure failure) {
        StringBuilder text = new StringBuilder();
        if (failure instanceof InvalidInput invalid) {
            for (Problem problem : invalid.problems()) {
                text.append(problem.render()).append('\n');
            }
        }
        text.append(console.paint("\033[31m", "portolan: "))
                .append(failure.what())
                .append('\n');
        for (String detail : failure.details()) {
            text.append("     ").append(detail).append('\n');
        }
        failure.remedy()
                .map(Advice::text)
                .ifPresent(advice -> text.append("     ").append(advice).append('\n'));
        return text.toString();
    }

    private static Failure internal(Throwable thrown) {
        String message = thrown.getMessage();
        String what = "internal error: " + thrown.getClass().getSimpleName() + (message == null ? "" : ": " + message);
        return new Failure(Kind.INTERNAL, what)
                .withHint("this is a bug in Portolan: run the command again with --debug to see where, and report it");
    }

    /** A wrong use of the command line. */
    static Failure usage(String message, String hint) {
        return new Failure(Kind.INVALID, message).withHint(hint);
    }
}
