package org.portolan.notify;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.state.Release;
import org.portolan.store.Store;

/** What is known of the releases that notifications are about. */
final class ReleaseFacts {
    private ReleaseFacts() {}

    static Optional<Release> of(Store store, String deployment, int number) {
        return number == 0 || deployment.isEmpty() ? Optional.empty() : store.readableRelease(deployment, number);
    }

    static Map<String, String> fields(Release release) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("who", release.who());
        facts.put("source", release.origin().source().location());
        release.origin().commit().ifPresent(commit -> facts.put("commit", commit));
        release.origin().author().ifPresent(author -> facts.put("author", author));
        release.origin().subject().ifPresent(title -> facts.put("title", title));
        return facts;
    }
}
