package org.portolan.process;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs a command when this process has ended without saying so: killed, or with its machine's memory gone. A shell waits at the
 * other end of a pipe, which the kernel closes whatever happened.
 */
public final class DeathWatch {
    /** A line says that all is well; the end of the pipe without one does not. */
    private static final String WAIT = "read -r done && exit 0; exec \"$@\"";

    private final OutputStream pipe;

    private DeathWatch(OutputStream pipe) {
        this.pipe = pipe;
    }

    /**
     * Begins to watch, in a separate session, so that what is sent to this process's group does not reach it.
     *
     * @param command what is run, with this process's environment; its output goes nowhere
     * @return empty where the programs for it are missing
     */
    public static Optional<DeathWatch> start(List<String> command) {
        if (Programs.find("setsid").isEmpty()) {
            return Optional.empty();
        }
        List<String> line = new ArrayList<>(List.of("setsid", "/bin/sh", "-c", WAIT, "watch"));
        line.addAll(command);
        try {
            Process watch = new ProcessBuilder(line)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return Optional.of(new DeathWatch(watch.getOutputStream()));
        } catch (IOException cannot) {
            return Optional.empty();
        }
    }

    /**
     * The same for a class of this program's with a {@code main}.
     *
     * @return ends the watch, and gets whether there is nothing left to do: if not, it is run now
     */
    public static Consumer<Boolean> start(String main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                main));
        command.addAll(List.of(arguments));
        return start(command).<Consumer<Boolean>>map(watch -> watch::end).orElse(done -> {});
    }

    /**
     * Ends it.
     *
     * @param done whether there is nothing left to do; if not, the command is run now
     */
    public void end(boolean done) {
        try (pipe) {
            if (done) {
                pipe.write('\n');
            }
        } catch (IOException gone) {
            // Then nobody watches any more.
        }
    }
}
