package org.portolan.app;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.portolan.config.Configuration;
import org.portolan.config.PushRepositories;
import org.portolan.install.RepositoryRemotes.AddedRemote;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.service.CertificateCheck;
import org.portolan.process.PrivateFiles;
import org.portolan.source.git.PushedRepository;
import org.portolan.source.git.Remotes;

/** Gives work trees the remote of an installation's Git server. */
final class PushRemotes {
    private static final String REMOTE = "deploy";
    private static final String SSH = "ssh://git@";
    private static final String GIT = "git/";
    private static final String HTTPS = "https://";
    private static final int USUAL_HTTPS = 443;
    private static final int MOST_BYTES = 256 * 1024;

    /** A DNS name without a star, and no address. */
    private static final Pattern NAME = Pattern.compile("(?!.*[.][0-9]+$)[a-z0-9_-]+([.][a-z0-9_-]+)*");

    private PushRemotes() {}

    static AddedRemote add(
            Path home,
            Configuration decided,
            Path workTree,
            Optional<String> name,
            Optional<String> server,
            boolean http) {
        String source = name.orElseGet(() -> Remotes.nameOf(workTree));
        if (!PushRepositories.isName(source)) {
            throw new Failure(Kind.INVALID, "invalid name of a source '" + source + "'")
                    .withHint("use --name with letters, digits, hyphens and _, at most 63");
        }
        String url = server.map(given -> elsewhere(given, http))
                        .orElseGet(() -> http ? ownApi(decided) : SSH + own(decided.git()) + "/")
                + source + ".git";
        boolean added = Remotes.add(workTree, REMOTE, url);
        if (server.isPresent()) {
            return new AddedRemote(source, url, added, Optional.empty());
        }
        Path repository = PushRepositories.repository(home, source);
        boolean made = PushedRepository.create(repository);
        return new AddedRemote(source, url, added || made, Optional.of(repository));
    }

    /** What is before the repository's name of one on another machine. */
    private static String elsewhere(String server, boolean http) {
        int scheme = server.indexOf("://");
        if (scheme < 0) {
            if (http) {
                throw new Failure(Kind.INVALID, "--http needs the URL of the other machine's API")
                        .withHint("--server https://" + server);
            }
            return SSH + server + "/";
        }
        URI url = parsed(server);
        boolean known = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!known || url.getHost() == null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new Failure(Kind.INVALID, "--server is neither HOST[:PORT] nor the URL of an API")
                    .withHint("for example https://deploy.example.com:8044");
        }
        if (url.getRawUserInfo() != null) {
            // It would be in the work tree's configuration, where whatever reads that finds it.
            throw new Failure(Kind.REFUSED, "--server has a user's name or a token in it")
                    .withHint(
                            "leave it out: git asks for it, or gets it from a credential helper (git help credentials)");
        }
        String path = url.getRawPath();
        return server + (path.endsWith("/") ? "" : "/") + GIT;
    }

    private static URI parsed(String server) {
        try {
            return new URI(server);
        } catch (URISyntaxException notOne) {
            throw new Failure(Kind.INVALID, "--server is not a URL: " + notOne.getReason());
        }
    }

    /** By the domain at the edge; else by a name that the certificate is for, if there is one; else by the address. */
    private static String ownApi(Configuration decided) {
        Configuration.Api api = decided.api();
        if (api.domain().isPresent()) {
            int port = decided.edge().https();
            return HTTPS + api.domain().get().name() + (port == USUAL_HTTPS ? "" : ":" + port) + "/" + GIT;
        }
        if (api.port() == 0) {
            throw new Failure(Kind.REFUSED, "api.port is off: nothing listens for pushes over HTTP")
                    .withHint("set api.port, or push over SSH: leave --http out");
        }
        if (api.tls().isEmpty()) {
            return "http://" + at(api.address(), api.port()) + "/" + GIT;
        }
        return HTTPS
                + named(api.tls().get(), api.address())
                        .map(name -> name + ":" + api.port())
                        .orElseGet(() -> at(api.address(), api.port()))
                + "/" + GIT;
    }

    /** The first name of the certificate; empty when it is for the address, or for no whole name. */
    private static Optional<String> named(Configuration.Tls tls, String address) {
        List<String> names;
        try {
            names = CertificateCheck.names(PrivateFiles.text(tls.certificate(), MOST_BYTES));
        } catch (Failure unreadable) {
            // The controller says what is wrong with it.
            return Optional.empty();
        }
        return names.contains(host(address))
                ? Optional.empty()
                : names.stream().filter(name -> NAME.matcher(name).matches()).findFirst();
    }

    private static String own(Configuration.Git git) {
        return at(git.address(), git.port());
    }

    private static String host(String address) {
        return switch (address) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "::1";
            default -> address;
        };
    }

    /** How this machine reaches what listens there. */
    private static String at(String address, int port) {
        String host = host(address);
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
