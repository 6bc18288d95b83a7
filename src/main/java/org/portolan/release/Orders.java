package org.portolan.release;

import java.util.List;
import org.portolan.model.event.ReleaseOrder;

/** What people ordered of a release while it is in progress; every order since its start, oldest first. */
@FunctionalInterface
public interface Orders {
    /** Nobody orders anything. */
    Orders NONE = List::of;

    List<ReleaseOrder> all();
}
