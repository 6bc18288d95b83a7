package org.portolan.bundle;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.service.Origin;
import org.portolan.servicefile.expand.Macros;
import org.portolan.source.Located;
import org.portolan.sync.LoadedSource;
import org.portolan.sync.SourceLoader;
import org.portolan.sync.SourceRequest;

/**
 * A source as one machine has read it, for another one that reads it again: all of its files, and nothing else.
 *
 * @param servicefile its path among the files
 * @param origin whose it is, and the commit
 * @param deployment the name of a file's services, or the only deployment that is meant; else the file's own
 * @param parameters given by hand
 * @param values what the file's {@code %%NAME%%} stand for
 * @param named whether a file with services must say which deployment they are
 */
public record Bundle(
        String servicefile,
        Origin origin,
        BundledFiles files,
        Optional<String> deployment,
        SortedMap<String, String> parameters,
        SortedMap<String, Macros.Fill> values,
        boolean named) {
    /** What the reading of one may hand on: twice the contents that there can be. */
    private static final int MOST_READ = 16 * 1024 * 1024;

    /** What was read, read once more to see what that needs. */
    public static Bundle of(LoadedSource read) {
        Located located = read.located();
        RecordingTree recording = new RecordingTree(located.tree());
        read.readAgain(new Located(recording, located.path(), located.source(), located::origin, Optional::empty));
        SourceRequest request = read.request();
        return new Bundle(
                located.path(),
                located.origin(),
                recording.recorded(),
                request.deployment(),
                new TreeMap<>(request.parameters()),
                read.filledIn(),
                request.named());
    }

    /**
     * Reads it, with the same faults at the same places as where it comes from. What was read holds no other file.
     *
     * @param secretNames parts of names that make a value secret
     * @param now for judging certificates
     * @throws org.portolan.model.InvalidInput with every fault at once
     */
    public LoadedSource load(List<String> secretNames, Instant now) {
        RecordingTree tree = new RecordingTree(files, MOST_READ);
        Origin whose = origin;
        Located located = new Located(tree, servicefile, whose.source(), () -> whose, Optional::empty);
        SourceRequest request =
                new SourceRequest(new SourceRequest.Place.Found(located), parameters, deployment, false, named);
        SortedMap<String, String> plain = new TreeMap<>();
        SortedMap<String, String> secret = new TreeMap<>();
        values.forEach((name, value) -> (value.secret() ? secret : plain).put(name, value.text()));
        LoadedSource read =
                SourceLoader.read(request, located, Macros.of(plain, secret, Macros::setIt), secretNames, now);
        tree.keep();
        return read;
    }

    /** The bytes of files that what was loaded holds. */
    public static long held(LoadedSource loaded) {
        return loaded.located().tree() instanceof RecordingTree tree ? tree.bytes() : 0;
    }

    /** As one that comes from another machine: what lies beside its files there is not here. */
    public Bundle elsewhere() {
        return new Bundle(servicefile, origin, files.elsewhere(), deployment, parameters, values, named);
    }

    /** Without what may be secret. */
    @Override
    public String toString() {
        return "Bundle[" + servicefile + " of " + origin.source() + ", "
                + files.contents().size() + " files]";
    }
}
