package org.portolan.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.portolan.model.Position;

/**
 * Where notifications of releases go.
 *
 * @param name what the configuration calls it
 * @param address the URL, which is often a secret
 * @param events words of {@code notify.Topic}
 * @param deployments names, {@code *} for any part of one; none: all
 * @param template the file of the format {@code mustache}
 * @param secret what each request is signed with
 * @param at where it is written
 */
public record NotificationSettings(
        String name,
        Address address,
        Set<String> events,
        Set<String> deployments,
        Format format,
        Optional<Path> template,
        Optional<SecretReference> secret,
        Position at) {

    /** A URL, or where it is. */
    public sealed interface Address {
        /** As written. */
        record Plain(String url) implements Address {
            @Override
            public String toString() {
                return "••••";
            }
        }

        record Referred(SecretReference at) implements Address {}

        /** The URL now. */
        default String read(Map<String, String> environment) {
            return this instanceof Referred referred ? referred.at().read(environment) : ((Plain) this).url();
        }
    }

    /** What a request's body is. */
    public enum Format {
        JSON("json"),
        SLACK("slack"),
        MUSTACHE("mustache");

        private final String word;

        Format(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }
}
