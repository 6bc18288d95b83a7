package org.portolan.query;

import java.util.List;
import java.util.Optional;
import org.portolan.model.routing.ProxyDefect;
import org.portolan.store.Store;

/**
 * What runs beside the instances.
 *
 * @param home the state directory
 * @param installation its id; empty when it was never used
 * @param store where the store is; empty when it does not run
 * @param left what a store that is not used any more still holds
 * @param proxies a line for each part of the proxies
 * @param defects what is wrong with the proxies
 */
public record SystemStatus(
        String home,
        Optional<String> installation,
        Optional<String> store,
        Optional<String> left,
        List<String> proxies,
        List<String> defects) {

    public static SystemStatus of(Viewed viewed) {
        return new SystemStatus(
                viewed.home().root().toString(),
                viewed.home().knownInstallation(),
                viewed.storeRunning()
                        ? Optional.of(viewed.storeIfAny().map(Store::describe).orElse(""))
                        : Optional.empty(),
                viewed.leftStore(),
                viewed.proxy().describe(),
                viewed.proxy().defects().stream().map(ProxyDefect::found).toList());
    }
}
