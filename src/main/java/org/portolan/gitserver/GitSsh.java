package org.portolan.gitserver;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.channel.ChannelSessionFactory;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.server.global.NoMoreSessionsHandler;
import org.apache.sshd.server.session.ServerSession;
import org.portolan.access.Access;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.state.Principal;
import org.portolan.model.state.SshKey;

/** Git over SSH: keys that are known, and the two services. No shell, no subsystem, no forwarding, no agent. */
final class GitSsh {
    private static final AttributeKey<Login> WHO = new AttributeKey<>();
    private static final int MOST_LOGINS = 10;
    private static final int CHANNELS = 4;
    /** What they have to say of a client is of no use to anybody; the references keep the loggers, and with them their level. */
    private static final List<Logger> LIBRARY_LOGS =
            List.of(Logger.getLogger("org.apache.sshd"), Logger.getLogger("org.eclipse.jgit"));

    /** For a push that follows a release to say that it is not finished, and for its client to take that. */
    private static final Duration LAST_LINE = Duration.ofSeconds(2);

    private final SshServer server;
    private final GitCommands commands = new GitCommands();

    private GitSsh(SshServer server) {
        this.server = server;
    }

    /** Keeps the libraries from writing to the error stream. */
    static void quiet() {
        LIBRARY_LOGS.forEach(log -> log.setLevel(Level.OFF));
    }

    /**
     * Listens.
     *
     * @throws Failure when it cannot
     */
    static GitSsh listen(
            String address, int port, KeyPair hostKey, Access access, GitServices services, GitLimits limits) {
        SshServer server = SshServer.setUpDefaultServer();
        GitSsh ssh = new GitSsh(server);
        server.setHost(address);
        server.setPort(port);
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        server.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        server.setPublickeyAuthenticator((user, key, session) -> lets(access, key, session));
        server.setCommandFactory((channel, command) -> new GitCommand(
                services, GitRequest.of(command), visitor(access, channel.getServerSession()), ssh.commands));
        server.setShellFactory(channel -> new GitCommand(services, Optional.empty(), Optional.empty(), ssh.commands));
        server.setSubsystemFactories(List.of());
        server.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
        server.setChannelFactories(List.of(ChannelSessionFactory.INSTANCE));
        server.setGlobalRequestHandlers(List.of(KeepAliveHandler.INSTANCE, NoMoreSessionsHandler.INSTANCE));
        server.addSessionListener(new Counting(server, limits.connections()));
        CoreModuleProperties.AUTH_TIMEOUT.set(server, limits.login());
        CoreModuleProperties.IDLE_TIMEOUT.set(server, limits.silence().multipliedBy(2));
        CoreModuleProperties.NIO2_READ_TIMEOUT.set(server, limits.silence().multipliedBy(3));
        CoreModuleProperties.MAX_AUTH_REQUESTS.set(server, MOST_LOGINS);
        CoreModuleProperties.MAX_CONCURRENT_CHANNELS.set(server, CHANNELS);
        CoreModuleProperties.SERVER_IDENTIFICATION.set(server, "portolan");
        start(server);
        return ssh;
    }

    /** Starts a server, or leaves nothing of it: before it binds it has threads and files, which it does not close by itself. */
    static void start(SshServer server) {
        try {
            server.start();
        } catch (IOException | RuntimeException taken) {
            server.close(true);
            throw new Failure(
                            Kind.UNAVAILABLE,
                            "the Git server cannot listen on " + server.getHost() + ":" + server.getPort() + ": "
                                    + taken.getMessage())
                    .withCause(taken)
                    .withHint("set git.address or git.port to another one");
        }
    }

    /** Closes connections beyond the most that there may be. */
    private record Counting(SshServer server, int most) implements SessionListener {
        @Override
        public void sessionCreated(Session session) {
            if (server.getActiveSessions().size() > most) {
                session.close(true);
            }
        }
    }

    /** The key that was shown, and whose it was then. */
    private record Login(SshKey key, Principal principal) {}

    private static boolean lets(Access access, PublicKey key, ServerSession session) {
        try {
            ByteArrayBuffer buffer = new ByteArrayBuffer();
            buffer.putRawPublicKey(key);
            SshKey shown = SshKey.of(KeyUtils.getKeyType(key), buffer.getCompactData(), "");
            Optional<Principal> principal = access.key(shown);
            // Set at each attempt: the last one before a session begins is the one whose signature was good.
            session.removeAttribute(WHO);
            principal.ifPresent(known -> session.setAttribute(WHO, new Login(shown, known)));
            return principal.isPresent();
        } catch (Failure unknown) {
            return false;
        }
    }

    private static Optional<Visitor> visitor(Access access, ServerSession session) {
        SocketAddress peer = session.getClientAddress();
        String from =
                peer instanceof InetSocketAddress inet ? inet.getAddress().getHostAddress() : String.valueOf(peer);
        return Optional.ofNullable(session.getAttribute(WHO))
                .map(login -> new Visitor(login.principal(), "key", from, () -> access.key(login.key())
                        .filter(login.principal()::equals)
                        .isPresent()));
    }

    /** The addresses that it listens on. */
    List<String> describe() {
        return server.getBoundAddresses().stream()
                .filter(InetSocketAddress.class::isInstance)
                .map(InetSocketAddress.class::cast)
                .map(bound -> "ssh://git@" + host(bound) + ":" + bound.getPort())
                .sorted()
                .toList();
    }

    private static String host(InetSocketAddress bound) {
        String text = bound.getAddress().getHostAddress();
        return text.contains(":") ? "[" + text + "]" : text;
    }

    /** As {@code ssh-keygen -l} prints it. */
    static String fingerprint(KeyPair key) {
        return KeyUtils.getFingerPrint(key.getPublic());
    }

    /** Begins nothing new. A push that follows a release ends with a line that it continues; the rest ends with the connection. */
    void close(Duration deadline) {
        commands.close(deadline.compareTo(LAST_LINE) < 0 ? deadline : LAST_LINE);
        try {
            CoreModuleProperties.STOP_WAIT_TIME.set(server, deadline);
            server.stop(true);
        } catch (IOException ended) {
            // Its sockets are closed.
        }
    }
}
