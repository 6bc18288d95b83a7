package org.portolan.source;

import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/** The wording for a file over {@link FileTree#MAX_FILE_BYTES}, the same in every tree. */
public final class TooLarge {
    private static final int MEBIBYTE = 1024 * 1024;

    private TooLarge() {}

    public static Failure of(String shown) {
        return new Failure(
                        Kind.INVALID,
                        shown + " is larger than " + FileTree.MAX_FILE_BYTES / MEBIBYTE + " MiB, the limit")
                .withHint("keep large data out of files that a Servicefile refers to");
    }
}
