package org.portolan.servicefile.format;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;
import org.portolan.source.FileTree;

/**
 * Paths of the host that a service mounts: absolute ones as they are, relative ones as the real path of what they name in the
 * work tree.
 */
final class HostPaths {
    private static final String WHAT = "host path";

    private HostPaths() {}

    /** Whether a text, where a volume's name could stand as well, is a path. */
    static boolean isPath(String text) {
        return text.startsWith("/")
                || text.equals(".")
                || text.startsWith("./")
                || text.startsWith("../")
                || text.equals("..");
    }

    /** The absolute path that a scalar means; null when there is none, which was reported. */
    static @Nullable String absolute(YamlNode.Scalar written, Reading in) {
        String text = written.text();
        if (text.startsWith("/")) {
            return checked(written, text, in);
        }
        if (text.startsWith("~")) {
            in.fault(written, "invalid path " + in.found(written) + ": ~ is not filled in", "write the absolute path");
            return null;
        }
        String path = in.path(written, WHAT);
        if (path == null) {
            return null;
        }
        FileTree tree = in.tree().orElseThrow();
        if (!tree.onDisk()) {
            in.fault(
                    written,
                    WHAT + " " + in.found(written) + ": " + tree.apart() + ", so they cannot be mounted",
                    "put them into the container with files: {/path: " + Wording.clip(path)
                            + "}, or mount an absolute path");
            return null;
        }
        Optional<Path> place = in.seen(written.at(), WHAT, in.found(written), () -> tree.place(path));
        if (place == null) {
            return null;
        }
        if (place.isEmpty()) {
            in.fault(
                    written,
                    WHAT + " " + in.found(written) + " does not exist",
                    "looked for " + Wording.clip(tree.shown(path)) + "; to create a folder: mkdir -p "
                            + Wording.clip(tree.shown(path)));
            return null;
        }
        return checked(written, place.get().toString(), in);
    }

    private static @Nullable String checked(YamlNode.Scalar written, String path, Reading in) {
        String fault = Names.checkFilePath(path);
        if (fault != null) {
            in.fault(written, "invalid path " + Wording.quote(path) + ": " + fault);
            return null;
        }
        return path;
    }
}
