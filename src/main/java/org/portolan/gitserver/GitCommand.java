package org.portolan.gitserver;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;

/** One command of an SSH session: one of Git's two services, or a refusal. */
final class GitCommand implements Command, Runnable {
    private static final int REFUSED = 128;

    private final GitServices services;
    private final Optional<GitRequest> request;
    private final Optional<Visitor> visitor;
    private final GitCommands commands;
    private volatile boolean gone;
    private volatile boolean begun;
    private @Nullable InputStream in;
    private @Nullable OutputStream out;
    private @Nullable OutputStream errors;
    private @Nullable ExitCallback exit;

    GitCommand(GitServices services, Optional<GitRequest> request, Optional<Visitor> visitor, GitCommands commands) {
        this.services = services;
        this.request = request;
        this.visitor = visitor;
        this.commands = commands;
    }

    @Override
    public void setInputStream(InputStream stream) {
        in = stream;
    }

    @Override
    public void setOutputStream(OutputStream stream) {
        out = stream;
    }

    @Override
    public void setErrorStream(OutputStream stream) {
        errors = stream;
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
        exit = callback;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) {
        begun = commands.begins(this, channel.getServerSession());
        Thread.ofPlatform().daemon().name("git client").start(this);
    }

    @Override
    public void destroy(ChannelSession channel) {
        gone = true;
    }

    @Override
    public void run() {
        int status = REFUSED;
        try {
            if (!begun) {
                say("this controller ends; try again in a moment");
            } else if (request.isEmpty() || visitor.isEmpty()) {
                say("only git push, fetch and clone are possible here");
            } else {
                GitServices.Streams streams = new GitServices.Streams(
                        Objects.requireNonNull(in), Objects.requireNonNull(out), Objects.requireNonNull(errors));
                services.serve(
                        request.get(), visitor.get(), GitTalk.CONNECTION, streams, () -> gone || commands.closing());
                status = 0;
            }
        } catch (Failure failure) {
            say(failure.what());
            failure.hint().ifPresent(this::say);
        } catch (IOException | UncheckedIOException ended) {
            // The client went away, or spoke something else.
        } catch (RuntimeException fault) {
            say("internal error");
        } finally {
            try {
                Objects.requireNonNull(exit).onExit(status);
            } finally {
                commands.ended(this);
            }
        }
    }

    private void say(String text) {
        try {
            OutputStream stream = Objects.requireNonNull(errors);
            stream.write(("portolan: " + text + "\n").getBytes(StandardCharsets.UTF_8));
            stream.flush();
        } catch (IOException nobodyReads) {
            // The status says it too.
        }
    }
}
