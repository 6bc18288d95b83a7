package org.portolan.controller;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Domain;

/**
 * Tells whether files say something else of a deployment than before: services, scales, domains and generated values, whatever the
 * commit. A commit that changes none of them leaves what a person changed by hand.
 */
final class DesiredDigest {
    private DesiredDigest() {}

    static String of(Desired desired) {
        StringBuilder text = new StringBuilder();
        desired.services().forEach((name, service) -> {
            add(text, name);
            add(text, String.valueOf(service.definition().keys()));
            add(text, Integer.toString(service.scale()));
        });
        for (Domain domain : desired.domains()) {
            add(text, plain(domain));
        }
        desired.generated().forEach((name, spec) -> {
            add(text, name);
            add(text, spec.toString());
        });
        return hash(text.toString());
    }

    /** All that a domain has, without its place in the file. */
    private static String plain(Domain domain) {
        StringBuilder text = new StringBuilder();
        add(text, domain.host());
        domain.aliases().forEach(alias -> add(text, alias));
        domain.routes().forEach((path, route) -> {
            add(text, path);
            route.targets().forEach(target -> add(text, target + " " + target.weight()));
        });
        domain.tcp().ifPresent(tcp -> add(text, tcp.listen() + " " + tcp.target()));
        domain.certificate().ifPresent(pem -> {
            add(text, pem.chainPem());
            add(text, pem.keyPem());
        });
        add(
                text,
                domain.redirectHttps() + " " + domain.maintenance() + " " + domain.sticky() + " "
                        + domain.streamUploads());
        domain.auth().forEach((user, password) -> add(text, user + " " + password));
        domain.digestRealm().ifPresent(realm -> add(text, realm));
        return text.toString();
    }

    /** With its length, so that no two texts are confused. */
    private static void add(StringBuilder text, String value) {
        text.append(value.length()).append(':').append(value);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256 is part of every JDK", impossible);
        }
    }
}
