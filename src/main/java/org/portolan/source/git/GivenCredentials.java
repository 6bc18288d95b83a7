package org.portolan.source.git;

import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.NetRCCredentialsProvider;
import org.eclipse.jgit.transport.URIish;
import org.portolan.source.GitAddress;

/**
 * Answers with the credentials of the address, or those of {@code ~/.netrc}, and only to the address's host: a redirect
 * elsewhere gets none. It never asks a person, so an unknown host key or a key's passphrase is a failure.
 */
final class GivenCredentials extends CredentialsProvider {
    private final GitAddress address;

    GivenCredentials(GitAddress address) {
        this.address = address;
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
        if (address.user().isEmpty()
                || (address.scheme().equals("ssh") && address.password().isEmpty())) {
            return !address.scheme().equals("ssh") && new NetRCCredentialsProvider().get(uri, items);
        }
        for (CredentialItem item : items) {
            if (item instanceof CredentialItem.Username name) {
                name.setValue(address.user().get());
            } else if (item instanceof CredentialItem.Password password) {
                password.setValue(address.password().orElse("").toCharArray());
            }
        }
        return true;
    }
}
