package org.portolan.engine.sim;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.portolan.model.container.CommandStreams;

/** Streams with a given input, which keep the output. */
public final class ScriptedStreams implements CommandStreams {
    private final String input;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    public ScriptedStreams(String input) {
        this.input = input;
    }

    public synchronized String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    public synchronized String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Override
    public boolean interactive() {
        return true;
    }

    @Override
    public boolean terminal() {
        return false;
    }

    @Override
    public InputStream input() {
        return new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public synchronized boolean output(boolean error, byte[] bytes, int length) {
        (error ? err : out).write(bytes, 0, length);
        return true;
    }

    @Override
    public AutoCloseable begin() {
        return () -> {};
    }

    @Override
    public AutoCloseable begun(Runnable leave, Resize resize) {
        return () -> {};
    }
}
