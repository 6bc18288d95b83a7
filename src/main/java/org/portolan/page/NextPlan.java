package org.portolan.page;

import java.util.List;
import org.portolan.plan.Plan;

/**
 * What the files of a deployment say that is not deployed.
 *
 * @param source that declares it; "" for who may not know
 * @param commit its first digits; "" without Git
 * @param subject the first line of the commit's message
 * @param needed what somebody has to agree to
 * @param trouble why it is not known; "" when it is
 * @param digest of what is shown, in a few letters
 */
public record NextPlan(
        String source,
        String commit,
        String subject,
        List<PlanStep> steps,
        List<String> warnings,
        List<String> needed,
        String trouble,
        String digest) {

    /** One that is known. */
    public static NextPlan of(String source, String commit, String subject, Plan plan, String digest) {
        return new NextPlan(
                source,
                commit,
                subject,
                PlanStep.all(plan),
                PlanStep.warnings(plan),
                List.copyOf(plan.consent()),
                "",
                digest);
    }

    /** One that cannot be made. */
    public static NextPlan unknown(String source, String commit, String subject, String trouble) {
        return new NextPlan(source, commit, subject, List.of(), List.of(), List.of(), trouble, "");
    }

    /** Whether it is not known. */
    public boolean unknown() {
        return !trouble.isEmpty();
    }

    /** Whether somebody has to agree. */
    public boolean needs() {
        return !needed.isEmpty();
    }

    /** Whether it comes from Git. */
    public boolean committed() {
        return !commit.isEmpty();
    }

    /** Whether who looks may know where it is from. */
    public boolean sourced() {
        return !source.isEmpty();
    }
}
