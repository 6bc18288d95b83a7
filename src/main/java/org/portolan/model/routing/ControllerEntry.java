package org.portolan.model.routing;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the edge asks the controller for {@link ControllerRoute its domain}.
 *
 * @param socket the unix socket's file, in a folder that only its owner and the proxies' workers may enter
 * @param key what the edge sends with each request; whoever does not is not the edge. Secret
 * @param group that may open the socket beside its owner: the workers'; empty: they run as the owner
 */
public record ControllerEntry(Path socket, String key, Optional<String> group) {
    @Override
    public String toString() {
        return "ControllerEntry[" + socket + "]";
    }
}
