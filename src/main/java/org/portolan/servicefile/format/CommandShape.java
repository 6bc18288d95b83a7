package org.portolan.servicefile.format;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.portolan.model.service.Definition;
import org.portolan.servicefile.yaml.YamlNode;

/**
 * A command. A list is run as it is; a text is run by a shell, or (an entry point's) split into words as a shell would.
 *
 * @param shell whether a text runs in {@code /bin/sh -c}
 * @param emptyCounts whether an empty list means something
 */
record CommandShape(boolean shell, boolean emptyCounts) implements Shape {
    /** Linux takes no longer word, its closing zero counted. */
    private static final int LONGEST = 128 * 1024 - 1;

    @Override
    public @Nullable Object read(YamlNode node, Reading in) {
        List<Object> words = new ArrayList<>();
        if (node instanceof YamlNode.Sequence list) {
            for (YamlNode item : list.items()) {
                String text = in.text(item, "text");
                if (text != null) {
                    words.add(Reading.marked(item, text));
                }
            }
        } else {
            String text = in.text(node, "a command: text or a list of texts");
            if (text == null) {
                return null;
            }
            List<String> split = new ArrayList<>();
            if (shell && !text.isEmpty()) {
                warnOfFlag(node, text, in);
                words.addAll(List.of("/bin/sh", "-c", Reading.marked(node, text)));
            } else if (!split(text, split)) {
                in.fault(node, "unclosed quote in the command", "write it as a list: [program, argument]");
                return null;
            }
            split.forEach(word -> words.add(Reading.marked(node, word)));
        }
        for (Object item : words) {
            String word = Definition.text(item);
            if (word.indexOf('\0') >= 0 || bytes(word) > LONGEST) {
                in.fault(node, "an argument of a command cannot contain U+0 or be longer than 128 KiB");
                return null;
            }
        }
        return words.isEmpty() && !emptyCounts ? null : words;
    }

    private static int bytes(String word) {
        return word.length() * 3 <= LONGEST ? word.length() : word.getBytes(StandardCharsets.UTF_8).length;
    }

    /** A text that begins with an option is meant for the image's entry point, which a shell in between does not reach. */
    private static void warnOfFlag(YamlNode node, String text, Reading in) {
        if (!text.strip().startsWith("-")) {
            return;
        }
        List<String> words = new ArrayList<>();
        boolean shown = node instanceof YamlNode.Scalar scalar && !scalar.filled() && !scalar.secret();
        boolean listed = shown && split(Reading.hideCredentials(text), words);
        words.replaceAll(word -> "\"" + word.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
        in.problems()
                .warning(
                        node.at(),
                        "the text is run by /bin/sh -c, but begins with an option instead of a program",
                        "to pass options to the image's entry point, write a list: "
                                + (listed ? "[" + String.join(", ", words) + "]" : "[\"--option\", \"value\"]"));
    }

    /** Splits at blanks outside quotes; false when a quote stays open. */
    private static boolean split(String text, List<String> words) {
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else if (c == '\\'
                        && quote == '"'
                        && i + 1 < text.length()
                        && "\"\\".indexOf(text.charAt(i + 1)) >= 0) {
                    word.append(text.charAt(++i));
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                inWord = true;
            } else if (Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
            } else {
                word.append(c == '\\' && i + 1 < text.length() ? text.charAt(++i) : c);
                inWord = true;
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        return quote == 0;
    }

    @Override
    public String words() {
        return "text or list of texts";
    }

    @Override
    public Map<String, Object> schema() {
        return Shapes.TEXTS.schema();
    }
}
