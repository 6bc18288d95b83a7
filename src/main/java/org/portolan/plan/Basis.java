package org.portolan.plan;

import java.util.Set;

/** What a desired state comes from, and so what it says of the services that it does not name. */
public sealed interface Basis {
    /** Whether every declared service gets a new version. */
    default boolean force() {
        return false;
    }

    /** Whether another installation's containers of this deployment are taken over. */
    default boolean adopt() {
        return false;
    }

    /** Whether the desired state names all services, and one that it leaves out goes. */
    default boolean whole() {
        return true;
    }

    /**
     * Files say everything: what their source declared before and no longer does is removed.
     *
     * @param force every declared service gets a new version
     * @param adopt another installation's containers of this deployment are taken over
     * @param automatic nobody watches (a hook, a controller): another source's deployment is not taken over by itself
     * @param agreed what a person agreed to, word for word
     */
    record Files(boolean force, boolean adopt, boolean automatic, Set<String> agreed) implements Basis {
        /** A person's ordinary deploy. */
        public static final Files ORDINARY = new Files(false, false, false, Set.of());

        /** One in which nobody agreed to anything. */
        public Files(boolean force, boolean adopt, boolean automatic) {
            this(force, adopt, automatic, Set.of());
        }
    }

    /** The desired services are set by hand: they are added to the deployment, all others stay as they are. */
    record Hand() implements Basis {
        public static final Hand IT = new Hand();

        @Override
        public boolean whole() {
            return false;
        }
    }

    /**
     * What the store keeps, with something changed (scale, stop, rollback): owner and services set by hand stay what they
     * are, nothing is taken over, and nothing needs consent.
     */
    record Stored() implements Basis {
        public static final Stored IT = new Stored();
    }
}
