package org.portolan.source.git;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.NetRC;
import org.eclipse.jgit.transport.URIish;
import org.portolan.source.GitAddress;
import org.portolan.source.GitLogin;

/**
 * Answers with the configured login, the credentials of the address, or those of {@code ~/.netrc}, and only to the address's host: a redirect
 * elsewhere gets none. It never asks a person, so an unknown host key or a key's passphrase is a failure.
 */
final class GivenCredentials extends CredentialsProvider {
    /** Hosts that take tokens in place of a password take any name with them. */
    private static final String ANY_USER = "git";

    private final GitAddress address;
    private final Path userHome;
    private final Optional<GitLogin> login;

    /**
     * For one fetch.
     *
     * @param userHome the folder that holds {@code .netrc}
     * @param login what is configured for the repository
     */
    GivenCredentials(GitAddress address, Path userHome, Optional<GitLogin> login) {
        this.address = address;
        this.userHome = userHome;
        this.login = login;
    }

    @Override
    public boolean isInteractive() {
        return false;
    }

    @Override
    public boolean supports(CredentialItem... items) {
        for (CredentialItem item : items) {
            if (!(item instanceof CredentialItem.Username) && !(item instanceof CredentialItem.Password)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean get(URIish uri, CredentialItem... items) {
        if (!supports(items) || uri.getHost() == null || !uri.getHost().equalsIgnoreCase(address.host())) {
            return false;
        }
        Optional<String> password = login.flatMap(GitLogin::password);
        if (password.isPresent()) {
            String user = login.flatMap(GitLogin::user).or(address::user).orElse(ANY_USER);
            give(user, password.get().toCharArray(), items);
            return true;
        }
        if (address.user().isEmpty()
                || (address.scheme().equals("ssh") && address.password().isEmpty())) {
            return !address.scheme().equals("ssh") && fromNetRc(uri.getHost(), items);
        }
        give(address.user().get(), address.password().orElse("").toCharArray(), items);
        return true;
    }

    private boolean fromNetRc(String host, CredentialItem... items) {
        Path file = userHome.resolve(".netrc");
        NetRC.NetRCEntry entry = Files.isReadable(file) ? new NetRC(file.toFile()).getEntry(host) : null;
        if (entry == null || entry.login == null || entry.password == null) {
            return false;
        }
        give(entry.login, entry.password, items);
        return true;
    }

    private static void give(String user, char[] secret, CredentialItem... items) {
        for (CredentialItem item : items) {
            if (item instanceof CredentialItem.Username name) {
                name.setValue(user);
            } else if (item instanceof CredentialItem.Password password) {
                password.setValue(secret);
            }
        }
    }
}
