package org.portolan.plan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.portolan.model.container.Container;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Domain;
import org.portolan.model.service.LiveFiles;
import org.portolan.model.state.DeploymentState;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/** SHA-256 over what is wanted and what is there, each value with its length before it, so that no two can be confused. */
final class Fingerprint {
    private final MessageDigest digest;

    private Fingerprint() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256 is part of every JDK", impossible);
        }
    }

    /** Of a plan: definitions, scale and domains; containers, the last release, the images' content, the proxies' part. */
    static String of(
            PlanInput input,
            DeploymentInventory inventory,
            DesiredRelease goal,
            String domainsHash,
            List<Action> actions) {
        Fingerprint print = new Fingerprint();
        print.add(input.desired().name(), input.desired().origin().source().toString(), domainsHash);
        for (ServiceGoal service : goal.services().values()) {
            print.add(
                    service.name(), service.hash(), String.valueOf(service.version()), String.valueOf(service.scale()));
            LiveFiles.hash(service.definition()).ifPresent(print::add);
        }
        print.add("removed");
        goal.removed().forEach(print::add);
        print.add("containers");
        inventory.services().forEach((service, instances) -> {
            for (DeploymentInventory.Seen seen : instances) {
                Container container = seen.container();
                print.add(
                        container.id(),
                        container.label(Labels.HASH),
                        container.state().name());
            }
        });
        print.add(
                "release",
                input.state().map(DeploymentState::lastRelease).orElse(0).toString(),
                "images");
        new TreeMap<>(input.images()).forEach((reference, image) -> {
            print.add(reference);
            image.ifPresent(present -> print.add(present.id()));
        });
        print.add("actions");
        for (Action action : actions) {
            print.add(action.kind().name(), action.subject(), action.summary());
        }
        return print.hex();
    }

    /** Of these texts, in this order. */
    static String of(String first, String... others) {
        Fingerprint print = new Fingerprint();
        print.add(first);
        print.add(others);
        return print.hex();
    }

    /** Of domains, secrets included, positions and order left out. */
    static String of(List<Domain> domains) {
        Fingerprint print = new Fingerprint();
        List<Domain> sorted = new ArrayList<>(domains);
        sorted.sort((a, b) -> a.host().compareTo(b.host()));
        for (Domain domain : sorted) {
            print.add("domain", domain.host());
            print.add("aliases");
            domain.aliases().stream().sorted().forEach(print::add);
            for (Map.Entry<String, Domain.Route> route : domain.routes().entrySet()) {
                print.add("route", route.getKey());
                route.getValue()
                        .targets()
                        .forEach(target -> print.add(target.toString(), String.valueOf(target.weight())));
            }
            domain.tcp()
                    .ifPresent(tcp -> print.add(
                            "tcp", String.valueOf(tcp.listen()), tcp.target().toString()));
            domain.certificate().ifPresent(pem -> print.add("certificate", pem.chainPem(), pem.keyPem()));
            print.add("flags", domain.redirectHttps() + " " + domain.maintenance() + " " + domain.sticky());
            if (domain.streamUploads()) {
                print.add("uploads", "stream");
            }
            if (domain.accessLog().on()) {
                print.add("access log", domain.accessLog().name());
            }
            domain.auth().forEach((user, password) -> print.add("auth", user, password));
            domain.digestRealm().ifPresent(realm -> print.add("digest", realm));
        }
        return print.hex();
    }

    private void add(String... values) {
        for (String value : values) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            digest.update(new byte[] {
                (byte) (bytes.length >> 24),
                (byte) (bytes.length >> 16),
                (byte) (bytes.length >> 8),
                (byte) bytes.length
            });
            digest.update(bytes);
        }
    }

    private String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
