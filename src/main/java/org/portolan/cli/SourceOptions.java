package org.portolan.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Origin;
import org.portolan.servicefile.LoadOptions;
import org.portolan.servicefile.Loaded;
import org.portolan.servicefile.Servicefiles;
import org.portolan.servicefile.expand.Macros;
import org.portolan.source.Located;
import org.portolan.source.Sources;

/** The options that say which Servicefile is meant, and the way from them to what it says. */
final class SourceOptions {
    private final Syntax.Text file;
    private final Syntax.Text git;
    private final Syntax.Text ref;
    private final Syntax.Text path;
    private final Syntax.Texts set;

    SourceOptions(Syntax syntax) {
        file = syntax.parameter("FILE", false, "A Servicefile or its folder; default: ./Servicefile.");
        git = syntax.text("--git", "URL", "A Git repository instead of a file: an https, ssh or file URL, or a path.");
        ref = syntax.text("--ref", "REF", "Its branch, tag or commit; default: the repository's HEAD.");
        path = syntax.text("--path", "PATH", "The Servicefile, or its folder, in the repository.");
        set = syntax.texts("--set", "NAME=VALUE", "A parameter's value; overrides the file.");
    }

    /**
     * Where a Servicefile was found, and what it says.
     *
     * @param reader reads one that was found, in the same way
     */
    record Read(Located located, Loaded loaded, Function<Located, Loaded> reader) {
        /** The same read again; empty when nothing moved since. */
        Optional<Read> moved() {
            return located.moved().map(there -> new Read(there, reader.apply(there), reader));
        }

        List<Desired> deployments() {
            return loaded.deployments();
        }

        /** Whether the file names all the deployments of its source: rollouts, not one deployment's services. */
        boolean complete(Context context) {
            return context.options().deployment().isEmpty()
                    && loaded.deployments().stream()
                            .anyMatch(desired -> !desired.template().isEmpty());
        }
    }

    /** Whether a file or repository was named. */
    boolean given() {
        return file.given() || git.given();
    }

    /**
     * Finds and reads the Servicefile.
     *
     * @param automatic nobody's environment stands behind it: the configuration's for the source does
     * @param named whether a file with services must say which deployment they are
     */
    Read read(Context context, boolean automatic, boolean named) {
        return read(
                context,
                locate(context.parts().sources()),
                parameters(),
                context.options().deployment(),
                automatic,
                named);
    }

    /** Reads a Servicefile that was found. */
    static Read read(
            Context context,
            Located located,
            Map<String, String> parameters,
            Optional<String> deployment,
            boolean automatic,
            boolean named) {
        Macros macros = automatic
                ? AutomaticEnvironment.macros(context, located.source())
                : AutomaticEnvironment.person(context, located.source());
        Function<Located, Loaded> reader = found -> Servicefiles.load(
                found.tree(),
                found.path(),
                new LoadOptions(
                        deployment,
                        parameters,
                        macros,
                        Origin.of(found.source()),
                        context.parts().configuration().secretNames(),
                        named,
                        Optional.of(Instant.now())));
        Loaded loaded = reader.apply(located);
        if (!automatic) {
            AutomaticEnvironment.unused(context, located.source(), macros.asked())
                    .ifPresent(context.console()::warning);
        }
        return new Read(located, loaded, reader);
    }

    /** The deployments with the commit that they come from, which is looked up after every file was read. */
    static List<Desired> withOrigin(Read read) {
        Origin origin = read.located().origin();
        List<Desired> deployments = new ArrayList<>();
        for (Desired desired : read.deployments()) {
            deployments.add(new Desired(
                    desired.name(),
                    origin,
                    desired.services(),
                    desired.domains(),
                    desired.template(),
                    desired.notes()));
        }
        return deployments;
    }

    private Located locate(Sources sources) {
        if (git.given()) {
            if (file.given()) {
                throw FailureView.usage(
                        "FILE and --git cannot be used together", "For a file in the repository use --path PATH.");
            }
            return sources.git(git.or(""), Optional.ofNullable(ref.orNull()), path.or(""));
        }
        if (ref.given() || path.given()) {
            throw FailureView.usage("--ref and --path need --git", "Add the repository: --git URL.");
        }
        return sources.local(Path.of(file.or(Sources.DEFAULT_NAME)));
    }

    /** The parameters given by hand. */
    Map<String, String> parameters() {
        Map<String, String> parameters = new TreeMap<>();
        for (String pair : set.all()) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw FailureView.usage("--set needs NAME=VALUE", "Example: --set tag=1.5");
            }
            parameters.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return parameters;
    }

    Optional<String> gitAddress() {
        return Optional.ofNullable(git.orNull());
    }

    String fileName() {
        return file.or(Sources.DEFAULT_NAME);
    }

    String pathInRepository() {
        return path.or("");
    }
}
