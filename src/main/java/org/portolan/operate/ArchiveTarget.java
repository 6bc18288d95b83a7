package org.portolan.operate;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;

/** Where the archive of a backup goes. */
public interface ArchiveTarget {
    /** What people call it; "" when it has no name here. */
    String shown();

    /**
     * Refuses one that is there already.
     *
     * @throws org.portolan.model.Failure with {@link org.portolan.model.Failure.Kind#REFUSED}
     */
    void requireNew();

    /**
     * Begins to write it.
     *
     * @throws IOException when it cannot be written
     */
    Writing begin() throws IOException;

    /** What is written; nothing of it is there under its name unless it is whole. */
    interface Writing extends Closeable {
        OutputStream out();

        /**
         * All is written.
         *
         * @return its size
         * @throws IOException when it cannot be kept: nothing of it stays
         */
        long commit() throws IOException;

        /** Removes what was not committed. */
        @Override
        void close();
    }
}
