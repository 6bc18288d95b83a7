package org.portolan.sync;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.portolan.model.routing.RouteSet;

/** Renders the proxies' files for people, as this machine's proxies would have them. */
@FunctionalInterface
public interface ProxyFiles {
    /** The names of both. */
    List<String> NAMES = List.of("haproxy", "nginx");

    /**
     * One of them, secrets masked.
     *
     * @param haproxy HAProxy's file and its map of routes; else nginx's
     */
    String text(Collection<RouteSet> routes, boolean haproxy);

    /** Those of these names, in their order. */
    default SequencedMap<String, String> texts(Collection<RouteSet> routes, List<String> names) {
        SequencedMap<String, String> texts = new LinkedHashMap<>();
        names.forEach(name -> texts.put(name, text(routes, name.equals(NAMES.getFirst()))));
        return texts;
    }
}
