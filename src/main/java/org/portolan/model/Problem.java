package org.portolan.model;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Something wrong in what a person wrote.
 *
 * @param severity an error stops everything before the first action; a warning is only told
 * @param at where
 * @param message what is wrong, in one line that names the offending word
 * @param excerpt the source line with a caret under the place (two lines), where the text may be shown
 * @param hint what to do about it, with the nearest known name where there is one
 * @param instead what is said to whoever does not see the deployment that it speaks of; empty: it speaks of no other one
 */
public record Problem(
        Severity severity,
        Position at,
        String message,
        Optional<String> excerpt,
        Optional<String> hint,
        Optional<Instead> instead) {

    /** How bad a problem is. */
    public enum Severity {
        ERROR,
        WARNING
    }

    public static Problem error(Position at, String message) {
        return new Problem(Severity.ERROR, at, message, Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static Problem warning(Position at, String message) {
        return new Problem(Severity.WARNING, at, message, Optional.empty(), Optional.empty(), Optional.empty());
    }

    public Problem withHint(String text) {
        return new Problem(severity, at, message, excerpt, Optional.of(text), instead);
    }

    public Problem withExcerpt(String text) {
        return new Problem(severity, at, message, Optional.of(text), hint, instead);
    }

    /** The same with its words changed, such as masked; the excerpt is the file's own. */
    public Problem saying(UnaryOperator<String> words) {
        return new Problem(
                severity,
                at,
                words.apply(message),
                excerpt,
                hint.map(words),
                instead.map(other -> new Instead(other.deployments(), words.apply(other.words()))));
    }

    /** The same, with what is said to whoever does not see that other deployment; "": nothing is. */
    public Problem naming(String deployment, String words) {
        return new Problem(severity, at, message, excerpt, hint, Optional.of(Instead.of(deployment, words)));
    }

    /** As somebody is shown it who sees these deployments; empty: it is not for them. */
    public Optional<Problem> seenBy(Predicate<String> sees) {
        if (instead.isEmpty() || instead.get().isSeen(sees)) {
            return Optional.of(this);
        }
        String words = instead.get().words();
        return words.isEmpty()
                ? Optional.empty()
                : Optional.of(new Problem(severity, at, words, excerpt, Optional.empty(), Optional.empty()));
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** The message in the form of DESIGN.md: one line {@code file:line:column: what}, then excerpt and hint indented. */
    public String render() {
        StringBuilder text = new StringBuilder();
        text.append(at).append(": ");
        if (severity == Severity.WARNING) {
            text.append("warning: ");
        }
        text.append(message);
        excerpt.ifPresent(lines -> text.append('\n').append(lines.indent(4).stripTrailing()));
        hint.ifPresent(line -> text.append('\n').append(line.indent(4).stripTrailing()));
        return text.toString();
    }
}
