package org.portolan.http;

import java.util.Optional;
import org.portolan.controller.ControllerHandle;
import org.portolan.engine.Engine;
import org.portolan.process.Home;
import org.portolan.proxy.Proxy;
import org.portolan.query.Viewed;
import org.portolan.store.Store;

/** What queries look at, with the leader's own engine, store and proxy. */
final class LeaderView implements Viewed {
    private final Viewed viewed;
    private final ControllerHandle controller;

    LeaderView(Viewed viewed, ControllerHandle controller) {
        this.viewed = viewed;
        this.controller = controller;
    }

    @Override
    public Home home() {
        return viewed.home();
    }

    @Override
    public Engine engine() {
        return controller.installation().engine();
    }

    @Override
    public Proxy proxy() {
        return controller.installation().proxy();
    }

    @Override
    public Store store() {
        return controller.installation().store();
    }

    @Override
    public Optional<Store> storeIfAny() {
        return Optional.of(store());
    }

    @Override
    public boolean storeRunning() {
        return viewed.storeRunning();
    }

    @Override
    public Optional<String> leftStore() {
        return viewed.leftStore();
    }
}
