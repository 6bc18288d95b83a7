package org.portolan.config;

import java.util.List;
import java.util.Optional;

/**
 * What Portolan and the host of a source say to each other.
 *
 * @param webhookSecrets of which the host's deliveries must know one; two while one is replaced by the other
 * @param status empty: releases are not reported to the host
 */
public record GitHostSettings(List<SecretReference> webhookSecrets, Optional<Status> status) {
    public static final GitHostSettings NONE = new GitHostSettings(List.of(), Optional.empty());

    /** Whose API it is. */
    public enum ApiKind {
        GITHUB("github"),
        GITLAB("gitlab"),
        GITEA("gitea");

        private final String word;

        ApiKind(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /**
     * How releases are reported at commits.
     *
     * @param api where the host's API begins, {@code https://api.github.com}
     * @param repository its path at the host, {@code owner/name}
     */
    public record Status(ApiKind kind, String api, String repository, SecretReference token) {}
}
