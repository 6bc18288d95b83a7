package org.portolan.cli;

import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.portolan.config.Configuration;
import org.portolan.config.Configurations;
import org.portolan.engine.Engine;
import org.portolan.engine.docker.DockerEndpoint;
import org.portolan.engine.docker.DockerEngine;
import org.portolan.process.Home;
import org.portolan.store.Store;
import org.portolan.store.redis.RedisStore;
import org.portolan.store.redis.StoreSettings;

/** Puts the adapters behind the ports, for this machine and this environment. */
final class Wiring implements Parts {
    private final Map<String, String> environment;
    private final Consumer<String> warnings;
    private final Once<Home> home;
    private final Once<Configuration> configuration;
    private final Once<Engine> engine;
    private final Once<Store> store;

    Wiring(Map<String, String> environment, Consumer<String> warnings) {
        this.environment = environment;
        this.warnings = warnings;
        home = new Once<>(() -> Home.of(environment));
        configuration = new Once<>(() -> Configurations.read(environment, home().root()));
        engine = new Once<>(this::connect);
        store = new Once<>(this::open);
    }

    @Override
    public Home home() {
        return home.get();
    }

    @Override
    public Configuration configuration() {
        return configuration.get();
    }

    @Override
    public Engine engine() {
        return engine.get();
    }

    @Override
    public Store store() {
        return store.get();
    }

    @Override
    public Optional<Store> storeIfAny() {
        boolean used = configuration().redis().isPresent()
                ? home().knownInstallation().isPresent()
                : Files.isDirectory(home().file("store"));
        return used ? Optional.of(store()) : Optional.empty();
    }

    private Engine connect() {
        return DockerEngine.connect(
                DockerEndpoint.fromEnvironment(environment), configuration().engineDeadline());
    }

    private Store open() {
        return RedisStore.open(StoreSettings.of(
                home(),
                configuration().redis().map(Configuration.Secret::text),
                configuration().redisPrefix(),
                warnings));
    }

    @Override
    public void close() {
        Engine openEngine = engine.orNull();
        if (openEngine != null) {
            openEngine.close();
        }
        Store openStore = store.orNull();
        if (openStore != null) {
            openStore.close();
        }
    }
}
