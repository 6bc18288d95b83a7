package org.portolan.http;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.portolan.model.state.Principal;
import org.portolan.model.state.Scope;

/** Says who makes a request: over the unix socket the kernel knows, else a token tells. */
final class Callers {
    /** The connector of the unix socket that only its owner and root can open; others are known by a token alone. */
    static final String OWNER = "owner";

    private static final String WHO = "Portolan-Who";
    private static final int LONGEST_NAME = 200;

    private final TokenCheck tokens;
    private final String host;

    /**
     * Of this machine.
     *
     * @param host its name, for history
     */
    Callers(TokenCheck tokens, String host) {
        this.tokens = tokens;
        this.host = host;
    }

    /** Whether it came over the unix socket, which only its owner and root can open. */
    boolean isLocal(Request request) {
        return request.getConnectionMetaData().getConnector() instanceof UnixDomainServerConnector socket
                && OWNER.equals(socket.getName());
    }

    ApiCaller of(Request request, EndPoint connection, String token) {
        if (isLocal(request)) {
            String peer = user(connection) + "@" + host;
            Optional<String> said = said(request).filter(name -> !name.equals(peer));
            String from = said.isPresent() ? ApiCaller.SOCKET + " of " + peer : ApiCaller.SOCKET;
            return ApiCaller.of(Principal.of(said.orElse(peer), Scope.ADMIN, Set.of()), from);
        }
        String from = Request.getRemoteAddr(request);
        return new ApiCaller(token.isEmpty() ? Optional.empty() : tokens.check(token), from);
    }

    /** Whether one may still ask: a token may have been removed meanwhile, the socket is its user's. */
    boolean stands(ApiCaller caller) {
        return caller.isLocal() || caller.who().filter(tokens::stands).isPresent();
    }

    /**
     * In whose name a command line asks: who may open the socket may change everything, so the name counts as it does in a command beside
     * the controller. The audit log has the kernel's word as well.
     */
    private static Optional<String> said(Request request) {
        String given = Optional.ofNullable(request.getHeaders().get(WHO)).orElse("");
        try {
            String name = URLDecoder.decode(given, StandardCharsets.UTF_8).strip();
            boolean plain = name.codePoints().noneMatch(Character::isISOControl);
            return Optional.of(name).filter(text -> plain && !text.isEmpty() && text.length() <= LONGEST_NAME);
        } catch (IllegalArgumentException notEncoded) {
            return Optional.empty();
        }
    }

    private static String user(EndPoint connection) {
        if (connection.getTransport() instanceof SocketChannel channel) {
            try {
                return channel.getOption(ExtendedSocketOptions.SO_PEERCRED)
                        .user()
                        .getName();
            } catch (IOException | UnsupportedOperationException notSaid) {
                // Then it is this program's user, or root.
            }
        }
        return System.getProperty("user.name", "somebody");
    }
}
