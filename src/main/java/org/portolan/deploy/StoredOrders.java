package org.portolan.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.portolan.model.Release;
import org.portolan.rollout.Orders;
import org.portolan.store.Store;

/** Orders as events of the release: whoever runs it, and whoever takes it over, finds them there. */
record StoredOrders(Store store, String deployment, int release) implements Orders {
    private static final String PREFIX = "order-";

    @Override
    public List<Order> all() {
        List<Order> orders = new ArrayList<>();
        Optional<Release> stored = store.release(deployment, release);
        if (stored.isPresent()) {
            for (Release.Event event : stored.get().events()) {
                parse(event.kind()).ifPresent(orders::add);
            }
        }
        return orders;
    }

    /** The event's kind that carries an order. */
    static String kind(Order order) {
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
