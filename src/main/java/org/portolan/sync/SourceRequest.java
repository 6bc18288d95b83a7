package org.portolan.sync;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.portolan.source.Located;
import org.portolan.source.Sources;

/**
 * Which Servicefile is meant, and with what it is read.
 *
 * @param parameters given by hand, instead of the file's
 * @param deployment the name of a file's services; else the file's own
 * @param automatic no user's environment is used, but the configuration's for the source
 * @param named whether a file with services must say which deployment they are
 * @param variables what {@code %%NAME%%} stands for before anything else, in an automatic deploy
 */
public record SourceRequest(
        Place place,
        Map<String, String> parameters,
        Optional<String> deployment,
        boolean automatic,
        boolean named,
        Map<String, String> variables) {

    public SourceRequest(
            Place place,
            Map<String, String> parameters,
            Optional<String> deployment,
            boolean automatic,
            boolean named) {
        this(place, parameters, deployment, automatic, named, Map.of());
    }

    /** Where it is. */
    public sealed interface Place {
        /** Finds it. */
        Located in(Sources sources);

        /** A Servicefile of this machine, or its folder. */
        record Local(Path file) implements Place {
            /** The one that was named, else the Servicefile of the working directory. */
            public static Local of(Optional<String> named) {
                return new Local(Path.of(named.orElse(Sources.DEFAULT_NAME)));
            }

            @Override
            public Located in(Sources sources) {
                return sources.local(file);
            }
        }

        /**
         * A Git repository.
         *
         * @param ref a branch, tag or commit; empty for the repository's HEAD
         * @param path the Servicefile, or its folder, in it
         */
        record Repository(String url, Optional<String> ref, String path) implements Place {
            @Override
            public Located in(Sources sources) {
                return sources.git(url, ref, path);
            }
        }

        /** One that was found already. */
        record Found(Located located) implements Place {
            @Override
            public Located in(Sources sources) {
                return located;
            }
        }
    }
}
