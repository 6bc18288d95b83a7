package org.portolan.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.AtomicFiles;
import org.portolan.process.ExclusiveLock;
import org.portolan.process.FileProblems;
import org.portolan.process.Home;
import org.portolan.servicefile.decode.FlatFile;

/**
 * Adds and removes sources in the configuration's file. What else is in it stays to the letter; what comes out is read and compared
 * before it is written, whole or not at all.
 */
public final class ConfigurationEditor {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Map<String, String> environment;
    private final Home home;

    public ConfigurationEditor(Map<String, String> environment, Home home) {
        this.environment = environment;
        this.home = home;
    }

    /**
     * Adds a source.
     *
     * @return the file
     * @throws Failure when there is one of that name, or the configuration would not be valid; nothing was written then
     */
    public Path add(NewSource source) {
        return add(source, any -> true);
    }

    /**
     * The same.
     *
     * @param seen whether the file may be changed with this {@link #tag}
     * @throws Failure also with {@link Kind#STALE} when not
     */
    public Path add(NewSource source, Predicate<String> seen) {
        return edit(seen, (text, shown) -> {
            SortedMap<String, List<String>> now = values(shown, text);
            String begin = ConfigSources.SECTION + "." + source.name();
            if (now.keySet().stream().anyMatch(key -> key.equals(begin) || key.startsWith(begin + "."))) {
                throw new Failure(Kind.REFUSED, "there is a source " + source.name() + " in " + shown)
                        .withHint("choose another name with --name, or change that one in the file");
            }
            source.keys().forEach((key, value) -> now.put(begin + "." + key, List.of(value)));
            return new Edit(section -> section.with(source), now);
        });
    }

    /**
     * Removes a source; what it deployed stays.
     *
     * @return the file
     * @throws Failure when there is none of that name, or it cannot be taken out; nothing was written then
     */
    public Path remove(String name) {
        return remove(name, any -> true);
    }

    /** The same, if the file may be changed with this {@link #tag}; see {@link #add}. */
    public Path remove(String name, Predicate<String> seen) {
        return edit(seen, (text, shown) -> {
            SortedMap<String, List<String>> now = values(shown, text);
            String begin = ConfigSources.SECTION + "." + name + ".";
            if (!now.keySet().removeIf(key -> key.startsWith(begin))) {
                throw new Failure(Kind.NOT_FOUND, "there is no source " + name + " in " + shown)
                        .withHint("`source list` shows those that there are");
            }
            return new Edit(section -> section.without(name), now);
        });
    }

    /**
     * What is to be done.
     *
     * @param wanted all values of the file that comes out
     */
    private record Edit(Change change, SortedMap<String, List<String>> wanted) {}

    private interface Change extends Function<SourcesSection, String> {}

    /** Decides what is to be done with a text. */
    private interface Decision {
        Edit decide(String text, String shown);
    }

    /** Stands for the file's text as it is now. */
    public String tag() {
        Path named = Configurations.file(environment, home.root());
        try {
            return tag(text(named));
        } catch (IOException problem) {
            throw FileProblems.ofGiven("read", named, problem);
        }
    }

    private static String text(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
    }

    private static String tag(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException everyoneHasIt) {
            throw new IllegalStateException(everyoneHasIt);
        }
    }

    private Path edit(Predicate<String> seen, Decision decision) {
        if (!environment.getOrDefault(ConfigSources.VARIABLE, "").isBlank()) {
            throw new Failure(
                            Kind.REFUSED,
                            "the sources are in the environment variable " + ConfigSources.VARIABLE
                                    + ", which takes the place of the file's")
                    .withHint("change the variable, or unset it");
        }
        Path named = Configurations.file(environment, home.root());
        home.prepare();
        try (ExclusiveLock lock = ExclusiveLock.hold(home.file("configuration.lock"), PATIENCE)) {
            Path file = Files.exists(named) ? named.toRealPath() : named.toAbsolutePath();
            String shown = named.toString();
            String text = text(file);
            if (!seen.test(tag(text))) {
                throw new Failure(Kind.STALE, shown + " has changed meanwhile").withHint("look at it, and ask again");
            }
            Edit edit = decision.decide(text, shown);
            String edited =
                    edit.change().apply(new SourcesSection(text, FlatFile.keys(shown, text, ConfigFile.SECRETS)));
            requireAsWanted(shown, edited, edit.wanted());
            write(file, edited);
            return named;
        } catch (IOException problem) {
            throw FileProblems.ofGiven("change", named, problem);
        }
    }

    private void requireAsWanted(String shown, String edited, SortedMap<String, List<String>> wanted) {
        SortedMap<String, List<String>> is;
        try {
            is = values(shown, edited);
        } catch (Failure broken) {
            is = new TreeMap<>();
        }
        if (!is.equals(wanted)) {
            throw new Failure(Kind.REFUSED, "the section sources of " + shown + " cannot be changed by this command")
                    .withHint("change it by hand; docs/configuration.md shows how a source is written");
        }
        // Whatever else is wrong with it, as when a process starts.
        Configurations.validate(shown, edited, environment, home.root());
    }

    private static SortedMap<String, List<String>> values(String shown, String text) {
        SortedMap<String, List<String>> values = new TreeMap<>();
        FlatFile.read(shown, text, ConfigFile.SECRETS).forEach(value -> values.put(value.path(), value.items()));
        return values;
    }

    private static void write(Path file, String text) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        if (Files.exists(file)) {
            AtomicFiles.replace(
                    file, content, Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } else {
            AtomicFiles.write(file, content, AtomicFiles.PRIVATE);
        }
    }
}
