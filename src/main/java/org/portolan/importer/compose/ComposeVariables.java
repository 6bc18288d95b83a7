package org.portolan.importer.compose;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.Draft;
import org.portolan.importer.draft.Naming;

/**
 * Compose's variables: {@code ${NAME:-default}}. A value that may differ from place to place becomes a parameter of the
 * Servicefile, whose default is what {@code .env} or the text itself says.
 */
final class ComposeVariables {
    private final Map<String, String> known;
    private final Draft draft;
    private final Predicate<String> secret;
    private final Map<String, String> defaults = new HashMap<>();

    /**
     * Fills in nothing yet.
     *
     * @param secret whether a variable's value must not stand in the Servicefile, by its name
     */
    ComposeVariables(Map<String, String> known, Draft draft, Predicate<String> secret) {
        this.known = known;
        this.draft = draft;
        this.secret = secret;
    }

    /** A piece of a text: literal, or a variable with its operator ({@code :-}, {@code ?}, …) and what follows it. */
    private record Piece(String literal, String name, String operator, String argument) {}

    /** The text in the Servicefile's language: variables are parameters. */
    String fill(Cursor value) {
        return fill(value, false);
    }

    /** The same for a variable of a container, where a missing value is the empty text as in Compose. */
    String fillVariable(Cursor value) {
        return fill(value, true);
    }

    String fillVariable(Cursor value, String part) {
        return filled(value, part, true);
    }

    private String fill(Cursor value, boolean emptyIfMissing) {
        return filled(value, value.text(), emptyIfMissing);
    }

    private String filled(Cursor value, String text, boolean emptyIfMissing) {
        StringBuilder out = new StringBuilder();
        for (Piece piece : pieces(text)) {
            if (piece.name.isEmpty()) {
                out.append(Naming.literal(piece.literal));
            } else if (piece.operator.endsWith("+")) {
                out.append(Naming.literal(resolve(piece)));
                value.changed(
                        "${" + piece.name + "+…} is filled in as it is now: " + (isSet(piece) ? "set" : "not set"));
            } else {
                out.append(parameter(piece, value, emptyIfMissing));
            }
        }
        return out.toString();
    }

    /** The text with everything filled in that is known now; what is not is empty, as in Compose. */
    String resolved(Cursor value) {
        return resolved(value.text());
    }

    String resolved(String text) {
        StringBuilder out = new StringBuilder();
        for (Piece piece : pieces(text)) {
            out.append(piece.name.isEmpty() ? piece.literal : resolve(piece));
        }
        return out.toString();
    }

    /** The names of variables in a text that have no value, and no default. */
    List<String> missing(String text) {
        List<String> missing = new ArrayList<>();
        for (Piece piece : pieces(text)) {
            boolean otherwise = piece.operator.endsWith("-") || piece.operator.endsWith("+");
            if (!piece.name.isEmpty()
                    && !otherwise
                    && known.getOrDefault(piece.name, "").isEmpty()) {
                missing.add(piece.name);
            }
        }
        return missing;
    }

    /** Whether the text has variables. */
    static boolean varies(String text) {
        return pieces(text).stream().anyMatch(piece -> !piece.name.isEmpty());
    }

    /** The text with one character for each variable. */
    static String shape(String text) {
        StringBuilder out = new StringBuilder();
        pieces(text).forEach(piece -> out.append(piece.name.isEmpty() ? piece.literal : "x"));
        return out.toString();
    }

    /** A variable that is passed on from the place where Compose runs. */
    Optional<String> passed(String name) {
        return Optional.ofNullable(known.get(name));
    }

    /** Declares a parameter for it. */
    String passedParameter(String name) {
        draft.parameter(name, Optional.of(Naming.literal(known.getOrDefault(name, ""))), "");
        return "{{" + name + "}}";
    }

    private String parameter(Piece piece, Cursor value, boolean emptyIfMissing) {
        String name = piece.name;
        String said = known.get(name);
        boolean colon = piece.operator.startsWith(":");
        boolean hasDefault = piece.operator.endsWith("-");
        boolean required = piece.operator.endsWith("?");
        boolean needed = said != null || required || !emptyIfMissing;
        if (secret.test(name) && needed && (piece.operator.isEmpty() || required)) {
            value.toDo("set " + name + " in the environment of each deploy: the Servicefile does not show secrets");
            return "%%" + name + "%%";
        }
        Optional<String> otherwise;
        if (said != null && !(said.isEmpty() && colon)) {
            otherwise = Optional.of(said);
        } else if (hasDefault) {
            otherwise = Optional.of(resolved(piece.argument));
        } else if (emptyIfMissing && !required) {
            otherwise = Optional.of("");
        } else {
            otherwise = Optional.empty();
        }
        String shown = otherwise.orElse(null);
        if (defaults.containsKey(name) && shown != null && !shown.equals(defaults.get(name))) {
            value.changed("the variable " + name + " has another default here; its value is written as it is now");
            return Naming.literal(shown);
        }
        if (shown != null) {
            defaults.put(name, shown);
        }
        if (shown == null && !defaults.containsKey(name)) {
            value.toDo("the variable " + name + " has no value: give it with --set " + name
                    + "=VALUE, or as default under Parameters");
        }
        draft.parameter(name, otherwise.map(Naming::literal), required ? piece.argument : "");
        return "{{" + name + "}}";
    }

    private boolean isSet(Piece piece) {
        String value = known.get(piece.name);
        return value != null && !(piece.operator.startsWith(":") && value.isEmpty());
    }

    private String resolve(Piece piece) {
        if (piece.operator.endsWith("+")) {
            return isSet(piece) ? resolved(piece.argument) : "";
        }
        String value = known.get(piece.name);
        if (value != null && !(value.isEmpty() && piece.operator.startsWith(":"))) {
            return value;
        }
        return piece.operator.endsWith("-") ? resolved(piece.argument) : "";
    }

    private static List<Piece> pieces(String text) {
        List<Piece> pieces = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
            if (c != '$' || !(next == '$' || next == '{' || isNameStart(next))) {
                literal.append(c);
                at++;
            } else if (next == '$') {
                literal.append('$');
                at += 2;
            } else {
                int end = next == '{' ? closing(text, at + 2) : nameEnd(text, at + 1);
                Piece variable = end < 0 ? null : variable(text.substring(at + (next == '{' ? 2 : 1), end));
                if (variable == null) {
                    literal.append(c);
                    at++;
                    continue;
                }
                if (!literal.isEmpty()) {
                    pieces.add(new Piece(literal.toString(), "", "", ""));
                    literal.setLength(0);
                }
                pieces.add(variable);
                at = next == '{' ? end + 1 : end;
            }
        }
        if (!literal.isEmpty()) {
            pieces.add(new Piece(literal.toString(), "", "", ""));
        }
        return pieces;
    }

    private static @org.jspecify.annotations.Nullable Piece variable(String text) {
        int end = nameEnd(text, 0);
        if (end == 0) {
            return null;
        }
        String name = text.substring(0, end);
        String rest = text.substring(end);
        if (rest.isEmpty()) {
            return new Piece("", name, "", "");
        }
        int length = rest.startsWith(":") ? 2 : 1;
        boolean operator = rest.length() >= length && "-?+".indexOf(rest.charAt(length - 1)) >= 0;
        return operator ? new Piece("", name, rest.substring(0, length), rest.substring(length)) : null;
    }

    /** The closing brace of a variable, beyond those of variables in its default; -1 when there is none. */
    private static int closing(String text, int from) {
        int open = 1;
        for (int i = from; i < text.length(); i++) {
            if (text.startsWith("${", i)) {
                open++;
                i++;
            } else if (text.charAt(i) == '}') {
                open--;
                if (open == 0) {
                    return i;
                }
            }
        }
        return -1;
    }

    private static int nameEnd(String text, int from) {
        int end = from;
        while (end < text.length()
                && (isNameStart(text.charAt(end)) || (end > from && Character.isDigit(text.charAt(end))))) {
            end++;
        }
        return end;
    }

    private static boolean isNameStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }
}
