package org.portolan.cli;

import java.io.InputStream;
import org.portolan.model.container.CommandStreams;
import org.portolan.process.AttachedTerminal;
import org.portolan.process.WindowChanges;

/** This process's standard streams, and its terminal. */
final class OwnStreams implements CommandStreams {
    private final Console console;
    private final boolean interactive;
    private final boolean tty;
    private AttachedTerminal terminal = AttachedTerminal.untouched();

    OwnStreams(Console console, boolean interactive, boolean tty) {
        this.console = console;
        this.interactive = interactive;
        this.tty = tty;
    }

    @Override
    public boolean interactive() {
        return interactive;
    }

    @Override
    public boolean terminal() {
        return tty;
    }

    @Override
    public InputStream input() {
        return console.input();
    }

    @Override
    public boolean output(boolean error, byte[] bytes, int length) {
        return console.pass(error, bytes, length);
    }

    @Override
    public AutoCloseable begin() {
        if (tty) {
            terminal = AttachedTerminal.raw();
        }
        return terminal;
    }

    /** Whoever ends this process ends the connection to the command with it. */
    @Override
    public AutoCloseable begun(Runnable leave, Resize resize) {
        return tty ? WindowChanges.follow(terminal::size, size -> resize.to(size.rows(), size.columns())) : () -> {};
    }
}
