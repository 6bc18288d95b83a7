package org.portolan.servicefile.expand;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.portolan.servicefile.format.Reading;
import org.portolan.servicefile.yaml.CharacterSets;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/**
 * Fills parameters ({@code {{name}}}) and macros ({@code %%NAME%%}) into a tree, value by value: whatever a value holds,
 * it stays one value. A backslash before either keeps it literal. What is filled in is not looked into again.
 */
public final class Expander {
    private static final long MOST_TEXT = 8L * 1024 * 1024;

    private final Map<String, Macros.Fill> values;
    private final Set<String> declared;
    private final Macros macros;
    private final Reading in;
    private final Set<String> used = new HashSet<>();
    private final Set<String> undefinedMacros = new HashSet<>();
    private long written;

    /**
     * @param values the parameters that have a value
     * @param declared all parameters; one without a value was reported by its declaration
     * @param macros what {@code %%NAME%%} stands for
     */
    public Expander(Map<String, Macros.Fill> values, Set<String> declared, Macros macros, Reading in) {
        this.values = values;
        this.declared = declared;
        this.macros = macros;
        this.in = in;
    }

    /** The parameters that were met. */
    public Set<String> used() {
        return used;
    }

    public YamlNode expand(YamlNode node) {
        if (node instanceof YamlNode.Scalar scalar) {
            return scalar(scalar);
        }
        if (node instanceof YamlNode.Sequence sequence) {
            List<YamlNode> items = new ArrayList<>(sequence.items().size());
            for (YamlNode item : sequence.items()) {
                items.add(expand(item));
            }
            return new YamlNode.Sequence(items, sequence.at());
        }
        return mapping((YamlNode.Mapping) node);
    }

    YamlNode.Mapping mapping(YamlNode.Mapping mapping) {
        List<YamlNode.Entry> entries = new ArrayList<>(mapping.entries().size());
        Set<String> expandedKeys = new HashSet<>();
        for (YamlNode.Entry entry : mapping.entries()) {
            YamlNode.Scalar key = scalar(entry.key());
            if (key.unresolved()) {
                continue;
            }
            if (!expandedKeys.add(key.text())) {
                in.fault(key, "duplicate key " + in.found(key) + " after parameters are filled in");
                continue;
            }
            entries.add(new YamlNode.Entry(key, expand(entry.value())));
        }
        return new YamlNode.Mapping(entries, mapping.at());
    }

    public YamlNode.Scalar scalar(YamlNode.Scalar scalar) {
        String text = scalar.text();
        if (text.indexOf("{{") < 0 && text.indexOf("%%") < 0) {
            return scalar;
        }
        return new Filling(scalar).run();
    }

    /** The filling of one scalar. */
    private final class Filling {
        private final YamlNode.Scalar scalar;
        private final String text;
        private final StringBuilder out = new StringBuilder();
        private boolean visible = true;
        private boolean secret;
        private boolean unresolved;
        private boolean touched;
        private int at;

        Filling(YamlNode.Scalar scalar) {
            this.scalar = scalar;
            this.text = scalar.text();
        }

        YamlNode.Scalar run() {
            while (at < text.length()) {
                if (text.startsWith("{{", at)) {
                    parameter();
                } else if (text.startsWith("%%", at)) {
                    macro();
                } else {
                    out.append(text.charAt(at++));
                }
            }
            written += out.length();
            if (written > MOST_TEXT) {
                in.fault(scalar, "with its parameters filled in, the file is larger than " + MOST_TEXT + " characters");
                return scalar.unresolvedCopy();
            }
            if (unresolved) {
                return scalar.unresolvedCopy();
            }
            if (!touched) {
                return scalar;
            }
            YamlNode.Scalar filled = scalar.expanded(out.toString(), visible ? out.toString() : text);
            return secret ? filled.holdingSecret() : filled;
        }

        private void parameter() {
            if (escaped(2)) {
                return;
            }
            int end = text.indexOf("}}", at + 2);
            String name = end < 0 ? "" : text.substring(at + 2, end).strip();
            if (!isName(name, true)) {
                String shown = end < 0 ? text.substring(at) : text.substring(at, end + 2);
                in.fault(
                        scalar,
                        Wording.quote(Reading.hideCredentials(shown)) + " is not a valid parameter",
                        "write {{name}}, or \\{{ for two literal braces (in double quotes: \\\\{{)");
                unresolved = true;
                at = text.length();
                return;
            }
            at = end + 2;
            Macros.Fill value = values.get(name);
            if (value != null) {
                used.add(name);
                secret |= value.secret() || in.secretName(name);
                visible &= !secret;
                append(value.text());
                return;
            }
            unresolved = true;
            used.add(name);
            if (!declared.contains(name)) {
                in.fault(
                        scalar,
                        "the parameter " + Wording.quote(name) + " is not declared",
                        Wording.suggest(
                                name,
                                declared,
                                "declare it: Parameters: {" + name
                                        + ": {required: true}}; for literal braces write \\{{"));
            }
        }

        private void macro() {
            int end = at + 2;
            while (end < text.length() && isNamePart(text.charAt(end), end == at + 2, false)) {
                end++;
            }
            if (end == at + 2 || !text.startsWith("%%", end)) {
                out.append(text.charAt(at++));
                return;
            }
            if (escaped(end + 2 - at)) {
                return;
            }
            String name = text.substring(at + 2, end);
            at = end + 2;
            Macros.Fill value = macros.get(name);
            if (value != null) {
                visible = false;
                secret |= value.secret() || in.secretName(name);
                append(value.text());
                return;
            }
            unresolved = true;
            if (undefinedMacros.add(name)) {
                in.fault(
                        scalar,
                        "the macro %%" + Wording.clip(name) + "%% is not defined",
                        macros.advice(name) + ", or write \\%%" + name + "%% to keep it literal");
            }
        }

        private void append(String value) {
            touched = true;
            if (written + out.length() + value.length() > MOST_TEXT) {
                written = MOST_TEXT + 1;
            } else {
                out.append(value);
            }
        }

        /** Takes a backslash before the opening away and copies so many characters as they are. */
        private boolean escaped(int length) {
            if (at == 0 || text.charAt(at - 1) != '\\') {
                return false;
            }
            out.setLength(out.length() - 1);
            out.append(text, at, at + length);
            at += length;
            touched = true;
            return true;
        }
    }

    static boolean isName(@Nullable String text, boolean hyphens) {
        if (text == null || text.isEmpty()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (!isNamePart(text.charAt(i), i == 0, hyphens)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNamePart(char c, boolean first, boolean hyphens) {
        return CharacterSets.isLetter(c) || c == '_' || (!first && (CharacterSets.isDigit(c) || (hyphens && c == '-')));
    }
}
