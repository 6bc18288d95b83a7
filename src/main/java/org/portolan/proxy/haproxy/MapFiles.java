package org.portolan.proxy.haproxy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.AtomicFiles;
import org.portolan.process.FileProblems;
import org.portolan.process.Home;
import org.portolan.process.StateFiles;
import org.portolan.routing.HaproxyConfig;
import org.portolan.routing.RouteMaps;

/** HAProxy's maps on the disk, for its next start, and in a worker, by the runtime API. */
final class MapFiles {
    private static final String UNKNOWN = "Unknown map identifier";

    private static final Predicate<String> MOMENT = Pattern.compile("\\d{1,18}").asMatchPredicate();

    private final Path folder;

    MapFiles(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    boolean exist() {
        return Files.isRegularFile(file(HaproxyConfig.NAMES))
                && Files.isRegularFile(file(HaproxyConfig.ROUTES))
                && Files.isRegularFile(file(HaproxyConfig.RETIRED));
    }

    /** Whether the script that a configuration names, and what it reads, are there. */
    boolean hasScript() {
        return Files.isRegularFile(file(HaproxyConfig.SCRIPT)) && Files.isRegularFile(file(HaproxyConfig.CREDENTIALS));
    }

    /** Writes the script for HAProxy's next start, and what it reads, which HAProxy does not start without. */
    void script(String text) {
        prepare();
        write(HaproxyConfig.SCRIPT, text);
        if (!Files.isRegularFile(file(HaproxyConfig.CREDENTIALS))) {
            write(HaproxyConfig.CREDENTIALS, "");
        }
    }

    /** What the files hold; a line that is none of a map is left out. */
    RouteMaps read() {
        SortedMap<String, Long> retired = new TreeMap<>();
        lines(HaproxyConfig.RETIRED).forEach((key, until) -> {
            if (MOMENT.test(until)) {
                retired.put(key, Long.valueOf(until));
            }
        });
        SortedMap<String, String> routes = lines(HaproxyConfig.ROUTES);
        routes.keySet().removeIf(key -> !isPlace(key));
        return new RouteMaps(lines(HaproxyConfig.NAMES), routes, retired, lines(HaproxyConfig.CREDENTIALS));
    }

    /** Whether it is {@code name|mark/path}; without a regular expression, which each look would compile. */
    private static boolean isPlace(String key) {
        int bar = key.indexOf('|');
        int slash = key.indexOf('/');
        int second = key.indexOf('|', bar + 1);
        return bar > 0 && slash > bar + 1 && (second < 0 || second > slash);
    }

    private SortedMap<String, String> lines(String name) {
        SortedMap<String, String> lines = new TreeMap<>();
        try {
            String text = StateFiles.text(file(name)).orElse("");
            int end;
            for (int from = 0; from < text.length(); from = end + 1) {
                int line = text.indexOf('\n', from);
                end = line < 0 ? text.length() : line;
                int space = text.indexOf(' ', from);
                if (space >= 0 && space < end && text.lastIndexOf(' ', end - 1) == space) {
                    lines.put(text.substring(from, space), text.substring(space + 1, end));
                }
            }
        } catch (IOException problem) {
            throw FileProblems.failure("read", file(name), problem);
        }
        return lines;
    }

    void write(RouteMaps maps) {
        prepare();
        write(HaproxyConfig.CREDENTIALS, maps.credentials());
        write(HaproxyConfig.ROUTES, maps.routes());
        write(HaproxyConfig.RETIRED, texts(maps.retired()));
        write(HaproxyConfig.NAMES, maps.names());
    }

    private void prepare() {
        if (!Files.isDirectory(folder)) {
            try {
                StateFiles.delete(folder);
            } catch (IOException problem) {
                throw new Failure(Kind.UNAVAILABLE, "cannot delete " + folder + ": " + problem.getMessage())
                        .withCause(problem);
            }
        }
        Home.makeFolder(folder);
    }

    private void write(String name, SortedMap<String, String> entries) {
        write(name, MapChanges.text(entries));
    }

    private void write(String name, String text) {
        if (!StateFiles.holds(file(name), text)) {
            AtomicFiles.write(file(name), text.getBytes(StandardCharsets.UTF_8), AtomicFiles.PRIVATE);
        }
    }

    private static SortedMap<String, String> texts(SortedMap<String, Long> numbers) {
        SortedMap<String, String> texts = new TreeMap<>();
        numbers.forEach((key, number) -> texts.put(key, String.valueOf(number)));
        return texts;
    }

    /**
     * Brings the maps of the worker that a conversation has entered to others. A name comes after its routes and goes
     * before them, routes come after the credentials that they need and go before them, and a mark that is good again has
     * its routes before it stops being retired.
     *
     * @return whether the worker said nothing against it
     */
    boolean bring(MasterSocket master, RouteMaps maps) throws IOException {
        List<String> credentials = changes(master, HaproxyConfig.CREDENTIALS, maps.credentials());
        List<String> routes = changes(master, HaproxyConfig.ROUTES, maps.routes());
        List<String> retired = changes(master, HaproxyConfig.RETIRED, texts(maps.retired()));
        List<String> names = changes(master, HaproxyConfig.NAMES, maps.names());
        List<String> commands = new ArrayList<>();
        for (List<String> comes : List.of(credentials, routes, retired, names)) {
            commands.addAll(comes.subList(0, going(comes)));
        }
        for (List<String> goes : List.of(names, routes, retired, credentials)) {
            commands.addAll(goes.subList(going(goes), goes.size()));
        }
        boolean said = true;
        for (String command : commands) {
            said &= master.ask(command).isBlank();
        }
        return said;
    }

    /** How many entries of the worker that a conversation has entered are otherwise than the maps say. */
    int differences(MasterSocket master, RouteMaps maps) throws IOException {
        return changes(master, HaproxyConfig.ROUTES, maps.routes()).size()
                + changes(master, HaproxyConfig.RETIRED, texts(maps.retired())).size()
                + changes(master, HaproxyConfig.NAMES, maps.names()).size()
                + changes(master, HaproxyConfig.CREDENTIALS, maps.credentials()).size();
    }

    /** Where what only goes begins: a key that was there twice is deleted before, and comes again. */
    private static int going(List<String> commands) {
        int at = commands.size();
        while (at > 0 && commands.get(at - 1).startsWith("del ")) {
            at--;
        }
        return at;
    }

    private List<String> changes(MasterSocket master, String name, SortedMap<String, String> wanted)
            throws IOException {
        String path = file(name).toString();
        String shown = master.ask("show map " + path);
        // A HAProxy of before there was Digest, or without Lua, lacks this one, and needs it for such domains only.
        return wanted.isEmpty() && shown.contains(UNKNOWN) ? List.of() : MapChanges.between(shown, wanted, path);
    }
}
