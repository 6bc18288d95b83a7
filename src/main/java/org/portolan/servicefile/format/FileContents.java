package org.portolan.servicefile.format;

import java.nio.CharBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.portolan.model.Position;
import org.portolan.model.service.ServiceFile;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;
import org.portolan.source.FileTree;

/** Reads what {@code from} of a service's file names: a file, or a folder with everything below it. */
final class FileContents {
    private static final int MAX_DEPTH = 16;
    private static final String WHAT = "file";

    private final YamlNode.Scalar name;
    private final Map<String, Object> said;
    private final Reading in;
    private int found;

    /** @param said the other keys of the file, in normal form */
    FileContents(YamlNode.Scalar name, Map<String, Object> said, Reading in) {
        this.name = name;
        this.said = said;
        this.in = in;
    }

    /** Adds the file, or the folder's files, under their paths in the container. */
    void read(String target, SortedMap<String, Object> folders, SortedMap<String, Object> single) {
        String path = in.path(name, WHAT);
        if (path == null) {
            return;
        }
        if (children(path).isEmpty()) {
            file(path, target, single);
        } else {
            folder(path, target, 1, folders);
            if (found == 0) {
                in.fault(name, "the folder " + in.found(name) + " has no files");
            }
        }
    }

    private List<String> children(String path) {
        FileTree tree = in.tree().orElseThrow();
        SortedSet<String> names = in.seen(
                name.at(), WHAT, in.found(name), () -> tree.children(path).orElse(null));
        return names == null ? List.of() : List.copyOf(names);
    }

    private void folder(String path, String target, int depth, SortedMap<String, Object> files) {
        for (String child : children(path)) {
            String below = path.isEmpty() ? child : path + "/" + child;
            String there = target.equals("/") ? "/" + child : target + "/" + child;
            boolean folder = in.tree().orElseThrow().children(below).isPresent();
            if (depth > MAX_DEPTH) {
                in.fault(name, "the folder " + in.found(name) + " has folders more than " + MAX_DEPTH + " deep");
                return;
            }
            if (folder) {
                folder(below, there, depth + 1, files);
            } else if (Names.checkFilePath(there) != null) {
                in.fault(name, "invalid file name " + Wording.quote(below) + ": " + Names.checkFilePath(there));
            } else {
                file(below, there, files);
            }
            if (found > ServiceFile.MAX_FILES) {
                // The limit is reported for all files of the service.
                return;
            }
        }
    }

    private void file(String path, String target, SortedMap<String, Object> files) {
        String shown = in.tree().orElseThrow().shown(path);
        byte[] bytes = in.bytes(path, name.at(), WHAT, Wording.clip(shown));
        if (bytes == null) {
            return;
        }
        found++;
        CharBuffer text = CharBuffer.allocate(bytes.length);
        boolean readable = Reading.decode(bytes, text);
        String decoded = text.flip().toString();
        boolean template = Boolean.TRUE.equals(said.get("template"));
        if (template && (!readable || decoded.indexOf('\0') >= 0)) {
            in.fault(name, "the template " + Wording.clip(shown) + " is not UTF-8 text");
            return;
        }
        Map<String, Object> own = new TreeMap<>(said);
        if (in.tree().orElseThrow().executable(path)) {
            own.putIfAbsent("mode", "0755");
        }
        if (!readable || decoded.indexOf('\0') >= 0) {
            own.put("base64", true);
            files.put(target, form(own, Base64.getEncoder().encodeToString(bytes), flag("secret")));
        } else if (template) {
            in.problems().addPlace(shown, "a file of " + name.at());
            filled(shown, decoded, target, own, files);
        } else {
            files.put(target, form(own, decoded, flag("secret")));
        }
    }

    /** Fills a file line by line, so that a fault has its line. */
    private void filled(
            String shown, String text, String target, Map<String, Object> own, SortedMap<String, Object> files) {
        StringBuilder out = new StringBuilder(text.length());
        boolean secret = flag("secret");
        boolean whole = true;
        int number = 1;
        for (String line : text.split("\n", -1)) {
            YamlNode.Scalar filled = in.filling().apply(YamlNode.Scalar.of(line, new Position(shown, number, 1)));
            secret |= filled.secret();
            whole &= !filled.unresolved();
            out.append(number == 1 ? "" : "\n").append(filled.text());
            number++;
        }
        if (whole) {
            files.put(target, form(own, out.toString(), secret));
        }
    }

    private boolean flag(String key) {
        return Boolean.TRUE.equals(said.get(key));
    }

    /** The normal form of a file. */
    static Map<String, Object> form(Map<String, Object> said, String content, boolean secret) {
        Map<String, Object> form = new TreeMap<>(said);
        form.remove("from");
        form.remove("secret");
        boolean hidden = secret || content.contains("PRIVATE KEY-----");
        form.put("content", hidden ? Map.of("secret", content) : content);
        form.remove("mode", ServiceFile.MODE);
        return form;
    }
}
