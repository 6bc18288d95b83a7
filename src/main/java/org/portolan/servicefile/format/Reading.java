package org.portolan.servicefile.format;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.Position;
import org.portolan.model.service.Secrets;
import org.portolan.servicefile.yaml.Problems;
import org.portolan.servicefile.yaml.SourceText;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;
import org.portolan.source.FileTree;

/**
 * What decoding needs at hand: the files, the secret names, and where faults are reported.
 *
 * @param tree the files; absent for an inline definition
 * @param now for judging whether certificates are still valid
 * @param secretNames parts of names that make a value secret, lower-case
 * @param filling fills parameters and macros into text that is read from a file
 */
public record Reading(
        Optional<FileTree> tree,
        List<String> secretNames,
        Problems problems,
        Optional<Instant> now,
        UnaryOperator<YamlNode.Scalar> filling) {

    public Reading(Optional<FileTree> tree, List<String> secretNames, Problems problems, Optional<Instant> now) {
        this(tree, secretNames, problems, now, UnaryOperator.identity());
    }

    public Reading(Optional<FileTree> tree, List<String> secretNames, Problems problems) {
        this(tree, secretNames, problems, Optional.empty());
    }

    /** The same with this way to fill parameters and macros in. */
    public Reading filledBy(UnaryOperator<YamlNode.Scalar> expander) {
        return new Reading(tree, secretNames, problems, now, expander);
    }

    /** A scalar's text; null (and a fault unless it was reported already) when the node is not text. */
    public @Nullable String text(YamlNode node, String expected) {
        if (node instanceof YamlNode.Scalar scalar) {
            if (scalar.unresolved()) {
                return null;
            }
            if (!scalar.isNull()) {
                return scalar.text();
            }
        }
        fault(node, "expected " + expected + ", found " + found(node));
        return null;
    }

    public void fault(YamlNode node, String message) {
        String name = interpolated(node);
        if (name == null) {
            problems.error(node.at(), message);
        } else {
            problems.error(node.at(), message, Interpolation.advice(name));
        }
    }

    public void fault(YamlNode node, String message, String hint) {
        String name = interpolated(node);
        problems.error(node.at(), message, name == null ? hint : Interpolation.advice(name));
    }

    /** The name in a {@code ${NAME}} of the value at fault: that nothing fills it in is then the cause. */
    private static @Nullable String interpolated(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar ? Interpolation.named(scalar.shown()) : null;
    }

    /** What stands there, for messages: the word itself, or its kind. */
    public String found(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && !scalar.isNull()
                ? Wording.quote(hideCredentials(scalar.shown()))
                : node.kind();
    }

    public boolean secretName(String name) {
        return SourceText.isSecretName(name, secretNames);
    }

    /** A text as a definition holds it: marked as a secret where one was filled in, or where it holds a password of a URL. */
    static Object marked(YamlNode written, String text) {
        boolean secret = written instanceof YamlNode.Scalar scalar && scalar.secret();
        return secret || hasCredentials(text) ? Map.of("secret", text) : text;
    }

    /** Whether the text holds a URL with a password: {@code redis://user:password@host}. */
    static boolean hasCredentials(String text) {
        return !hideCredentials(text).equals(text);
    }

    public static String hideCredentials(String text) {
        return Secrets.hideCredentials(text);
    }

    /**
     * Reads the file that a scalar names, relative to the file in which it is written.
     *
     * @param what what the file is, for messages: {@code env file}
     * @return the text; null when it cannot be read, which was reported
     */
    public @Nullable FileText file(YamlNode.Scalar name, String what) {
        String path = path(name, what);
        return path == null ? null : read(path, name.at(), what, found(name));
    }

    /** The path in the tree that a scalar names, relative to the file in which it is written; null when there is none. */
    @Nullable
    String path(YamlNode.Scalar name, String what) {
        if (tree.isEmpty()) {
            fault(name, "an inline definition cannot read files: " + found(name));
            return null;
        }
        SourceText from = problems.file(name.at().file());
        String path = Paths.resolve(from == null ? "" : from.path(), name.text());
        if (path == null) {
            fault(
                    name,
                    what + " " + found(name) + " is outside " + tree.get().describe(),
                    "move the file into it, and write its path relative to this file");
        }
        return path;
    }

    /** Reads a file of the tree; a fault is reported at {@code at}. */
    public @Nullable FileText read(String path, Position at, String what, String word) {
        byte[] bytes = bytes(path, at, what, word);
        if (bytes == null) {
            return null;
        }
        String shown = tree.orElseThrow().shown(path);
        CharBuffer text = CharBuffer.allocate(bytes.length);
        boolean readable = decode(bytes, text);
        String decoded = text.flip().toString();
        if (!readable) {
            problems.error(end(shown, decoded), what + " " + word + " is not UTF-8 text");
            return null;
        }
        return new FileText(path, shown, decoded.startsWith("\uFEFF") ? decoded.substring(1) : decoded);
    }

    /** Decodes as much as is UTF-8; whether that is all. */
    static boolean decode(byte[] bytes, CharBuffer text) {
        return !StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes), text, true)
                .isError();
    }

    /** The bytes of a file of the tree; null when it cannot be read, which is reported at {@code at}. */
    byte @Nullable [] bytes(String path, Position at, String what, String word) {
        FileTree files = tree.orElseThrow();
        return seen(at, what, word, () -> {
            Optional<byte[]> bytes = files.read(path);
            if (bytes.isEmpty()) {
                problems.error(at, what + " " + word + " does not exist", "looked for " + files.shown(path));
            }
            return bytes.orElse(null);
        });
    }

    /** Looks at the tree; what that refuses is reported at {@code at}, and gives null. */
    <T> @Nullable T seen(Position at, String what, String word, Supplier<@Nullable T> look) {
        try {
            return look.get();
        } catch (FileTree.OutsideTree outside) {
            problems.error(
                    at,
                    what + " " + word + " leads outside " + tree.orElseThrow().describe());
        } catch (Failure failure) {
            problems.error(at, what + " " + word + ": " + failure.what());
        }
        return null;
    }

    /** The place behind a text. */
    private static Position end(String shown, String text) {
        int line = 1;
        int start = 0;
        for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', start)) {
            line++;
            start = at + 1;
        }
        return new Position(shown, line, text.codePointCount(start, text.length()) + 1);
    }

    /** A file that was read. */
    public record FileText(String path, String shown, String text) {}
}
