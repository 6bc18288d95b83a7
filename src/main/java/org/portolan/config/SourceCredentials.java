package org.portolan.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.portolan.source.GitLogin;
import org.portolan.source.GitLogins;

/**
 * What a source's repository is fetched with, by reference: it is read when it is used, so that what is replaced works at once.
 *
 * @param username in place of the address's
 * @param password where the password or token is
 * @param key a private key's file
 * @param knownHosts a file with the host's keys
 */
public record SourceCredentials(
        Optional<String> username, Optional<SecretReference> password, Optional<Path> key, Optional<Path> knownHosts) {

    /**
     * The logins of repositories as the configuration has them, also of a repository that several sources share.
     *
     * @param sources those that there are now
     * @param environment where {@code env:NAME} is looked for
     */
    public static GitLogins of(Supplier<List<SourceSettings>> sources, Map<String, String> environment) {
        return address -> sources.get().stream()
                .filter(source -> source.location().equals(address.normal()))
                .flatMap(source -> source.credentials().stream())
                .findFirst()
                .map(credentials -> credentials.read(environment));
    }

    private GitLogin read(Map<String, String> environment) {
        return new GitLogin(username, password.map(secret -> secret.read(environment)), key, knownHosts);
    }
}
