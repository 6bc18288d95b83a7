package org.portolan.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.portolan.model.Position;
import org.portolan.model.Problem;
import org.portolan.source.GitAddress;

/** Reads {@code credentials} of a source: what its repository is fetched with. */
final class CredentialsReader {
    private final Path base;
    private final ConfigFaults problems;
    private Optional<String> username = Optional.empty();
    private Optional<SecretReference> password = Optional.empty();
    private Optional<Path> key = Optional.empty();
    private Optional<Path> knownHosts = Optional.empty();
    private boolean any;

    /** @param base what relative paths start at */
    CredentialsReader(Path base, ConfigFaults problems) {
        this.base = base;
        this.problems = problems;
    }

    /** Takes one value; false when there is no such key. */
    boolean take(String name, ConfigEntry entry) {
        any = true;
        switch (name) {
            case "username" -> username = problems.single(entry).map(String::strip);
            case "password" -> password = problems.single(entry).flatMap(text -> reference(entry, text.strip()));
            case "key" -> key = problems.single(entry).flatMap(text -> file(entry, text.strip()));
            case "known_hosts" -> knownHosts = problems.single(entry).flatMap(text -> file(entry, text.strip()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private Optional<SecretReference> reference(ConfigEntry entry, String text) {
        Optional<SecretReference> found = SecretReference.parse(text, base, entry.path() + " (" + entry.at() + ")");
        if (found.isEmpty()) {
            // What is written there may be the secret itself.
            problems.add(
                    entry,
                    entry.path() + " should say where the secret is: " + SecretReference.FORM,
                    "for example: file:secrets/git-token");
        }
        return found;
    }

    /** A path, or {@code file:PATH} as secrets are written. */
    private Optional<Path> file(ConfigEntry entry, String text) {
        String plain = text.startsWith("file:") ? text.substring("file:".length()) : text;
        boolean wrong = plain.isBlank() || plain.startsWith("env:") || plain.contains("PRIVATE KEY");
        try {
            if (!wrong) {
                return Optional.of(base.resolve(plain).toAbsolutePath().normalize());
            }
        } catch (InvalidPathException noPath) {
            // Said below: what is written there may be the key itself.
        }
        problems.add(entry, entry.path() + " should be the path of a file", "for example: key: secrets/deploy-key");
        return Optional.empty();
    }

    /**
     * What was read; empty when nothing is configured.
     *
     * @param address the repository's; empty when it is not fetched from another machine
     */
    Optional<SourceCredentials> read(Optional<GitAddress> address, Position at) {
        if (!any) {
            return Optional.empty();
        }
        String scheme = address.map(GitAddress::scheme).orElse("file");
        boolean ssh = scheme.equals("ssh");
        if (scheme.equals("file") || scheme.equals("git")) {
            fault(at, "credentials are for https:// and ssh:// addresses", "remove them, or change url");
        } else if (!ssh && (key.isPresent() || knownHosts.isPresent())) {
            fault(
                    at,
                    "credentials.key and credentials.known_hosts are for ssh:// addresses",
                    "use credentials.password");
        } else if (!ssh && password.isEmpty()) {
            fault(at, "credentials needs a password", "add credentials.password: " + SecretReference.FORM);
        } else if (address.flatMap(GitAddress::password).isPresent()) {
            fault(at, "the password is in url and in credentials", "remove it from url");
        } else if (scheme.equals("http")
                && !isHere(address.map(GitAddress::host).orElse(""))) {
            fault(at, "credentials are not sent in the clear to another machine", "use https:// in url");
        }
        return Optional.of(new SourceCredentials(username, password, key, knownHosts));
    }

    private void fault(Position at, String what, String hint) {
        problems.add(Problem.error(at, what).withHint(hint));
    }

    private static boolean isHere(String host) {
        return host.equals("127.0.0.1") || host.equals("localhost") || host.equals("[::1]");
    }
}
