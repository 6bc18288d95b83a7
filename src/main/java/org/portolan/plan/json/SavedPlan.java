package org.portolan.plan.json;

import java.util.List;
import org.portolan.plan.Action;

/**
 * What {@code deploy --plan} needs of a saved plan.
 *
 * @param fingerprint of desired and observed when the plan was made
 * @param actions what was shown; only for people
 */
public record SavedPlan(String deployment, String fingerprint, List<Action> actions) {}
