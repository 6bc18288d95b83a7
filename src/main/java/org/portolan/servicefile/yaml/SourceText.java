package org.portolan.servicefile.yaml;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Position;

/** One file's text, for the excerpts of messages. Excerpts are free of secrets: what is one is masked. */
public final class SourceText {
    private static final int WIDTH = 110;
    private static final String MASK = "••••";

    private final String shown;
    private final String path;
    private final String text;
    private final List<String> secretNames;
    private @Nullable YamlNode root;
    private @Nullable List<YamlNode.Scalar> secrets;
    private boolean quotable = true;

    /**
     * @param shown the path as people know it
     * @param path the path in the tree
     * @param secretNames parts of names that make a value secret, lower-case
     */
    public SourceText(String shown, String path, String text, List<String> secretNames) {
        this.shown = shown;
        this.path = path;
        this.text = text;
        this.secretNames = secretNames;
    }

    String shown() {
        return shown;
    }

    public String path() {
        return path;
    }

    String text() {
        return text;
    }

    /** Tells what the text was read to; until then masking goes by the look of the lines. */
    void readAs(YamlNode tree) {
        root = tree;
    }

    /** Makes excerpts empty: the text is not a Servicefile's, so it may be anything. */
    public void hide() {
        quotable = false;
    }

    /** The line with a caret under the column, or null when nothing may or can be shown. */
    @Nullable
    String excerpt(Position at) {
        if (!quotable || at.line() <= 0 || at.column() <= 0 || text.contains("-----BEGIN")) {
            return null;
        }
        String line = line(at.line());
        if (line == null) {
            return null;
        }
        int[] points = line.codePoints().toArray();
        boolean[] hidden = new boolean[points.length];
        if (root == null) {
            LineSecrets.mark(this, at.line(), hidden);
        } else {
            for (YamlNode.Scalar secret : secrets(root)) {
                hide(secret, at.line(), hidden);
            }
        }
        hideCredentials(points, hidden);
        return render(points, hidden, at.column() - 1);
    }

    @Nullable
    String line(int number) {
        int start = 0;
        for (int i = 1; i < number; i++) {
            start = text.indexOf('\n', start) + 1;
            if (start == 0) {
                return null;
            }
        }
        int end = text.indexOf('\n', start);
        String line = end < 0 ? text.substring(start) : text.substring(start, end);
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    boolean secretName(String name) {
        return isSecretName(name, secretNames);
    }

    public static boolean isSecretName(String name, List<String> parts) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (String part : parts) {
            if (lower.contains(part)) {
                return true;
            }
        }
        return false;
    }

    private List<YamlNode.Scalar> secrets(YamlNode tree) {
        List<YamlNode.Scalar> found = secrets;
        if (found == null) {
            found = new ArrayList<>();
            TreeSecrets.collect(tree, secretNames, found);
            secrets = found;
        }
        return found;
    }

    private static void hide(YamlNode.Scalar secret, int line, boolean[] hidden) {
        if (line < secret.at().line() || line > secret.endLine()) {
            return;
        }
        int from = line == secret.at().line() ? secret.at().column() - 1 : 0;
        int to = line == secret.endLine() ? secret.endColumn() - 1 : hidden.length;
        for (int i = Math.max(0, from); i < Math.min(to, hidden.length); i++) {
            hidden[i] = true;
        }
    }

    /** Hides the password in {@code scheme://user:password@host}. */
    private static void hideCredentials(int[] points, boolean[] hidden) {
        for (int i = 0; i + 2 < points.length; i++) {
            if (points[i] == ':' && points[i + 1] == '/' && points[i + 2] == '/') {
                int colon = -1;
                for (int j = i + 3; j < points.length && points[j] != '/' && points[j] > ' '; j++) {
                    if (points[j] == ':' && colon < 0) {
                        colon = j;
                    } else if (points[j] == '@' && colon >= 0) {
                        Arrays.fill(hidden, colon + 1, j, true);
                    }
                }
            }
        }
    }

    private static String render(int[] points, boolean[] hidden, int column) {
        int at = Math.min(column, points.length);
        int from = at > WIDTH - 20 ? at - WIDTH / 2 : 0;
        StringBuilder line = new StringBuilder(from > 0 ? "…" : "");
        int caret = line.length();
        for (int i = from; i < points.length && line.length() < WIDTH; i++) {
            if (i == at) {
                caret = line.length();
            }
            if (!hidden[i]) {
                line.appendCodePoint(Character.isISOControl(points[i]) ? ' ' : points[i]);
            } else if (i == from || !hidden[i - 1]) {
                line.append(MASK);
            }
        }
        if (at >= points.length) {
            caret = line.length();
        }
        int shift = Character.codePointCount(line, 0, Math.min(caret, line.length()));
        return line.toString().stripTrailing() + "\n" + " ".repeat(shift) + "^";
    }
}
