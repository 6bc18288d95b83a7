package org.portolan.servicefile.format;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceFile;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/**
 * Files of a service. Normal form: the path in the container to {@code {content, base64, mode, user, template}}; a folder is
 * all of its files.
 */
public record FilesShape() implements Shape {
    public static final List<Key> KEYS = List.of(
            Key.of(
                    "from",
                    new Shapes.Text("a path"),
                    "",
                    "A file or folder of the repository, relative to this file. A folder means all files in and below it.",
                    "from: conf/nginx.conf"),
            Key.of(
                    "content",
                    new Shapes.Text("a text"),
                    "",
                    "The text itself, instead of `from`.",
                    "content: \"a=1\\n\""),
            Key.of(
                    "mode",
                    new FileMode(),
                    "0755 for a program of the repository, else 0644",
                    "The permissions, in quotes.",
                    "mode: \"0600\""),
            Key.withDefault(
                    "user",
                    new FileOwner(),
                    "0",
                    "The owner's number in the container, or `user:group`. Without a group it is the same number.",
                    "user: \"101\""),
            Key.withDefault(
                    "template",
                    Shapes.FLAG,
                    false,
                    "Fills in parameters, macros and the names in braces of the section \"Filled-in values\".",
                    "template: true"),
            Key.withDefault(
                    "secret",
                    Shapes.FLAG,
                    false,
                    "The content is never shown. Private keys, and texts with a secret parameter or macro, are secret anyway.",
                    "secret: true"),
            Key.of(
                    "reload",
                    new ReloadShape(),
                    "a changed file replaces the instances",
                    "How running instances load new content, which is then not a part of the version.",
                    "reload: {signal: HUP}"));
    private static final Fields FIELDS = new Fields("a file", KEYS, false);
    private static final String EXAMPLE = "for example: {/etc/web.conf: conf/web.conf}";

    @Override
    public @Nullable SortedMap<String, Object> read(YamlNode node, Reading in) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            in.fault(node, "expected a map of files, found " + in.found(node), EXAMPLE);
            return null;
        }
        SortedMap<String, Object> folders = new TreeMap<>();
        SortedMap<String, Object> single = new TreeMap<>();
        for (YamlNode.Entry entry : mapping.entries()) {
            if (pathHolds(entry.key(), in)) {
                one(entry, folders, single, in);
            }
        }
        // A file that is written by itself stands for the one of the folder.
        folders.putAll(single);
        limits(mapping, folders, in);
        return folders;
    }

    private static boolean pathHolds(YamlNode.Scalar path, Reading in) {
        if (path.unresolved()) {
            return false;
        }
        String text = path.text();
        String fault = Names.checkFilePath(text);
        if (fault == null && (text.endsWith("/") || text.contains("//") || (text + "/").contains("/./"))) {
            fault = "write it without empty parts, and without / at its end";
        }
        if (fault != null) {
            in.fault(path, "invalid container path " + in.found(path) + ": " + fault, EXAMPLE);
        }
        return fault == null;
    }

    private static void one(
            YamlNode.Entry entry, SortedMap<String, Object> folders, SortedMap<String, Object> single, Reading in) {
        String target = entry.key().text();
        YamlNode value = entry.value();
        SortedMap<String, Object> said = new TreeMap<>();
        if (value instanceof YamlNode.Mapping) {
            SortedMap<String, Object> read = FIELDS.read(value, in);
            if (read == null) {
                return;
            }
            said = read;
        } else if (in.text(value, "a file's path, or a map") == null) {
            return;
        }
        YamlNode from = value instanceof YamlNode.Mapping map ? map.get("from") : value;
        YamlNode content = value instanceof YamlNode.Mapping map ? map.get("content") : null;
        if ((from == null) == (content == null)) {
            in.fault(
                    value,
                    "the file " + Wording.quote(target) + (from == null ? " has no content" : " has from and content"),
                    "use from: a file of the repository, or content: the text");
        } else if (content instanceof YamlNode.Scalar text) {
            boolean empty = YamlNode.isNull(text);
            if (!text.unresolved() && (empty || said.containsKey("content"))) {
                boolean secret = text.secret() || Boolean.TRUE.equals(said.get("secret"));
                single.put(target, FileContents.form(said, empty ? "" : text.text(), secret));
            }
        } else if (from instanceof YamlNode.Scalar name && !name.unresolved() && !YamlNode.isNull(name)) {
            new FileContents(name, said, in).read(target, folders, single);
        }
    }

    private static void limits(YamlNode.Mapping at, SortedMap<String, Object> files, Reading in) {
        long bytes = 0;
        String above = null;
        for (Map.Entry<String, Object> file : files.entrySet()) {
            Object content = file.getValue() instanceof Map<?, ?> form ? form.get("content") : null;
            if (content != null) {
                bytes += Definition.text(content).getBytes(StandardCharsets.UTF_8).length;
            }
            if (above != null && ServiceFile.within(file.getKey(), above)) {
                in.fault(
                        at,
                        Wording.quote(above) + " is a file, and " + Wording.quote(file.getKey())
                                + " would be below it");
            }
            above = file.getKey();
        }
        if (files.size() > ServiceFile.MAX_FILES) {
            in.fault(
                    at,
                    "a service has more than " + ServiceFile.MAX_FILES + " files, the limit",
                    "put them into the image, or into a volume");
        } else if (bytes > ServiceFile.MAX_BYTES) {
            in.fault(
                    at,
                    "the files of a service are larger than " + ServiceFile.MAX_BYTES / 1024 / 1024 + " MiB, the limit",
                    "put large data into the image, or into a volume");
        }
    }

    @Override
    public String words() {
        return "map of container paths to repository paths or maps";
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.mapOf(Schemas.either(List.of(Schemas.TEXT, FIELDS.schema())));
    }

    /** Permission bits in octal digits; normal form with four of them. */
    private record FileMode() implements Shape {
        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            String text = in.text(node, "permissions");
            if (text == null) {
                return null;
            }
            String digits = text.startsWith("0") ? text.substring(1) : text;
            boolean octal = digits.length() == 3 || digits.length() == 4;
            for (int i = 0; i < digits.length(); i++) {
                octal &= digits.charAt(i) >= '0' && digits.charAt(i) <= '7';
            }
            if (!octal) {
                in.fault(node, "invalid mode " + in.found(node), "write it in octal digits, for example \"0644\"");
                return null;
            }
            return digits.length() == 3 ? "0" + digits : digits;
        }

        @Override
        public String words() {
            return "octal digits";
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.either(List.of(Schemas.pattern("^0?[0-7]{3,4}$"), Map.of("type", "integer")));
        }
    }

    /** {@code 101} or {@code 101:102}; a group that has the user's number is left out. */
    private record FileOwner() implements Shape {
        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            String text = in.text(node, "a user's number");
            if (text == null) {
                return null;
            }
            int colon = text.indexOf(':');
            Long user = number(colon < 0 ? text : text.substring(0, colon));
            Long group = colon < 0 ? user : number(text.substring(colon + 1));
            if (user == null || group == null) {
                in.fault(
                        node,
                        "invalid user " + in.found(node) + " of a file",
                        "write its number; docker run --rm --entrypoint id IMAGE -u NAME shows it");
                return null;
            }
            return user.equals(group) ? user.toString() : user + ":" + group;
        }

        private static @Nullable Long number(String text) {
            return Shapes.Whole.parse(text)
                    .filter(number -> number >= 0 && number <= Integer.MAX_VALUE)
                    .orElse(null);
        }

        @Override
        public String words() {
            return "number, or `user:group`";
        }

        @Override
        public Map<String, Object> schema() {
            Map<String, Object> number = new LinkedHashMap<>();
            number.put("type", "integer");
            number.put("minimum", 0);
            return Schemas.either(List.of(number, Schemas.pattern("^[0-9]+(:[0-9]+)?$")));
        }
    }
}
