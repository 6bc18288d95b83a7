package org.portolan.plan;

/**
 * How a plan is asked for.
 *
 * @param force every declared service gets a new version
 * @param adopt another installation's containers of this deployment are taken over
 * @param byHand the desired services are set by hand: they are added to the deployment, all others stay as they are
 * @param kept the desired state is what the store keeps, with something changed (scale, stop, rollback): owner and
 *     services set by hand stay what they are, nothing is taken over, and nothing needs consent
 * @param automatic nobody watches (a hook, a controller): another source's deployment is not taken over
 * @param firstMeshPort the range that ports on the mesh are chosen from, both ends included
 */
public record PlanOptions(
        boolean force,
        boolean adopt,
        boolean byHand,
        boolean kept,
        boolean automatic,
        int firstMeshPort,
        int lastMeshPort) {

    /** A person's ordinary deploy. */
    public static PlanOptions of(int firstMeshPort, int lastMeshPort) {
        return new PlanOptions(false, false, false, false, false, firstMeshPort, lastMeshPort);
    }

    public PlanOptions forced() {
        return new PlanOptions(true, adopt, byHand, kept, automatic, firstMeshPort, lastMeshPort);
    }

    public PlanOptions setByHand() {
        return new PlanOptions(force, adopt, true, kept, automatic, firstMeshPort, lastMeshPort);
    }
}
