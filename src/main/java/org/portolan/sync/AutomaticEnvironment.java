package org.portolan.sync;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.config.Configurations;
import org.portolan.config.SourceEnvironment;
import org.portolan.config.SourceSettings;
import org.portolan.model.Failure;
import org.portolan.model.service.SourceId;
import org.portolan.servicefile.expand.Macros;
import org.portolan.source.GitAddress;
import org.portolan.source.Sources;

/** What {@code %%NAME%%} stands for where there is no user's environment: what the configuration gives the source. */
public final class AutomaticEnvironment {
    private final SourceAccess access;
    private final Map<String, String> environment;

    /**
     * Of an installation, and of whoever asks.
     *
     * @param environment of the person who asks; it also says where the configuration is
     */
    public AutomaticEnvironment(SourceAccess access, Map<String, String> environment) {
        this.access = access;
        this.environment = environment;
    }

    /** @param given variables that win over those of the source */
    Macros macros(SourceId source, Map<String, String> given) {
        List<SourceSettings> all = access.configuration().sources();
        SourceEnvironment configured = SourceEnvironment.of(all, source).with(given);
        List<SourceSettings> own = SourceSettings.of(all, source);
        return Macros.of(
                configured.plain(),
                configured.secret(),
                name -> "an automatic deploy uses only variables of the configuration: in " + file() + ", "
                        + (own.isEmpty() ? example(source.location(), name) : key(own.getLast(), name)));
    }

    /** The environment of the person who deploys; a variable that is missing may be one that the configuration gives. */
    Macros person(SourceId source) {
        List<SourceSettings> own = SourceSettings.of(access.configuration().sources(), source);
        return Macros.of(
                environment,
                Map.of(),
                name -> own.stream().anyMatch(settings -> settings.env().containsKey(name))
                        ? Macros.setIt(name) + " (" + key(own.getLast(), name)
                                + " is for automatic deploys), or deploy with --automatic"
                        : Macros.setIt(name));
    }

    /**
     * Says which variables of the file the configuration gives its source, while a person's environment, which gives them
     * another value, is used.
     */
    Optional<String> unused(SourceId source, SortedSet<String> asked) {
        List<SourceSettings> own = SourceSettings.of(access.configuration().sources(), source);
        if (own.isEmpty() || asked.isEmpty()) {
            return Optional.empty();
        }
        SourceEnvironment configured;
        try {
            configured = SourceEnvironment.of(own, source);
        } catch (Failure unreadable) {
            // A file that only automatic deploys need.
            return Optional.empty();
        }
        TreeMap<String, String> given = new TreeMap<>(configured.secret());
        given.putAll(configured.plain());
        given.keySet().retainAll(asked);
        given.entrySet().removeIf(entry -> entry.getValue().equals(environment.get(entry.getKey())));
        return given.isEmpty()
                ? Optional.empty()
                : Optional.of("sources." + own.getLast().name()
                        + " is for automatic deploys and not used: your environment" + " gave "
                        + String.join(", ", given.keySet()) + "; --automatic uses what is configured");
    }

    /** What the installation of a hook warns of, before a push needs it. */
    public String hint(Path repository, String path) {
        String location = GitAddress.parse(repository.toString(), Path.of("")).normal();
        List<SourceSettings> all = access.configuration().sources();
        List<SourceSettings> own = new ArrayList<>(
                SourceSettings.of(all, new SourceId(location, path.isEmpty() ? Sources.DEFAULT_NAME : path)));
        if (own.isEmpty() && !path.isEmpty()) {
            own.addAll(SourceSettings.of(all, new SourceId(location, path + "/" + Sources.DEFAULT_NAME)));
        }
        if (own.isEmpty()) {
            return "%%NAME%% in the Servicefile does not come from whoever pushes: set it in " + file() + ", "
                    + example(location, "NAME");
        }
        TreeSet<String> names = new TreeSet<>();
        TreeSet<String> files = new TreeSet<>();
        for (SourceSettings settings : own) {
            names.addAll(settings.env().keySet());
            settings.envFiles().forEach(file -> files.add(file.toString()));
        }
        names.addAll(files);
        return "%%NAME%% in the Servicefile is what " + file() + " gives the source "
                + own.getLast().name() + ": " + (names.isEmpty() ? "nothing" : String.join(", ", names));
    }

    private Path file() {
        return Configurations.file(environment, access.home().root());
    }

    private static String key(SourceSettings source, String name) {
        return "sources." + source.name() + ".env." + name;
    }

    /** A section that can be copied as it is. */
    private static String example(String location, String name) {
        String last = location.substring(location.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9_-]", "-");
        return "sources: {" + (last.isEmpty() ? "site" : last) + ": {url: \"" + location + "\", env: {" + name
                + ": …}}}";
    }
}
