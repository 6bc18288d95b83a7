package org.portolan.operate;

import java.util.ArrayList;
import java.util.List;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.plan.Plan;
import org.portolan.release.DeployOptions;

/** What a person agreed to in one run; the same is not asked twice. */
final class Consent {
    private final DeployOptions options;
    private final List<String> agreed = new ArrayList<>();

    Consent(DeployOptions options) {
        this.options = options;
    }

    /** @throws Failure {@link Kind#NEEDS_CONSENT} when what the plan needs consent for is not agreed to */
    void to(Plan plan) {
        List<String> needed = plan.consent();
        if (agreed.containsAll(needed)) {
            return;
        }
        if (!options.consent().test(needed)) {
            throw new Failure(Kind.NEEDS_CONSENT, "refused without consent: " + needed.getFirst())
                    .withDetails(needed)
                    .withHint("nothing was changed; to consent, use --yes");
        }
        agreed.addAll(needed);
    }
}
