package org.portolan.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.controller.Followed;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.service.Desired;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Operations;
import org.portolan.operate.Request;
import org.portolan.page.NextPlan;
import org.portolan.plan.Action;
import org.portolan.plan.Plan;

/** What the files of a deployment say that is not deployed: it waits, is only reported, or failed. */
final class NextDeploy {
    private static final int SHORT_COMMIT = 7;

    private NextDeploy() {}

    /** What a source declares of a deployment, and what it declares besides. */
    private record Claim(String source, Desired desired, List<Desired> siblings) {}

    /** Empty while what the files say is deployed, or nobody knows what they say. */
    static Optional<NextPlan> of(Api api, String deployment, ApiCaller caller) {
        Optional<Standing> standing = api.controller().standings().stream()
                .filter(one -> one.subject() == Standing.Subject.DEPLOYMENT
                        && one.name().equals(deployment)
                        && one.condition() != Condition.OK)
                .findFirst();
        return standing.flatMap(waits -> claim(api, deployment)).flatMap(claim -> plan(api, claim, caller));
    }

    private static Optional<NextPlan> plan(Api api, Claim claim, ApiCaller caller) {
        Desired desired = claim.desired();
        String source = caller.seesAll() ? claim.source() : "";
        String whole = desired.origin().commit().orElse("");
        String commit = whole.substring(0, Math.min(SHORT_COMMIT, whole.length()));
        String subject = desired.origin().subject().orElse("");
        Mandate mandate = Mandate.of(new Caller.Person(caller.name()));
        try {
            Plan plan = new Operations(api.installation()).plan(new Request.Apply(desired, claim.siblings(), mandate));
            return plan.isEmpty() && plan.consent().isEmpty()
                    ? Optional.empty()
                    : Optional.of(NextPlan.of(source, commit, subject, plan.seenBy(caller::sees), digest(whole, plan)));
        } catch (Failure unknown) {
            String trouble =
                    api.installation().secrets().mask(caller.shown(unknown).what());
            return Optional.of(NextPlan.unknown(source, commit, subject, trouble));
        }
    }

    /** The one source that declares it; its condition says that there are two. */
    private static Optional<Claim> claim(Api api, String deployment) {
        List<Claim> claims = new ArrayList<>();
        for (Standing standing : api.controller().standings()) {
            if (standing.subject() != Standing.Subject.SOURCE) {
                continue;
            }
            for (Followed followed : api.controller().followed(standing.name())) {
                if (followed.name().equals(standing.name())) {
                    List<Desired> all = api.controller().declared(followed.name());
                    all.stream()
                            .filter(desired -> desired.name().equals(deployment))
                            .forEach(desired -> claims.add(new Claim(
                                    followed.name(),
                                    desired,
                                    all.stream()
                                            .filter(other -> !other.name().equals(deployment))
                                            .toList())));
                }
            }
        }
        return claims.size() == 1 ? Optional.of(claims.getFirst()) : Optional.empty();
    }

    /** Of what is shown of a plan, but for what changes by the minute. */
    private static String digest(String commit, Plan plan) {
        StringBuilder text = new StringBuilder(commit);
        for (Action action : plan.actions()) {
            text.append('\n')
                    .append(action.kind())
                    .append(' ')
                    .append(action.subject())
                    .append(' ')
                    .append(action.summary());
        }
        plan.consent().forEach(line -> text.append("\n! ").append(line));
        String tag = EntityTag.of(text.toString().getBytes(StandardCharsets.UTF_8));
        return tag.substring(1, tag.length() - 1);
    }

    /**
     * Refuses who agrees to something else than what would be done now.
     *
     * @param shown the digest of what they saw; "" for nothing
     */
    static Runnable check(Api api, String deployment, String shown) {
        return () -> {
            String now = of(api, deployment, ApiCaller.unknown(""))
                    .map(NextPlan::digest)
                    .orElse("");
            if (!now.equals(shown)) {
                throw new Failure(Kind.STALE, "what would be deployed of " + deployment + " has changed meanwhile")
                        .withHint("nothing was approved; look at what waits now");
            }
        };
    }
}
