package org.portolan.sync;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.service.Desired;

/**
 * What was planned and still has to hold when it is deployed.
 *
 * @param fingerprints by deployment
 */
public record ExpectedPlans(Map<String, String> fingerprints) {
    void checkDeployments(List<Desired> deployments) {
        TreeSet<String> names = new TreeSet<>();
        deployments.forEach(desired -> names.add(desired.name()));
        if (!names.equals(fingerprints.keySet())) {
            throw new Failure(Kind.STALE, "the saved plan is stale: the file now declares other deployments")
                    .withRemedy(Remedy.of("create a new one with ")
                            .and(Call.of(Verb.PLAN, "-o", "FILE"))
                            .and(", review it, and deploy that."));
        }
    }

    String fingerprint(String name) {
        return fingerprints.getOrDefault(name, "");
    }
}
