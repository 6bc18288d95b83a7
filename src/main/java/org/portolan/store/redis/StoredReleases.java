package org.portolan.store.redis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.portolan.model.json.DomainJson;
import org.portolan.model.json.ReleaseJson;
import org.portolan.model.service.Domain;
import org.portolan.model.state.Release;
import org.portolan.store.StoreException;

/** Reads kept releases with their domains, which are encrypted; without their events. */
final class StoredReleases {
    private final ConnectionPool links;
    private final Keys keys;
    private final Encryptor seal;
    private final Consumer<StoreException> unreadable;

    /** @param unreadable told of what cannot be read; throws where that is the store's fault, not the entry's */
    StoredReleases(ConnectionPool links, Keys keys, Encryptor seal, Consumer<StoreException> unreadable) {
        this.links = links;
        this.keys = keys;
        this.seal = seal;
        this.unreadable = unreadable;
    }

    /** The newest first. */
    List<Release> newest(String deployment, int limit) {
        RedisHash hash = new RedisHash(links, keys.releases(deployment));
        List<Integer> numbers = new ArrayList<>();
        hash.names().forEach(name -> numbers.add(number(deployment, name)));
        numbers.sort(Comparator.reverseOrder());
        List<String> names = numbers.subList(0, Math.clamp(limit, 0, numbers.size())).stream()
                .map(String::valueOf)
                .toList();
        List<Optional<byte[]>> values = hash.fields(names);
        List<Optional<byte[]>> domains = new RedisHash(links, keys.domains(deployment)).fields(names);
        List<Release> releases = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (values.get(i).isPresent()) {
                listed(deployment, names.get(i), values.get(i).get(), domains.get(i))
                        .ifPresent(releases::add);
            }
        }
        return releases;
    }

    /** A release as a list shows it: without domains that cannot be read, and left out when it cannot be itself. */
    private Optional<Release> listed(String deployment, String number, byte[] value, Optional<byte[]> domains) {
        try {
            return Optional.of(release(deployment, number, value, domains));
        } catch (StoreException problem) {
            unreadable.accept(problem);
            try {
                return Optional.of(release(deployment, number, value, Optional.empty()));
            } catch (StoreException damagedToo) {
                unreadable.accept(damagedToo);
                return Optional.empty();
            }
        }
    }

    /** @throws StoreException when it, or the domains that belong to it, cannot be read */
    Optional<Release> one(String deployment, int number) {
        String field = Integer.toString(number);
        return new RedisHash(links, keys.releases(deployment))
                .field(field)
                .map(value ->
                        release(deployment, field, value, new RedisHash(links, keys.domains(deployment)).field(field)));
    }

    private Release release(String deployment, String number, byte[] value, Optional<byte[]> domains) {
        String place = keys.releases(deployment) + " " + number;
        int count = Integer.parseInt(number);
        List<Domain> routed =
                domains.map(known -> domains(deployment, number, known)).orElse(List.of());
        return StoreJson.read(place, value, tree -> ReleaseJson.read(deployment, count, tree, routed));
    }

    private List<Domain> domains(String deployment, String number, byte[] value) {
        String place = keys.domains(deployment) + " " + number;
        return StoreJson.read(place, seal.open(place, value), tree -> tree.list("domains", DomainJson::read));
    }

    private int number(String deployment, String field) {
        try {
            return Integer.parseInt(field);
        } catch (NumberFormatException notNumber) {
            throw StoreJson.damaged(
                    keys.releases(deployment) + " " + field, "expected a release number", Optional.of(notNumber));
        }
    }
}
