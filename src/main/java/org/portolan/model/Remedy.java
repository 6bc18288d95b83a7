package org.portolan.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What to do next, in words in which what Portolan itself can be asked for stands as calls: the command line shows a call as a
 * command, another door shows it its own way.
 */
public record Remedy(List<Part> parts) {
    /** A piece of the advice. */
    public sealed interface Part {}

    /** Words. */
    public record Text(String text) implements Part {}

    /**
     * Something that Portolan can be asked for.
     *
     * @param deployment empty: none in particular
     * @param arguments as the command line takes them
     */
    public record Call(Verb verb, Optional<String> deployment, List<String> arguments) implements Part {
        public Call {
            arguments = List.copyOf(arguments);
        }

        public static Call of(Verb verb, String... arguments) {
            return new Call(verb, Optional.empty(), List.of(arguments));
        }

        public static Call on(String deployment, Verb verb, String... arguments) {
            return new Call(verb, Optional.of(deployment), List.of(arguments));
        }
    }

    /** What is asked for. */
    public enum Verb {
        ABORT,
        DEPLOY,
        DOCTOR,
        HISTORY,
        INIT,
        LIST,
        MOVE_STORE,
        PLAN,
        REMOVE,
        ROLLBACK,
        SECRET,
        STATUS,
        STOP,
        SYSTEM_DOWN,
        SYSTEM_UP,
        VOLUME_LIST,
        VOLUME_REMOVE
    }

    public Remedy {
        parts = List.copyOf(parts);
    }

    public static Remedy of(String text) {
        return new Remedy(List.of(new Text(text)));
    }

    public static Remedy of(Call call) {
        return new Remedy(List.of(call));
    }

    public Remedy and(String text) {
        return and(of(text));
    }

    public Remedy and(Call call) {
        return and(of(call));
    }

    public Remedy and(Remedy more) {
        List<Part> all = new ArrayList<>(parts);
        all.addAll(more.parts);
        return new Remedy(all);
    }

    /** The whole advice, with each call as the function says it. */
    public String text(Function<Call, String> calls) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            text.append(
                    switch (part) {
                        case Text words -> words.text();
                        case Call call -> calls.apply(call);
                    });
        }
        return text.toString();
    }

    /** The same advice with other words, such as masked ones. */
    public Remedy map(UnaryOperator<String> words) {
        return new Remedy(parts.stream()
                .map(part -> switch (part) {
                    case Text text -> new Text(words.apply(text.text()));
                    case Call call ->
                        new Call(
                                call.verb(),
                                call.deployment().map(words),
                                call.arguments().stream().map(words).toList());
                })
                .map(Part.class::cast)
                .toList());
    }

    /** The advice for a text that no door shows as its own, such as evidence that is kept: calls are named only. */
    public String plain() {
        return text(call -> {
            String name = call.verb().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            List<String> words = new ArrayList<>(List.of(name));
            words.addAll(call.arguments());
            return '`'
                    + String.join(" ", words)
                    + '`'
                    + call.deployment().map(deployment -> " of " + deployment).orElse("");
        });
    }
}
