package org.portolan.source.git;

import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.transport.sshd.agent.AbstractConnector;
import org.eclipse.jgit.transport.sshd.agent.Connector;
import org.eclipse.jgit.transport.sshd.agent.ConnectorFactory;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Durations;
import org.portolan.socket.SocketWatchdog;
import org.portolan.socket.UnixSocket;

/**
 * Speaks to an ssh agent over its unix socket (draft-ietf-sshm-ssh-agent: a length of four
 * bytes, a kind, a body). JGit's connector would need a native library.
 */
final class SshAgent implements ConnectorFactory {
    private static final String NAME = "unix socket";
    private static final String FROM_ENVIRONMENT = "SSH_AUTH_SOCK";

    /** A person may have to confirm the use of a key. */
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final Optional<Path> socket;
    private final Duration deadline;

    SshAgent(Optional<Path> socket) {
        this(socket, DEADLINE);
    }

    SshAgent(Optional<Path> socket, Duration deadline) {
        this.socket = socket;
        this.deadline = deadline;
    }

    @Override
    public Connector create(@Nullable String identityAgent, File homeDir) {
        boolean named = identityAgent != null && !identityAgent.isEmpty() && !identityAgent.equals(FROM_ENVIRONMENT);
        return new Connection(named ? Optional.of(Path.of(String.valueOf(identityAgent))) : socket, deadline);
    }

    @Override
    public boolean isSupported() {
        return true;
    }

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public Collection<ConnectorDescriptor> getSupportedConnectors() {
        return List.of(getDefaultConnector());
    }

    @Override
    public ConnectorDescriptor getDefaultConnector() {
        return new ConnectorDescriptor() {
            @Override
            public String getIdentityAgent() {
                return FROM_ENVIRONMENT;
            }

            @Override
            public String getDisplayName() {
                return NAME;
            }
        };
    }

    private static final class Connection extends AbstractConnector {
        private static final int HEADER = 5;
        private final Optional<Path> socket;
        private final Duration deadline;
        private final SocketWatchdog watchdog = new SocketWatchdog();
        private @Nullable UnixSocket connection;

        Connection(Optional<Path> socket, Duration deadline) {
            this.socket = socket;
            this.deadline = deadline;
        }

        @Override
        public boolean connect() {
            if (socket.isEmpty()) {
                return false;
            }
            try {
                connection = UnixSocket.connect(socket.get().toString(), deadline, watchdog);
                return true;
            } catch (IOException noAgent) {
                // As ssh: an agent that is gone leaves the keys in files.
                return false;
            }
        }

        @Override
        public byte[] rpc(byte command, byte @Nullable [] message) throws IOException {
            UnixSocket connected = connection;
            if (connected == null) {
                throw new IOException("not connected to the ssh agent");
            }
            byte[] request = message == null ? new byte[HEADER] : message;
            prepareMessage(command, request);
            SocketWatchdog.Guard guard = watchdog.guard(deadline, connected);
            try (guard) {
                connected.write(request, 0, request.length);
                byte[] length = read(connected, Integer.BYTES);
                return read(connected, toLength(command, length));
            } catch (IOException problem) {
                throw guard.expired()
                        ? new IOException("the ssh agent did not answer within " + Durations.format(deadline), problem)
                        : problem;
            }
        }

        private static byte[] read(UnixSocket from, int bytes) throws IOException {
            byte[] read = from.input().readNBytes(bytes);
            if (read.length < bytes) {
                throw new EOFException("the ssh agent closed the connection");
            }
            return read;
        }

        @Override
        public void close() throws IOException {
            UnixSocket connected = connection;
            watchdog.close();
            if (connected != null) {
                connection = null;
                connected.close();
            }
        }
    }
}
