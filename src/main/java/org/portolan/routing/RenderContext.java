package org.portolan.routing;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What the files need to know of this machine and installation.
 *
 * @param pages the folder with the error pages
 * @param sites the folder with nginx's files by domain
 * @param run the folder of pid files and sockets
 * @param maps the folder of HAProxy's maps
 * @param routerPort the loopback port on which nginx asks HAProxy
 * @param edgeToken the word by which HAProxy knows nginx, secret
 * @param digestKey what HAProxy signs nonces with, base64, secret
 * @param statisticsHash hash of the statistics page's password
 * @param addresses addresses of this machine's interfaces; listeners on others are left out
 * @param worker user and group that workers run as; empty: whoever starts them
 * @param openFiles how many files a process may open
 * @param nginxVersion as {@code 1.22.1}
 */
public record RenderContext(
        Path pages,
        Path sites,
        Path run,
        Path maps,
        int routerPort,
        String edgeToken,
        String digestKey,
        String statisticsHash,
        Set<String> addresses,
        Optional<Worker> worker,
        long openFiles,
        String nginxVersion) {

    /** Whom the workers run as. */
    public record Worker(String user, String group) {}

    /** Whether nginx is at least of a version. */
    boolean nginxAtLeast(int major, int minor, int patch) {
        int[] wanted = {major, minor, patch};
        String[] parts = nginxVersion.split("\\.", -1);
        for (int i = 0; i < wanted.length; i++) {
            int has = i < parts.length && !parts[i].isEmpty() ? Integer.parseInt(parts[i]) : 0;
            if (has != wanted[i]) {
                return has > wanted[i];
            }
        }
        return true;
    }

    /** The unix socket of the controller that leads: where HAProxy's worker reaches it, and others do not. */
    public Path controllerSocket() {
        return controllerSocket(run, sites, worker);
    }

    /** As {@link #controllerSocket()}, of these folders. */
    public static Path controllerSocket(Path run, Path sites, Optional<Worker> worker) {
        return (worker.isPresent() ? sites : run).resolve("controller.sock");
    }

    @Override
    public String toString() {
        return "RenderContext[" + run + "]";
    }
}
