package org.portolan.store;

import java.util.List;

/**
 * Everything that an installation keeps in its store, key by key, whoever wrote it. What only means something for a moment
 * (locks, their tokens, tickets) is left out.
 */
public interface StoreContent {
    /** The store for people. */
    String address();

    /** What every key begins with; sealed values are bound to it. */
    String prefix();

    /** All of it, as it was at one moment, also while it is being changed. */
    List<StoredKey> read();

    /**
     * Puts back what was read of a store, sealed again for this place and this installation's key.
     *
     * @param saved what was read
     * @param prefix the {@link #prefix} of where it was read
     * @param key the key that values were sealed with there
     * @param installation whose it is
     * @param replace whether to remove what is here; else a store that holds anything is refused
     * @throws org.portolan.model.Failure when it holds something, or a controller or a release works with it
     */
    void restore(List<StoredKey> saved, String prefix, byte[] key, String installation, boolean replace);
}
