package org.portolan.source.git;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.CorruptPackIndexException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.errors.PackInvalidException;
import org.eclipse.jgit.errors.PackMismatchException;
import org.eclipse.jgit.errors.RepositoryNotFoundException;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Durations;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.SystemCertificates;
import org.portolan.source.GitAddress;
import org.portolan.source.GitLogin;
import org.portolan.source.GitSettings;

/** Says what a failed fetch means, and what to do about it. */
final class FetchProblems {
    private static final int MAX_CAUSES = 20;

    private FetchProblems() {}

    /** Whether it is the mirror that cannot be read, and not the repository. */
    static boolean isDamage(Throwable problem) {
        @Nullable Throwable cause = problem;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
            if (cause instanceof MissingObjectException
                    || cause instanceof CorruptObjectException
                    || cause instanceof CorruptPackIndexException
                    || cause instanceof PackInvalidException
                    || cause instanceof PackMismatchException
                    || cause instanceof ConfigInvalidException) {
                return true;
            }
        }
        return false;
    }

    static Failure failure(GitAddress address, GitSettings settings, Throwable problem) {
        StringBuilder messages = new StringBuilder();
        @Nullable Throwable cause = problem;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
            Optional<Failure> known = byType(address, settings, cause);
            if (known.isPresent()) {
                return known.get().withCause(problem);
            }
            messages.append(cause.getMessage()).append('\n');
        }
        return byText(address, settings, messages.toString().toLowerCase(Locale.ROOT))
                .orElseGet(() -> new Failure(
                                Kind.UNREACHABLE,
                                "cannot fetch " + address,
                                List.of(firstLine(problem)),
                                Optional.empty(),
                                Optional.empty())
                        .withHint("check it with: git ls-remote " + address))
                .withCause(problem);
    }

    /** The repository itself is damaged, or lost its objects while it was read. */
    static Failure damaged(GitAddress address, String what) {
        return new Failure(Kind.CORRUPT, "cannot fetch " + address + ": the repository is damaged: " + what)
                .withHint("if somebody pushed just now, run the command again; otherwise run git -C " + address.folder()
                        + " fsck, and push the branch again from an intact clone");
    }

    private static Optional<Failure> byType(GitAddress address, GitSettings settings, Throwable cause) {
        return Optional.ofNullable(
                switch (cause) {
                    case NoRemoteRepositoryException missing -> noRepository(address);
                    case RepositoryNotFoundException missing -> noRepository(address);
                    case UnknownHostException unknown ->
                        unreachable(address, "unknown host " + address.host()).withHint("check the address and DNS");
                    case SocketTimeoutException timeout -> silent(address, settings);
                    case ConnectException refused -> refused(address);
                    case NoRouteToHostException unreachable ->
                        unreachable(address, "no route to host " + address.host())
                                .withHint("check the connection");
                    case SSLException untrusted ->
                        unreachable(address, "the server's certificate is not trusted")
                                .withHint(SystemCertificates.howToAdd() + " (Git's http.sslCAInfo is not"
                                        + " used); to check the name: git ls-remote " + address);
                    default -> null;
                });
    }

    private static Optional<Failure> byText(GitAddress address, GitSettings settings, String text) {
        if (text.contains("server key did not validate")
                || text.contains("hostkey")
                || text.contains("host key")
                || text.contains("known_hosts")) {
            return Optional.of(unreachable(address, "the host key of " + address.host() + " is unknown")
                    .withHint(configured(address, settings)
                            .flatMap(GitLogin::knownHosts)
                            .map(file -> "verify the key and add it to " + file + ", as ssh-keyscan prints it")
                            .orElse("verify the key and add it: connect once with ssh " + login(address))));
        }
        if (text.contains("not authorized")
                || text.contains("authentication")
                || text.contains("auth fail")
                || text.contains("not permitted")
                || text.contains("credentialsprovider")
                || text.contains("cannot log in")
                || text.contains("forbidden")) {
            return Optional.of(
                    unreachable(address, "the repository rejected the login").withHint(loginHint(address, settings)));
        }
        // Of git:// the library keeps only the words.
        if (text.contains("connection refused")) {
            return Optional.of(refused(address));
        }
        if (text.contains("unknown host")) {
            return Optional.of(
                    unreachable(address, "unknown host " + address.host()).withHint("check the address and DNS"));
        }
        if (text.contains("not found") || text.contains("not a git repository") || text.contains("does not appear")) {
            return Optional.of(noRepository(address));
        }
        if (text.contains("no space left")) {
            return Optional.of(new Failure(
                            Kind.UNAVAILABLE, "cannot fetch " + address + ": no space left on the disk of this machine")
                    .withHint("make room for " + settings.mirrors()));
        }
        if (text.contains("timeout") || text.contains("timed out")) {
            return Optional.of(unreachable(address, address.host() + " did not answer in time")
                    .withHint("check the connection; a firewall may block it"));
        }
        return Optional.empty();
    }

    static Failure silent(GitAddress address, GitSettings settings) {
        return unreachable(address, address.host() + " did not answer within " + Durations.format(settings.silence()))
                .withHint("check the connection; a firewall may block it");
    }

    private static Failure noRepository(GitAddress address) {
        return address.isLocal()
                ? new Failure(Kind.NOT_FOUND, address + " is not a Git repository")
                        .withHint("use the folder of a repository, bare or with a work tree")
                : unreachable(address, "the repository does not exist, or this user has no access")
                        .withHint("check the address, and the permissions of the key or token");
    }

    private static Failure unreachable(GitAddress address, String why) {
        return new Failure(Kind.UNREACHABLE, "cannot fetch " + address + ": " + why);
    }

    private static Failure refused(GitAddress address) {
        return unreachable(address, "the connection was refused").withHint("check the address and the port");
    }

    private static String loginHint(GitAddress address, GitSettings settings) {
        if (configured(address, settings).isPresent()) {
            return "check credentials of its source in the configuration; what is replaced there works at once";
        }
        return address.scheme().equals("ssh")
                ? "add this user's key to the repository; a key with a passphrase needs an ssh agent. To test: ssh -T "
                        + login(address)
                : "put a user and a token for " + address.host()
                        + " into ~/.netrc, or name them in credentials of its source";
    }

    private static Optional<GitLogin> configured(GitAddress address, GitSettings settings) {
        try {
            return settings.logins().of(address);
        } catch (Failure unreadable) {
            return Optional.empty();
        }
    }

    private static String login(GitAddress address) {
        String port = address.port() < 0 ? "" : "-p " + address.port() + " ";
        return port + address.user().map(user -> user + "@").orElse("") + address.host();
    }

    static String firstLine(Throwable problem) {
        String message = problem.getMessage();
        return message == null || message.isBlank()
                ? problem.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
