package org.portolan.query;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.service.GeneratedValue;

/**
 * A generated value without the value.
 *
 * @param current its present version; empty: it cannot be decrypted
 */
public record SecretSummary(String name, Optional<Current> current) {
    /**
     * A version.
     *
     * @param kind its form in a word
     * @param words its form for people
     */
    public record Current(String kind, String words, int version, Instant created) {}

    static List<SecretSummary> of(Map<String, List<GeneratedValue>> values) {
        return values.entrySet().stream()
                .map(entry -> new SecretSummary(entry.getKey(), current(entry.getValue())))
                .toList();
    }

    private static Optional<Current> current(List<GeneratedValue> versions) {
        if (versions.isEmpty()) {
            return Optional.empty();
        }
        GeneratedValue last = versions.getLast();
        return Optional.of(new Current(last.spec().kind().word(), last.spec().words(), last.number(), last.created()));
    }
}
