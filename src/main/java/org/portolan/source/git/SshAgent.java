package org.portolan.source.git;

import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.transport.sshd.agent.AbstractConnector;
import org.eclipse.jgit.transport.sshd.agent.Connector;
import org.eclipse.jgit.transport.sshd.agent.ConnectorFactory;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to an ssh agent over its unix socket with the JDK's own sockets (draft-ietf-sshm-ssh-agent: a length of four
 * bytes, a kind, a body). JGit's connector would need a native library.
 */
final class SshAgent implements ConnectorFactory {
    private static final String NAME = "unix socket";
    private static final String FROM_ENVIRONMENT = "SSH_AUTH_SOCK";

    private final Optional<Path> socket;

    SshAgent(Optional<Path> socket) {
        this.socket = socket;
    }

    @Override
    public Connector create(@Nullable String identityAgent, File homeDir) {
        boolean named = identityAgent != null && !identityAgent.isEmpty() && !identityAgent.equals(FROM_ENVIRONMENT);
        return new Connection(named ? Optional.of(Path.of(String.valueOf(identityAgent))) : socket);
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
        private @Nullable SocketChannel channel;

        Connection(Optional<Path> socket) {
            this.socket = socket;
        }

        @Override
        public boolean connect() {
            if (socket.isEmpty()) {
                return false;
            }
            try {
                channel = SocketChannel.open(UnixDomainSocketAddress.of(socket.get()));
                return true;
            } catch (IOException noAgent) {
                // As ssh: an agent that is gone leaves the keys in files.
                return false;
            }
        }

        @Override
        public byte[] rpc(byte command, byte @Nullable [] message) throws IOException {
            SocketChannel connected = channel;
            if (connected == null) {
                throw new IOException("not connected to the ssh agent");
            }
            byte[] request = message == null ? new byte[HEADER] : message;
            prepareMessage(command, request);
            ByteBuffer out = ByteBuffer.wrap(request);
            while (out.hasRemaining()) {
                connected.write(out);
            }
            byte[] length = read(connected, Integer.BYTES);
            return read(connected, toLength(command, length));
        }

        private static byte[] read(SocketChannel from, int bytes) throws IOException {
            ByteBuffer in = ByteBuffer.allocate(bytes);
            while (in.hasRemaining()) {
                if (from.read(in) < 0) {
                    throw new EOFException("the ssh agent closed the connection");
                }
            }
            return in.array();
        }

        @Override
        public void close() throws IOException {
            SocketChannel connected = channel;
            if (connected != null) {
                channel = null;
                connected.close();
            }
        }
    }
}
