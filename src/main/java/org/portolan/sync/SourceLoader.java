package org.portolan.sync;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.portolan.model.service.Origin;
import org.portolan.servicefile.LoadOptions;
import org.portolan.servicefile.Loaded;
import org.portolan.servicefile.Servicefiles;
import org.portolan.servicefile.expand.Macros;
import org.portolan.source.Located;
import org.portolan.source.PushedBranches;
import org.portolan.source.RepositoryPatterns;

/** Finds and reads Servicefiles. */
public final class SourceLoader {
    private final SourceAccess access;
    private final Map<String, String> environment;
    private final InstantSource clock;
    private final Consumer<String> warnings;

    /**
     * Reads nothing yet.
     *
     * @param environment of the person who asks, for what is not automatic
     * @param warnings gets what a person should know of variables
     */
    public SourceLoader(
            SourceAccess access, Map<String, String> environment, InstantSource clock, Consumer<String> warnings) {
        this.access = access;
        this.environment = environment;
        this.clock = clock;
        this.warnings = warnings;
    }

    /**
     * Finds and reads what is asked for.
     *
     * @throws org.portolan.model.InvalidInput with every fault of the files at once
     */
    public LoadedSource load(SourceRequest request) {
        Located located = request.place().in(access.sources());
        return load(
                request.automatic()
                        ? BranchInputs.over(
                                request,
                                located.source(),
                                access.configuration().sources())
                        : request,
                located);
    }

    private LoadedSource load(SourceRequest request, Located located) {
        AutomaticEnvironment automatic = new AutomaticEnvironment(access, environment);
        Macros macros = request.automatic()
                ? automatic.macros(located.source(), request.variables())
                : automatic.person(located.source());
        LoadedSource read =
                read(request, located, macros, access.configuration().secretNames(), clock.instant());
        if (!request.automatic()) {
            automatic.unused(located.source(), macros.asked()).ifPresent(warnings);
        }
        return read;
    }

    /**
     * Reads what was found already.
     *
     * @param macros what {@code %%NAME%%} stands for
     * @param secretNames parts of names that make a value secret
     * @param now for judging certificates
     * @throws org.portolan.model.InvalidInput with every fault of the files at once
     */
    public static LoadedSource read(
            SourceRequest request, Located located, Macros macros, List<String> secretNames, Instant now) {
        Function<Located, Loaded> reader = found -> Servicefiles.load(
                found.tree(),
                found.path(),
                new LoadOptions(
                        request.deployment(),
                        request.parameters(),
                        macros,
                        Origin.of(found.source()),
                        secretNames,
                        request.named(),
                        Optional.of(now)));
        return new LoadedSource(request, located, reader.apply(located), reader, macros);
    }

    /**
     * Reads what was pushed last to a branch, as an automatic deploy does.
     *
     * @param branch empty: the one of the repository's HEAD
     * @param deployment the only one that it deploys; empty: what the file names
     * @param inputs what is its own
     * @return empty: nothing was pushed to it yet
     */
    public Optional<LoadedSource> pushed(
            Path repository, Optional<String> branch, String path, Optional<String> deployment, SourceInputs inputs) {
        return access.sources()
                .pushed(repository, branch, path)
                .map(located -> automatic(new SourceRequest.Place.Found(located), deployment, inputs));
    }

    /**
     * Reads what is in one commit of a repository that receives pushes, whether a branch names it yet or not.
     *
     * @param commit its full id
     * @param branch that it is on or goes to, for people
     * @param deployment the only one that it deploys; empty: what the file names
     * @param inputs what is its own
     */
    public LoadedSource pushedCommit(
            Path repository,
            String commit,
            String branch,
            String path,
            Optional<String> deployment,
            SourceInputs inputs) {
        return automatic(
                new SourceRequest.Place.Found(access.sources().pushedCommit(repository, commit, branch, path)),
                deployment,
                inputs);
    }

    /**
     * Reads it as an automatic deploy does: without a user's environment, and every deployment has a name.
     *
     * @param deployment the only one that it deploys; empty: what the file names
     * @param inputs what is its own
     */
    public LoadedSource automatic(SourceRequest.Place place, Optional<String> deployment, SourceInputs inputs) {
        return load(
                new SourceRequest(place, inputs.parameters(), deployment, true, true, inputs.variables()),
                place.in(access.sources()));
    }

    /** What patterns stand for in a repository now; see {@link org.portolan.source.Sources#find}. */
    public List<RepositoryPatterns.Match> find(String url, RepositoryPatterns patterns) {
        return access.sources().find(url, patterns);
    }

    /** The branches of a repository that receives pushes. */
    public PushedBranches pushedBranches(Path repository) {
        return access.sources().pushedBranches(repository);
    }

    /** What patterns stand for in such a repository; see {@link org.portolan.source.Sources#findPushed}. */
    public List<RepositoryPatterns.Match> findPushed(
            Path repository, PushedBranches branches, RepositoryPatterns patterns) {
        return access.sources().findPushed(repository, branches, patterns);
    }
}
