package org.portolan.servicefile.yaml;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Position;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Reads YAML (and so JSON) text to a located tree, from SnakeYAML's events: no type is guessed, so that YAML 1.2's
 * meaning holds; nothing is built beyond the limits on depth and size, aliases counted in full.
 */
public final class YamlReader {
    static final int MAX_DEPTH = 50;
    static final int MAX_NODES = 250_000;
    private static final String STANDARD_TAG = "tag:yaml.org,2002:";
    private static final Set<String> TAGS = Set.of("str", "int", "float", "bool", "null", "map", "seq");

    private final SourceText source;
    private final Problems problems;
    private final Map<String, Built> anchors = new HashMap<>();
    private final Deque<Frame> open = new ArrayDeque<>();
    private @Nullable Built result;
    private boolean bracesReported;

    private YamlReader(SourceText source, Problems problems) {
        this.source = source;
        this.problems = problems;
    }

    /** The document's tree, or null when it is empty or cannot be read; faults are reported. */
    public static @Nullable YamlNode read(SourceText source, Problems problems) {
        YamlNode tree = new YamlReader(source, problems).read();
        if (tree != null) {
            source.readAs(tree);
        }
        return tree;
    }

    private @Nullable YamlNode read() {
        try {
            ParserImpl parser = new ParserImpl(new StreamReader(JsonText.asYaml(source.text())), new LoaderOptions());
            int documents = 0;
            while (true) {
                Event event = parser.getEvent();
                if (event.is(Event.ID.StreamEnd)) {
                    return result == null || (result.node instanceof YamlNode.Scalar scalar && scalar.isNull())
                            ? null
                            : result.node;
                }
                if (event.is(Event.ID.DocumentStart) && ++documents > 1) {
                    throw new Refused(
                            at(event.getStartMark()), "a second YAML document", "a Servicefile has one document");
                }
                accept(event);
            }
        } catch (Refused refused) {
            problems.error(refused.at, refused.what, refused.hint);
        } catch (MarkedYAMLException fault) {
            if (!bracesReported) {
                syntax(fault);
            }
        } catch (ReaderException fault) {
            problems.error(
                    characterPosition(fault.getPosition()),
                    "the character U+" + Integer.toHexString(fault.getCodePoint())
                            + " is not allowed in a Servicefile");
        } catch (YAMLException fault) {
            problems.error(Position.of(source.shown()), "the file is not valid YAML");
        }
        return null;
    }

    private void syntax(MarkedYAMLException fault) {
        boolean unclosed = fault.getContextMark() != null && SyntaxFault.atTheEnd(fault);
        Mark mark = unclosed || fault.getProblemMark() == null ? fault.getContextMark() : fault.getProblemMark();
        if (mark == null) {
            problems.error(Position.of(source.shown()), SyntaxFault.describe(fault));
            return;
        }
        Position at = at(mark);
        String line = source.line(at.line());
        Optional<SyntaxFault.Unquoted> unquoted = SyntaxFault.unquoted(line == null ? "" : line, at.column());
        if (unquoted.isPresent()) {
            problems.error(
                    new Position(at.file(), at.line(), unquoted.get().column()),
                    unquoted.get().what(),
                    unquoted.get().hint());
        } else {
            problems.error(at, SyntaxFault.describe(fault));
        }
    }

    /** Reports a list or map where a key must stand: most often braces that were meant as a parameter. */
    private void notAKey(YamlNode node) {
        String line = source.line(node.at().line());
        Optional<SyntaxFault.Unquoted> braces = node instanceof YamlNode.Mapping && line != null
                ? SyntaxFault.braces(line, node.at().column())
                : Optional.empty();
        if (braces.isPresent()) {
            bracesReported = true;
            problems.error(
                    new Position(
                            node.at().file(), node.at().line(), braces.get().column()),
                    braces.get().what(),
                    braces.get().hint());
        } else {
            problems.error(node.at(), node.kind() + " cannot be a key", "a key is a word or quoted text");
        }
    }

    private void accept(Event event) {
        if (event instanceof ScalarEvent scalar) {
            checkTag(scalar, scalar.getTag());
            Mark end = scalar.getEndMark();
            String text = scalar.getValue();
            boolean plain = scalar.isPlain() && scalar.getTag() == null;
            add(
                    new Built(
                            new YamlNode.Scalar(
                                    text,
                                    text,
                                    plain,
                                    false,
                                    false,
                                    false,
                                    at(scalar.getStartMark()),
                                    end.getLine() + 1,
                                    end.getColumn() + 1),
                            1,
                            0),
                    scalar.getAnchor());
        } else if (event instanceof CollectionStartEvent start) {
            checkTag(start, start.getTag());
            if (open.size() >= MAX_DEPTH) {
                throw tooDeep(at(start.getStartMark()));
            }
            open.push(new Frame(event instanceof MappingStartEvent, at(start.getStartMark()), start.getAnchor()));
        } else if (event instanceof AliasEvent alias) {
            Built target = anchors.get(alias.getAnchor());
            if (target == null) {
                boolean host = alias.getAnchor().startsWith(".");
                throw new Refused(
                        at(alias.getStartMark()),
                        "unknown anchor in the alias *" + alias.getAnchor(),
                        host
                                ? "put it in quotes: \"*" + alias.getAnchor() + "\""
                                : "define the anchor &" + alias.getAnchor() + " before the alias");
            }
            if (open.size() + target.depth > MAX_DEPTH) {
                throw tooDeep(at(alias.getStartMark()));
            }
            add(target, null);
        } else if (event.is(Event.ID.MappingEnd) || event.is(Event.ID.SequenceEnd)) {
            Frame frame = open.pop();
            add(frame.build(this), frame.anchor);
        }
    }

    private void add(Built built, @Nullable String anchor) {
        if (anchor != null) {
            anchors.put(anchor, built);
        }
        Frame frame = open.peek();
        if (frame == null) {
            result = built;
            return;
        }
        frame.size += built.size;
        frame.depth = Math.max(frame.depth, built.depth);
        if (frame.size > MAX_NODES) {
            throw new Refused(
                    frame.at, "more than " + MAX_NODES + " values with all aliases expanded", "make the file smaller");
        }
        frame.accept(built.node, this);
    }

    private void checkTag(NodeEvent event, @Nullable String tag) {
        if (tag == null || tag.equals("!")) {
            return;
        }
        boolean known = tag.startsWith(STANDARD_TAG) && TAGS.contains(tag.substring(STANDARD_TAG.length()));
        if (!known) {
            String shown = tag.startsWith(STANDARD_TAG) ? "!!" + tag.substring(STANDARD_TAG.length()) : tag;
            throw new Refused(at(event.getStartMark()), "the tag " + shown + " is not allowed", "remove the tag");
        }
    }

    private Position at(Mark mark) {
        return new Position(source.shown(), mark.getLine() + 1, mark.getColumn() + 1);
    }

    private Position characterPosition(int index) {
        int line = 1;
        int column = 1;
        String text = source.text();
        for (int i = 0; i < Math.min(index, text.length()); i++) {
            column = text.charAt(i) == '\n' ? 1 : column + 1;
            line += text.charAt(i) == '\n' ? 1 : 0;
        }
        return new Position(source.shown(), line, column);
    }

    private static Refused tooDeep(Position at) {
        return new Refused(at, "nested deeper than " + MAX_DEPTH + " levels", "make the file flatter");
    }

    /** A finished value, with its size and depth when every alias in it is written out. */
    private record Built(YamlNode node, long size, int depth) {}

    /** A list or map that is being read. */
    private static final class Frame {
        private final boolean mapping;
        private final Position at;
        private final @Nullable String anchor;
        private final List<YamlNode> items = new ArrayList<>();
        private final List<YamlNode.Entry> entries = new ArrayList<>();
        private final Set<String> keys = new HashSet<>();
        private YamlNode.@Nullable Scalar key;
        private boolean skipValue;
        private boolean merges;
        private boolean unusable;
        private long size = 1;
        private int depth;

        Frame(boolean mapping, Position at, @Nullable String anchor) {
            this.mapping = mapping;
            this.at = at;
            this.anchor = anchor;
        }

        void accept(YamlNode node, YamlReader reader) {
            if (!mapping) {
                items.add(node);
            } else if (skipValue) {
                skipValue = false;
            } else if (key == null) {
                acceptKey(node, reader);
            } else {
                entries.add(new YamlNode.Entry(key, node));
                key = null;
            }
        }

        private void acceptKey(YamlNode node, YamlReader reader) {
            if (!(node instanceof YamlNode.Scalar scalar)) {
                reader.notAKey(node);
                skipValue = true;
                unusable = true;
                return;
            }
            boolean merge = scalar.plain() && scalar.text().equals("<<");
            if (!merge && !keys.add(scalar.text())) {
                reader.problems.error(
                        scalar.at(), "duplicate key \"" + Wording.clip(scalar.text()) + "\"", "keep one of them");
                skipValue = true;
                return;
            }
            merges |= merge;
            key = scalar;
        }

        Built build(YamlReader reader) {
            if (unusable && entries.isEmpty()) {
                return new Built(YamlNode.Scalar.of("", at).unresolvedCopy(), size, depth + 1);
            }
            YamlNode node = mapping
                    ? new YamlNode.Mapping(merges ? MergeKeys.merge(entries, keys, reader.problems) : entries, at)
                    : new YamlNode.Sequence(items, at);
            return new Built(node, size, depth + 1);
        }
    }

    /** Ends the reading of a file. */
    private static final class Refused extends RuntimeException {
        private final transient Position at;
        private final String what;
        private final String hint;

        Refused(Position at, String what, String hint) {
            super(what, null, false, false);
            this.at = at;
            this.what = what;
            this.hint = hint;
        }
    }
}
