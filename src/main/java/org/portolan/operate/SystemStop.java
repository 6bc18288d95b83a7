package org.portolan.operate;

import java.util.List;

/** Stops the proxies and the store that Portolan started; instances keep running. */
public final class SystemStop {
    private static final String NEEDED = "stop the proxies: no domain answers until the system is up again";

    private final SystemParts parts;

    public SystemStop(SystemParts parts) {
        this.parts = parts;
    }

    /**
     * Stops them.
     *
     * @param proxiesDown is run between the proxies' end and the store's
     * @return whether the store ran
     * @throws org.portolan.model.NeedsConsent when that was not agreed to
     */
    public boolean stop(Agreement agreed, Runnable proxiesDown) {
        agreed.require(List.of(NEEDED), "to consent, use --yes");
        parts.stopProxies();
        proxiesDown.run();
        return parts.stopStore();
    }
}
