package org.portolan.release;

import java.util.ArrayList;
import java.util.List;
import org.portolan.model.event.Event;
import org.portolan.model.event.ReleaseEvent.Ordered;
import org.portolan.model.event.ReleaseOrder;
import org.portolan.store.Store;

/**
 * Orders as events of the release: the process that runs it, and whoever takes it over, finds them. They are looked for every
 * second, so that only what came since the last look is read.
 */
public final class StoredOrders implements Orders {
    private final Store store;
    private final String deployment;
    private final int release;
    private final List<ReleaseOrder> orders = new ArrayList<>();
    private String last = "";

    StoredOrders(Store store, String deployment, int release) {
        this.store = store;
        this.deployment = deployment;
        this.release = release;
    }

    @Override
    public List<ReleaseOrder> all() {
        for (Event event : store.log(deployment, last)) {
            last = event.id();
            if (event.release() == release && event.data() instanceof Ordered ordered) {
                orders.add(ordered.order());
            }
        }
        return List.copyOf(orders);
    }
}
