package org.portolan.cli;

import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.portolan.sync.LoadedSource;
import org.portolan.sync.SourceLoader;
import org.portolan.sync.SourceRequest;

/** The options that say which Servicefile is meant. */
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
     * Finds and reads the Servicefile.
     *
     * @param named whether a file with services must say which deployment they are
     */
    LoadedSource load(Context context, boolean named) {
        return load(context, request(context, false, named));
    }

    LoadedSource load(Context context, SourceRequest request) {
        return new SourceLoader(
                        context.parts(), context.environment(), InstantSource.system(), context.console()::warning)
                .load(request);
    }

    /** What is asked for; see {@link SourceRequest}. */
    SourceRequest request(Context context, boolean automatic, boolean named) {
        return new SourceRequest(place(), parameters(), context.options().deployment(), automatic, named);
    }

    private SourceRequest.Place place() {
        if (git.given()) {
            if (file.given()) {
                throw FailureView.usage(
                        "FILE and --git cannot be used together", "For a file in the repository use --path PATH.");
            }
            return new SourceRequest.Place.Repository(git.or(""), Optional.ofNullable(ref.orNull()), path.or(""));
        }
        if (ref.given() || path.given()) {
            throw FailureView.usage("--ref and --path need --git", "Add the repository: --git URL.");
        }
        return SourceRequest.Place.Local.of(Optional.ofNullable(file.orNull()));
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
}
