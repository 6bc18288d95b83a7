package org.portolan.proxy.haproxy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.portolan.model.routing.ProxyCapacity;
import org.portolan.process.OpenFiles;
import org.portolan.routing.HaproxyConfig;

/** What HAProxy's present worker carries, in its own words ({@code show info}) and the kernel's. */
final class StatisticsLoad {
    private StatisticsLoad() {}

    /**
     * Asks the worker; empty when it does not answer.
     *
     * @param decided how many files were decided for a proxy
     */
    static Optional<ProxyCapacity> of(HaproxyWorkers known, Path socket, long decided) {
        if (known.current().isEmpty()) {
            return Optional.empty();
        }
        long worker = known.current().getFirst();
        try (MasterSocket master = MasterSocket.open(socket)) {
            master.enter(worker);
            String info = master.ask("show info");
            long connections = figure(info, "CurrConns: ");
            long most = figure(info, "Maxconn: ");
            // HAProxy raises its limit to what its connections need, not further.
            long needed = Math.min(decided, 2 * HaproxyConfig.connections(decided));
            return OpenFiles.of(worker)
                    .map(use -> new ProxyCapacity("haproxy", use.open(), use.limit(), needed, connections, most));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private static long figure(String info, String name) throws IOException {
        for (String line : info.split("\n", -1)) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.substring(name.length()).strip());
            }
        }
        throw new IOException("HAProxy does not report " + name);
    }
}
