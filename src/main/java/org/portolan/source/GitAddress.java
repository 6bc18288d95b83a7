package org.portolan.source;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/**
 * Where a repository is. Two spellings of one address are equal in {@link #normal()}: the scheme's default port, a
 * trailing slash, {@code .git} and credentials are gone, the host is lower-case, {@code git@host:path} is
 * {@code ssh://git@host/path}, and a path and its {@code file://} address are the real path. Only {@link #password()} and
 * {@link #user()} hold what may be secret; no text made here does.
 *
 * @param scheme {@code https}, {@code http}, {@code ssh}, {@code git} or {@code file}
 * @param user may be a token when the scheme is {@code http} or {@code https}: a secret there
 * @param password a secret
 * @param host lower-case; "" for {@code file}
 * @param port -1 for the scheme's default
 * @param path as written, with a slash in front unless it is relative to a user's home ({@code host:path})
 */
public record GitAddress(
        String scheme, Optional<String> user, Optional<String> password, String host, int port, String path) {
    private static final String SUFFIX = ".git";
    private static final Pattern CREDENTIALS = Pattern.compile("(//)[^/]*@");

    /**
     * Reads an address.
     *
     * @param base what a relative path is relative to
     * @throws Failure when it is none of the known forms; the message does not repeat credentials
     */
    public static GitAddress parse(String text, Path base) {
        String address = text.strip();
        if (address.isEmpty()) {
            throw invalid("the Git address is empty", text);
        }
        int scheme = address.indexOf("://");
        if (scheme > 0) {
            return url(address.substring(0, scheme).toLowerCase(Locale.ROOT), address.substring(scheme + 3));
        }
        // As git: a colon before the first slash is host:path; everything else is a path.
        int colon = address.indexOf(':');
        int slash = address.indexOf('/');
        if (colon > 0 && (slash < 0 || colon < slash)) {
            return shell(address, colon);
        }
        return file(address, base);
    }

    /**
     * The name that stands for a repository whose address need not be fetched from: {@link #normal()} where the form is
     * known; else, as for a helper's ({@code codecommit::…}) or {@code s3://…}, the text itself without credentials.
     *
     * @param text an address as a repository's configuration has it; an empty one stands for the repository itself
     * @param base the repository, which relative paths are relative to
     */
    public static String identity(String text, Path base) {
        String address = text.strip();
        if (address.isEmpty()) {
            return parse(base.toString(), base).normal();
        }
        try {
            return parse(address, base).normal();
        } catch (Failure foreign) {
            return CREDENTIALS.matcher(address).replaceFirst("$1");
        }
    }

    private static GitAddress shell(String address, int colon) {
        if (address.startsWith("::", colon)) {
            throw invalid("the Git address uses a helper, which is not supported", address);
        }
        String authority = address.substring(0, colon);
        int at = authority.lastIndexOf('@');
        String host = authority.substring(at + 1).toLowerCase(Locale.ROOT);
        Optional<String> user = at < 0 ? Optional.empty() : Optional.of(authority.substring(0, at));
        String path = address.substring(colon + 1);
        if (host.isEmpty() || path.isEmpty()) {
            throw invalid("the Git address has no host or no path", address);
        }
        return new GitAddress("ssh", user, Optional.empty(), checkedHost(host, address), -1, path);
    }

    private static GitAddress url(String scheme, String rest) {
        switch (scheme) {
            case "file" -> {
                int slash = rest.indexOf('/');
                String host = slash < 0 ? rest : rest.substring(0, slash);
                if (slash < 0 || !(host.isEmpty() || host.equalsIgnoreCase("localhost"))) {
                    throw invalid("a file:// address needs an absolute path", "file:///srv/site.git");
                }
                return file(decoded(rest.substring(slash)), Path.of("/"));
            }
            case "https", "http", "ssh", "git" -> {}
            case "git+ssh", "ssh+git" -> scheme = "ssh";
            default -> throw invalid("the scheme " + scheme + ":// is not supported", "");
        }
        int slash = rest.indexOf('/');
        if (slash <= 0) {
            throw invalid("the Git address has no host or no path", "");
        }
        String authority = rest.substring(0, slash);
        int at = authority.lastIndexOf('@');
        Optional<String> user = Optional.empty();
        Optional<String> password = Optional.empty();
        if (at >= 0) {
            String credentials = authority.substring(0, at);
            int colon = credentials.indexOf(':');
            user = Optional.of(decoded(colon < 0 ? credentials : credentials.substring(0, colon)))
                    .filter(name -> !name.isEmpty());
            password = colon < 0 ? Optional.empty() : Optional.of(decoded(credentials.substring(colon + 1)));
        }
        String host = authority.substring(at + 1).toLowerCase(Locale.ROOT);
        int port = -1;
        int colon = host.lastIndexOf(':');
        if (colon > host.lastIndexOf(']')) {
            port = port(host.substring(colon + 1));
            host = host.substring(0, colon);
        }
        String path = rest.substring(slash);
        if (path.chars().allMatch(c -> c == '/')) {
            throw invalid("the Git address has no path", "");
        }
        return new GitAddress(
                scheme, user, password, checkedHost(host, ""), port == defaultPort(scheme) ? -1 : port, path);
    }

    private static GitAddress file(String text, Path base) {
        try {
            Path path = base.resolve(text).toAbsolutePath().normalize();
            return new GitAddress("file", Optional.empty(), Optional.empty(), "", -1, path.toString());
        } catch (InvalidPathException problem) {
            throw invalid("the Git address is not a path", text);
        }
    }

    public boolean isLocal() {
        return scheme.equals("file");
    }

    /** The name that equal repositories share; holds no credential. A user's name of {@code ssh} is part of it. */
    public String normal() {
        if (isLocal()) {
            return trimmed(realPath());
        }
        StringBuilder text = new StringBuilder(scheme).append("://");
        if (scheme.equals("ssh")) {
            user.ifPresent(name -> text.append(name).append('@'));
        }
        text.append(host);
        if (port >= 0) {
            text.append(':').append(port);
        }
        String plain = withoutQuery(path);
        if (!plain.startsWith("/")) {
            text.append('/');
        }
        return text.append(trimmed(plain)).toString();
    }

    /** The address for people: as {@link #normal()}, with nothing cut from the path. */
    public String shown() {
        if (isLocal()) {
            return path;
        }
        String normal = normal();
        return withoutQuery(path).endsWith(SUFFIX) ? normal + SUFFIX : normal;
    }

    /** The repository's folder; of a local address only. */
    public Path folder() {
        return Path.of(path);
    }

    @Override
    public String toString() {
        return shown();
    }

    private String realPath() {
        try {
            return Path.of(path).toRealPath().toString();
        } catch (IOException missing) {
            return path;
        }
    }

    private static String trimmed(String path) {
        StringBuilder text = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '/' || text.isEmpty() || text.charAt(text.length() - 1) != '/') {
                text.append(c);
            }
        }
        if (text.length() > 1 && text.charAt(text.length() - 1) == '/') {
            text.setLength(text.length() - 1);
        }
        int name = text.length() - SUFFIX.length();
        if (name > 0 && text.substring(name).equals(SUFFIX)) {
            // "/srv/site/.git" is the work tree /srv/site; "/srv/site.git" is a bare repository of that name.
            text.setLength(text.charAt(name - 1) == '/' && name > 1 ? name - 1 : name);
        }
        return text.toString();
    }

    private static String withoutQuery(String path) {
        int query = path.indexOf('?');
        int fragment = path.indexOf('#');
        int end = query < 0 ? fragment : fragment < 0 ? query : Math.min(query, fragment);
        return end < 0 ? path : path.substring(0, end);
    }

    private static String checkedHost(String host, String shown) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean known = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "-._[]:%~".indexOf(c) >= 0;
            if (!known || (i == 0 && c == '-')) {
                throw invalid("the Git address has no valid host name", shown);
            }
        }
        if (host.isEmpty()) {
            throw invalid("the Git address has no host", shown);
        }
        return host;
    }

    private static int port(String digits) {
        try {
            int port = digits.isEmpty() ? -1 : Integer.parseInt(digits);
            if (port <= 65535) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            // Said below, as for a number that is too large.
        }
        throw invalid("the Git address has no valid port", "");
    }

    private static int defaultPort(String scheme) {
        return switch (scheme) {
            case "https" -> 443;
            case "http" -> 80;
            case "ssh" -> 22;
            default -> 9418;
        };
    }

    private static String decoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return text;
        }
    }

    private static Failure invalid(String message, String example) {
        boolean safe = !example.isEmpty() && example.indexOf('@') < 0;
        return new Failure(Kind.INVALID, safe ? message + ": " + example : message)
                .withHint("use https://host/path, ssh://user@host/path, user@host:path, file:///path or a path");
    }
}
