package org.portolan.release;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.portolan.model.state.StoredEvent;
import org.portolan.store.Store;

/**
 * Orders as events of the release: the process that runs it, and whoever takes it over, finds them. They are looked for every
 * second, so that only what came since the last look is read.
 */
public final class StoredOrders implements Orders {
    private static final String PREFIX = "order-";

    private final Store store;
    private final String deployment;
    private final int release;
    private final List<Order> orders = new ArrayList<>();
    private String last = "";

    StoredOrders(Store store, String deployment, int release) {
        this.store = store;
        this.deployment = deployment;
        this.release = release;
    }

    @Override
    public List<Order> all() {
        for (StoredEvent event : store.log(deployment, last)) {
            last = event.id();
            if (event.release() == release) {
                parse(event.kind()).ifPresent(orders::add);
            }
        }
        return List.copyOf(orders);
    }

    /** The event's kind that carries an order. */
    public static String kind(Order order) {
        return PREFIX + order.name().toLowerCase(Locale.ROOT);
    }

    private static Optional<Order> parse(String kind) {
        for (Order order : Order.values()) {
            if (kind.equals(kind(order))) {
                return Optional.of(order);
            }
        }
        return Optional.empty();
    }
}
