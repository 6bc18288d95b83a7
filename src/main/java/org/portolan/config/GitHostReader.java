package org.portolan.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code webhook} and {@code status} of a source. */
final class GitHostReader {
    private static final int MOST_SECRETS = 2;

    private final Path base;
    private final List<SecretReference> secrets = new ArrayList<>();
    private @Nullable SecretReference token;
    private @Nullable ConfigEntry statusAt;
    private String kind = "";
    private String api = "";

    GitHostReader(Path base) {
        this.base = base;
    }

    /** Takes one value; false when there is no such key. Faults come with what to do. */
    boolean take(String section, String key, ConfigEntry entry, ConfigFaults faults) {
        String path = section + "." + key;
        if (path.equals("webhook.secret")) {
            secrets(entry, faults);
            return true;
        }
        if (!section.equals("status")) {
            return false;
        }
        statusAt = entry;
        Optional<String> given = faults.single(entry);
        if (given.isEmpty()) {
            return true;
        }
        String value = given.get().strip();
        switch (key) {
            case "token" -> token = reference(entry, value, faults);
            case "kind" -> kind = value;
            case "api" -> api = value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
            default -> {
                return false;
            }
        }
        return true;
    }

    private void secrets(ConfigEntry entry, ConfigFaults faults) {
        if (entry.items().isEmpty() || entry.items().size() > MOST_SECRETS) {
            faults.add(entry, entry.path() + " should be one secret, or two while one replaces the other", "");
        }
        for (String item : entry.items()) {
            SecretReference found = reference(entry, item.strip(), faults);
            if (found != null) {
                secrets.add(found);
            }
        }
    }

    private @Nullable SecretReference reference(ConfigEntry entry, String text, ConfigFaults faults) {
        Optional<SecretReference> found = SecretReference.parse(text, base, entry.path() + " (" + entry.at() + ")");
        if (found.isEmpty()) {
            // What is written there may be the secret itself.
            faults.add(
                    entry,
                    entry.path() + " should say where the secret is: " + SecretReference.FORM,
                    "for example: file:secrets/" + entry.path().replace('.', '-'));
        }
        return found.orElse(null);
    }

    /**
     * What was read.
     *
     * @param url the source's address as written, if it has one
     */
    GitHostSettings settings(Optional<String> url, ConfigFaults faults) {
        ConfigEntry at = statusAt;
        SecretReference key = token;
        if (at == null) {
            return new GitHostSettings(List.copyOf(secrets), Optional.empty());
        }
        if (key == null) {
            faults.add(at, "status needs a token", "add status.token: " + SecretReference.FORM);
            return GitHostSettings.NONE;
        }
        Optional<Address> address = url.flatMap(Address::of);
        Optional<GitHostSettings.ApiKind> known = kind(address);
        if (address.isEmpty() || known.isEmpty()) {
            faults.add(
                    at,
                    kind.isEmpty()
                            ? "status: the kind of Git host is not known"
                            : "unknown kind of Git host '" + kind + "'",
                    "add status.kind: github, gitlab or gitea");
            return GitHostSettings.NONE;
        }
        String base = api.isEmpty() ? usual(known.get(), address.get().host()) : api;
        if (!isSafe(base)) {
            faults.add(
                    at,
                    "status.api should be an https:// address, not '" + base + "'",
                    "a token is not sent in the clear, except to this machine itself");
            return GitHostSettings.NONE;
        }
        return new GitHostSettings(
                List.copyOf(secrets),
                Optional.of(new GitHostSettings.Status(
                        known.get(), base, address.get().path(), key)));
    }

    private Optional<GitHostSettings.ApiKind> kind(Optional<Address> address) {
        String word = kind;
        if (word.isEmpty()) {
            String host = address.map(Address::host).orElse("");
            word = host.equals("github.com") ? "github" : host.equals("gitlab.com") ? "gitlab" : "";
            word = host.equals("codeberg.org") ? "gitea" : word;
        }
        for (GitHostSettings.ApiKind each : GitHostSettings.ApiKind.values()) {
            if (each.word().equals(word)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    private static String usual(GitHostSettings.ApiKind kind, String host) {
        return switch (kind) {
            case GITHUB -> host.equals("github.com") ? "https://api.github.com" : "https://" + host + "/api/v3";
            case GITLAB -> "https://" + host + "/api/v4";
            case GITEA -> "https://" + host + "/api/v1";
        };
    }

    static boolean isSafe(String address) {
        try {
            URI uri = new URI(address);
            String host = uri.getHost() == null ? "" : uri.getHost();
            boolean here = host.equals("127.0.0.1") || host.equals("localhost") || host.equals("[::1]");
            return !host.isEmpty()
                    && uri.getUserInfo() == null
                    && ("https".equals(uri.getScheme()) || (here && "http".equals(uri.getScheme())));
        } catch (URISyntaxException malformed) {
            return false;
        }
    }

    /** A repository at a host, of {@code https://host/path.git}, {@code ssh://git@host/path.git} or {@code git@host:path.git}. */
    private record Address(String host, String path) {
        static Optional<Address> of(String url) {
            int scheme = url.indexOf("://");
            String rest = scheme < 0 ? url : url.substring(scheme + 3);
            int slash = rest.indexOf('/');
            int colon = rest.indexOf(':');
            boolean scp = scheme < 0 && colon > 0 && (slash < 0 || colon < slash);
            int end = scp ? colon : slash;
            if ((scheme < 0 && !scp) || end <= 0) {
                return Optional.empty();
            }
            String authority = rest.substring(0, end);
            String host = authority.substring(authority.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
            int port = host.indexOf(':');
            String path = rest.substring(end + 1);
            path = path.startsWith("/") ? path.substring(1) : path;
            path = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
            path = path.endsWith(".git") ? path.substring(0, path.length() - 4) : path;
            return path.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Address(port < 0 ? host : host.substring(0, port), path));
        }
    }
}
