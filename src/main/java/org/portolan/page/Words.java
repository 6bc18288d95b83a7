package org.portolan.page;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A sentence for people, in which commands stand between backticks. */
public record Words(List<Part> parts) {
    /** What a terminal needs, where a page has a form. */
    private static final Pattern APPROVE = Pattern.compile("; `approve [^`]*` agrees to it$");

    /**
     * A part of it.
     *
     * @param code whether it is a command
     */
    public record Part(boolean code, String text) {}

    static Words of(String text) {
        List<Part> parts = new ArrayList<>();
        boolean code = false;
        for (String part : APPROVE.matcher(text).replaceFirst("").split("`", -1)) {
            if (!part.isEmpty()) {
                parts.add(new Part(code, part));
            }
            code = !code;
        }
        return new Words(List.copyOf(parts));
    }

    static List<Words> all(List<String> texts) {
        return texts.stream().map(Words::of).toList();
    }
}
