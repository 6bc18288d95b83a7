package org.portolan.model.container;

import java.io.InputStream;

/** The streams of a command in a container: where its input comes from, and where its output goes to. */
public interface CommandStreams {
    /** The exit status of a program that wrote into a pipe without a reader (SIGPIPE). */
    int LEFT = 141;

    /** Whether the command gets input. */
    boolean interactive();

    /** Whether the command gets a terminal; its output is then one stream. */
    boolean terminal();

    /** The input; asked for once, and only where there is any. A separate thread reads it. */
    InputStream input();

    /**
     * Takes some output. Waits while it cannot be passed on, so that nothing piles up that nobody reads.
     *
     * @param bytes used again afterwards
     * @return false when nobody is there any more who reads it
     */
    boolean output(boolean error, byte[] bytes, int length);

    /** The command is about to begin: keys no longer have a special meaning. Closing it gives that back. */
    AutoCloseable begin();

    /**
     * The command has begun.
     *
     * @param leave leaves it, from any thread: for whoever goes away before its end
     * @param resize gets the size of the terminal, at first and whenever it changes
     * @return ends to tell
     */
    AutoCloseable begun(Runnable leave, Resize resize);

    /** Sets the size of a command's terminal. */
    @FunctionalInterface
    interface Resize {
        void to(int rows, int columns);
    }
}
