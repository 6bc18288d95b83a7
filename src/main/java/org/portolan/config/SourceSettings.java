package org.portolan.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.Position;
import org.portolan.model.service.SourceId;
import org.portolan.source.BranchPattern;
import org.portolan.source.PathPattern;
import org.portolan.source.Sources;

/**
 * What the configuration says of one source.
 *
 * @param name what the configuration calls it
 * @param location the repository's address in normal form, as in {@link SourceId#location}
 * @param path the Servicefile or its folder in it, "" for the root, or a pattern of Servicefiles; empty: whichever
 * @param env what {@code %%NAME%%} stands for in automatic deploys; values may be secret
 * @param envFiles files of such variables, all secret; a later one wins, and {@code env} over all
 * @param at where it is written
 * @param watch empty: the controller does not follow it
 * @param host what Portolan and the repository's host say to each other
 * @param parameters in place of the Servicefile's
 * @param credentials what the repository is fetched with
 */
public record SourceSettings(
        String name,
        String location,
        Optional<String> path,
        SortedMap<String, Configuration.Secret> env,
        List<Path> envFiles,
        Position at,
        Optional<Watch> watch,
        GitHostSettings host,
        SortedMap<String, String> parameters,
        Optional<SourceCredentials> credentials) {

    /**
     * How the controller follows it.
     *
     * @param url the repository's address as it is written, which may hold a secret
     * @param ref a branch, tag or commit, or a pattern of branches; empty: the repository's HEAD
     * @param poll how often to look
     * @param report whether what differs is reported only
     * @param pushed whether it receives pushes: the url is a repository in the state directory
     * @param branches what each branch, or each that is like a pattern, deploys; empty: the ref, and what its files name
     */
    public record Watch(
            Configuration.Secret url,
            Optional<String> ref,
            Duration poll,
            boolean report,
            boolean pushed,
            SortedMap<String, Branch> branches) {}

    /**
     * What a branch stands for.
     *
     * @param deployment the only one that it deploys: the one of that name in the file, or the file's services under that name
     * @param env its variables, in place of the source's
     * @param parameters that it is read with, in place of the source's
     */
    public record Branch(
            String deployment, SortedMap<String, Configuration.Secret> env, SortedMap<String, String> parameters) {
        public Branch(String deployment) {
            this(deployment, new TreeMap<>(), new TreeMap<>());
        }
    }

    /**
     * What the controller follows of it, by the names that it shows: the source with its ref, or each branch. What patterns stand
     * for is followed as the source.
     */
    public SortedMap<String, Optional<String>> followed() {
        SortedMap<String, Optional<String>> followed = new TreeMap<>();
        watch.ifPresent(own -> {
            if (own.branches().isEmpty()) {
                followed.put(name, own.ref());
            }
            own.branches().keySet().forEach(branch -> {
                if (BranchPattern.isPattern(branch)) {
                    followed.put(name, Optional.empty());
                } else {
                    followed.put(name + "@" + branch, Optional.of(branch));
                }
            });
        });
        return followed;
    }

    /** Whether it follows what patterns stand for: any number of branches or Servicefiles. */
    public boolean hasPatterns() {
        return path.filter(PathPattern::isPattern).isPresent()
                || watch.filter(own ->
                                own.ref().filter(BranchPattern::isPattern).isPresent()
                                        || own.branches().keySet().stream().anyMatch(BranchPattern::isPattern))
                        .isPresent();
    }

    /** Those that speak of a source; one that names the Servicefile comes after those of the whole repository. */
    public static List<SourceSettings> of(List<SourceSettings> all, SourceId source) {
        return all.stream()
                .filter(settings -> settings.matches(source))
                .sorted((one, other) ->
                        Boolean.compare(one.path().isPresent(), other.path().isPresent()))
                .toList();
    }

    private boolean matches(SourceId source) {
        return location.equals(source.location()) && (path.isEmpty() || names(path.get(), source.path()));
    }

    private static boolean names(String wanted, String file) {
        Optional<PathPattern> pattern = PathPattern.parse(wanted);
        if (pattern.isPresent()) {
            return pattern.get().matches(file);
        }
        return file.equals(wanted)
                || file.equals(wanted.isEmpty() ? Sources.DEFAULT_NAME : wanted + "/" + Sources.DEFAULT_NAME);
    }
}
