package org.portolan.bundle;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;
import org.portolan.servicefile.expand.Macros;
import org.portolan.source.FileTree;

/**
 * Bundles as JSON. Contents are in base64, so that there is nothing that a path, a link or a mode of an archive could do where it is read;
 * what is read has limits in size, number and form.
 */
public final class BundleJson {
    /** How many bytes a document may have; contents take four thirds of their size in it. */
    public static final int MOST_BYTES = 12 * 1024 * 1024;

    private static final int MOST_CONTENT = 8 * 1024 * 1024;
    private static final int MOST_FILES = 2_000;
    private static final int MOST_NAMES = 20_000;
    private static final int MOST_VALUES = 1_000;
    private static final int LONGEST_VALUE = 256 * 1024;
    private static final int LONGEST_BASE64 = (FileTree.MAX_FILE_BYTES + 2) / 3 * 4;

    private static final String SERVICEFILE = "servicefile";
    private static final String SOURCE = "source";
    private static final String FILES = "files";
    private static final String FOLDERS = "folders";
    private static final String PLACES = "places";
    private static final String SHOWN = "shown";
    private static final String ROOT = "root";
    private static final String DEPLOYMENT = "deployment";
    private static final String PARAMETERS = "parameters";
    private static final String VALUES = "values";
    private static final String NAMED = "named";

    private BundleJson() {}

    /**
     * The fields of a document.
     *
     * @throws Failure when there is more than whoever reads it takes
     */
    public static Map<String, Object> tree(Bundle bundle) {
        Map<String, Object> tree = new LinkedHashMap<>();
        BundledFiles files = bundle.files();
        requireFew(bundle.servicefile(), files);
        tree.put(SERVICEFILE, bundle.servicefile());
        tree.put(SOURCE, origin(bundle.origin()));
        tree.put(ROOT, files.root());
        Map<String, Object> contents = new LinkedHashMap<>();
        files.contents().forEach((path, content) -> {
            Map<String, Object> file = new LinkedHashMap<>();
            file.put("base64", Base64.getEncoder().encodeToString(content));
            if (files.executable(path)) {
                file.put("program", true);
            }
            contents.put(path, file);
        });
        tree.put(FILES, contents);
        tree.put(FOLDERS, files.folders());
        tree.put(SHOWN, files.shownAs());
        tree.put(PLACES, files.places());
        bundle.deployment().ifPresent(name -> tree.put(DEPLOYMENT, name));
        tree.put(PARAMETERS, bundle.parameters());
        Map<String, Object> values = new LinkedHashMap<>();
        bundle.values().forEach((name, value) -> {
            Map<String, Object> said = new LinkedHashMap<>();
            said.put("text", value.text());
            said.put("secret", value.secret());
            values.put(name, said);
        });
        tree.put(VALUES, values);
        tree.put(NAMED, bundle.named());
        return tree;
    }

    private static void requireFew(String servicefile, BundledFiles files) {
        long total = 0;
        for (byte[] content : files.contents().values()) {
            total += content.length;
        }
        int count = files.contents().size();
        if (total > MOST_CONTENT || count > MOST_FILES) {
            throw new Failure(
                            Kind.INVALID,
                            "the files that " + files.shown(servicefile) + " names are too many for a controller: "
                                    + count + " with " + total / 1024 + " KiB together")
                    .withHint("a controller takes " + MOST_FILES + " files with " + MOST_CONTENT / 1024
                            + " KiB; keep data in volumes or images");
        }
    }

    private static Map<String, Object> origin(Origin origin) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("location", origin.source().location());
        tree.put("path", origin.source().path());
        origin.commit().ifPresent(commit -> tree.put("commit", commit));
        if (origin.dirty()) {
            tree.put("dirty", true);
        }
        origin.author().ifPresent(author -> tree.put("author", author));
        origin.subject().ifPresent(subject -> tree.put("subject", subject));
        return tree;
    }

    /**
     * Reads one that somebody sent.
     *
     * @throws org.portolan.model.Failure when it is beyond a limit
     * @throws org.portolan.json.JsonMismatch when it has another form
     */
    public static Bundle read(StrictJson node) {
        SortedMap<String, byte[]> contents = new TreeMap<>();
        Set<String> programs = new TreeSet<>();
        StrictJson files = node.at(FILES);
        few(files, MOST_FILES);
        long total = 0;
        for (String path : files.map().keySet()) {
            BundleNames.path(FILES, path);
            StrictJson file = files.at(path);
            byte[] content = content(file.at("base64"));
            total += content.length;
            if (total > MOST_CONTENT) {
                throw BundleNames.broken("the files together are larger than " + MOST_CONTENT + " bytes");
            }
            contents.put(path, content);
            if (file.find("program").map(StrictJson::flag).orElse(false)) {
                programs.add(path);
            }
        }
        String servicefile = BundleNames.path(SERVICEFILE, node.text(SERVICEFILE));
        if (!contents.containsKey(servicefile)) {
            throw BundleNames.broken(SERVICEFILE + " should be one of " + FILES);
        }
        return new Bundle(
                servicefile,
                origin(node.at(SOURCE)),
                new BundledFiles(
                        BundleNames.text(ROOT, node.textOrEmpty(ROOT)),
                        contents,
                        programs,
                        folders(node),
                        texts(node, SHOWN),
                        texts(node, PLACES)),
                node.find(DEPLOYMENT).map(StrictJson::text),
                parameters(node),
                values(node),
                node.find(NAMED).map(StrictJson::flag).orElse(true));
    }

    private static byte[] content(StrictJson node) {
        String text = node.text();
        if (text.length() > LONGEST_BASE64) {
            throw BundleNames.broken("a file is larger than " + FileTree.MAX_FILE_BYTES + " bytes");
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException broken) {
            throw BundleNames.broken("a file is not in base64");
        }
    }

    private static SortedMap<String, SortedSet<String>> folders(StrictJson node) {
        SortedMap<String, SortedSet<String>> folders = new TreeMap<>();
        if (node.find(FOLDERS).isEmpty()) {
            return folders;
        }
        StrictJson all = node.at(FOLDERS);
        few(all, MOST_FILES);
        int names = 0;
        for (String path : all.map().keySet()) {
            SortedSet<String> inside = new TreeSet<>();
            for (StrictJson name : all.at(path).list()) {
                inside.add(BundleNames.name(FOLDERS, name.text()));
                if (++names > MOST_NAMES) {
                    throw BundleNames.broken(FOLDERS + " has more than " + MOST_NAMES + " names");
                }
            }
            folders.put(BundleNames.folder(FOLDERS, path), inside);
        }
        return folders;
    }

    /** Texts that people are shown, and places, by path. */
    private static Map<String, String> texts(StrictJson node, String key) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (node.find(key).isPresent()) {
            StrictJson all = node.at(key);
            few(all, MOST_NAMES);
            for (String path : all.map().keySet()) {
                texts.put(BundleNames.folder(key, path), BundleNames.text(key, all.text(path)));
            }
        }
        return texts;
    }

    private static SortedMap<String, String> parameters(StrictJson node) {
        SortedMap<String, String> parameters = new TreeMap<>();
        if (node.find(PARAMETERS).isPresent()) {
            StrictJson all = node.at(PARAMETERS);
            few(all, MOST_VALUES);
            for (String name : all.map().keySet()) {
                parameters.put(BundleNames.text(PARAMETERS, name), value(PARAMETERS, all.text(name)));
            }
        }
        return parameters;
    }

    private static SortedMap<String, Macros.Fill> values(StrictJson node) {
        SortedMap<String, Macros.Fill> values = new TreeMap<>();
        if (node.find(VALUES).isPresent()) {
            StrictJson all = node.at(VALUES);
            few(all, MOST_VALUES);
            for (String name : all.map().keySet()) {
                StrictJson said = all.at(name);
                boolean secret = said.find("secret").map(StrictJson::flag).orElse(true);
                values.put(BundleNames.text(VALUES, name), new Macros.Fill(value(VALUES, said.text("text")), secret));
            }
        }
        return values;
    }

    private static String value(String where, String text) {
        if (text.length() > LONGEST_VALUE) {
            throw BundleNames.broken(where + " has one that is longer than " + LONGEST_VALUE + " characters");
        }
        return text;
    }

    private static void few(StrictJson map, int most) {
        if (map.map().size() > most) {
            throw BundleNames.broken(map.path() + " has more than " + most + " entries");
        }
    }

    private static Origin origin(StrictJson node) {
        String location = BundleNames.text("source.location", node.text("location"));
        if (location.isBlank() || location.equals(SourceId.HAND.location())) {
            throw BundleNames.broken("source.location should name a repository or a file");
        }
        Optional<String> commit = node.find("commit").map(StrictJson::text);
        commit.filter(id -> !id.matches("[0-9a-f]{40}([0-9a-f]{24})?")).ifPresent(other -> {
            throw BundleNames.broken("source.commit is not the whole id of a commit");
        });
        return new Origin(
                new SourceId(location, BundleNames.text("source.path", node.textOrEmpty("path"))),
                commit,
                node.find("dirty").map(StrictJson::flag).orElse(false),
                node.find("author").map(author -> BundleNames.text("source.author", author.text())),
                node.find("subject").map(subject -> BundleNames.text("source.subject", subject.text())));
    }
}
