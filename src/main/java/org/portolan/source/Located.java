package org.portolan.source;

import java.util.Optional;
import java.util.function.Supplier;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;

/**
 * A Servicefile that was found: the tree it lies in, its path there, and where it came from. Who owns it is known at
 * once; the commit is looked up when {@link #origin} is first asked for, so that what needs no commit does not pay for it.
 */
public final class Located {
    private final FileTree tree;
    private final String path;
    private final SourceId source;
    private final Supplier<Origin> origin;
    private final Supplier<Optional<Located>> moved;

    /**
     * @param path of the Servicefile in the tree, with {@code /}
     * @param origin finds the commit; asked again, it may say more (which files were read decides whether a tree is dirty)
     * @param moved looks where it was found again: empty when what was read is still what is there
     */
    public Located(
            FileTree tree, String path, SourceId source, Supplier<Origin> origin, Supplier<Optional<Located>> moved) {
        this.tree = tree;
        this.path = path;
        this.source = source;
        this.origin = origin;
        this.moved = moved;
    }

    public FileTree tree() {
        return tree;
    }

    public String path() {
        return path;
    }

    /** Who owns what the file declares. */
    public SourceId source() {
        return source;
    }

    /**
     * The source with its commit. Of a work tree, {@code dirty} speaks of the Servicefile and of every file that was read
     * from the tree before this call: ask after the Servicefile was read, with its includes and templates.
     */
    public Origin origin() {
        return origin.get();
    }

    /**
     * The Servicefile as it is found now, when a file that was read is another than then, or the revision names another
     * commit; empty when nothing moved.
     */
    public Optional<Located> moved() {
        return moved.get();
    }

    @Override
    public String toString() {
        return source.toString();
    }
}
