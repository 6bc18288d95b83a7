package org.portolan.deploy;

import java.time.InstantSource;
import java.util.function.Supplier;
import org.portolan.engine.Engine;
import org.portolan.proxy.Proxy;
import org.portolan.rollout.Prober;
import org.portolan.rollout.Reporter;
import org.portolan.rollout.Tasks;
import org.portolan.store.Store;

/**
 * One installation's parts, wired together.
 *
 * @param tasks makes the means to run things side by side, one for each use
 */
public record Installation(
        Settings settings,
        Engine engine,
        Store store,
        Proxy proxy,
        Prober prober,
        Supplier<Tasks> tasks,
        InstantSource clock,
        Reporter reporter) {}
