package org.portolan.store.redis;

import java.time.Instant;
import org.portolan.json.StrictJson;
import org.portolan.model.json.MomentJson;

/** Moments as the store's entries have them: see {@link MomentJson}. */
final class Times {
    private Times() {}

    static String write(Instant at) {
        return MomentJson.write(at);
    }

    static Instant read(StrictJson node) {
        return MomentJson.read(node);
    }
}
