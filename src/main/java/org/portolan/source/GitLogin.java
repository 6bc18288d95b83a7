package org.portolan.source;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What to log in with to a repository's host. No text made here holds the password.
 *
 * @param user in place of the address's; empty: that one
 * @param password for {@code https://} and {@code http://}, and for ssh
 * @param key a private key's file for ssh, the only one that is used; empty: the user's own and the agent's
 * @param knownHosts the file of the hosts' keys; empty: the user's own
 */
public record GitLogin(
        Optional<String> user, Optional<String> password, Optional<Path> key, Optional<Path> knownHosts) {
    @Override
    public String toString() {
        return "login of " + user.orElse("the address's user");
    }
}
