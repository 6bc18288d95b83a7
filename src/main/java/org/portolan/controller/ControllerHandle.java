package org.portolan.controller;

import java.util.List;
import org.portolan.model.state.Standing;
import org.portolan.reconcile.Cause;
import org.portolan.reconcile.WorkKey;
import org.portolan.release.Installation;

/** The controller as doors use it, while it leads. May be used from many threads. */
public interface ControllerHandle {
    /** Has a source or a deployment looked at soon; at once when the cause is {@link Cause#urgent}. Never waits. */
    void mark(WorkKey key, Cause cause);

    /** How sources and deployments stand, as last observed. */
    List<Standing> standings();

    /** What requests are carried out with: it changes nothing any more once this process no longer leads. */
    Installation installation();
}
