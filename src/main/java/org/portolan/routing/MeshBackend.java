package org.portolan.routing;

import java.util.List;
import java.util.Optional;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.State;
import org.portolan.model.service.CheckRequest;

/**
 * Servers that share traffic: a backend of HAProxy.
 *
 * @param name {@code deployment:service[:port]}, with {@code tcp::}, {@code http::} or {@code sticky::} before it where a
 *     domain speaks differently from the mesh, {@code mix::…} for a route over several services, or {@code check::} before it
 *     where nothing but a check is wanted
 * @param http whether it speaks HTTP; else TCP
 * @param sticky whether a cookie keeps a client at its server
 * @param check an HTTP check; empty: by connecting
 * @param members the services whose servers they are, where the name does not tell
 */
public record MeshBackend(
        String name, boolean http, boolean sticky, Optional<Check> check, List<Entry> servers, List<Member> members) {

    /** A backend whose name tells the service. */
    public MeshBackend(String name, boolean http, boolean sticky, Optional<Check> check, List<Entry> servers) {
        this(name, http, sticky, check, servers, List.of());
    }

    /** A service. */
    public record Member(String deployment, String service) {}

    /**
     * How servers are checked. Times in milliseconds.
     *
     * @param request empty: by connecting
     * @param again between two checks of a server that has not passed one yet, or fails them
     */
    public record Check(Optional<CheckRequest> request, long interval, long again, long timeout, int rise, int fall) {}

    /**
     * A server.
     *
     * @param name the instance's name; in a mix with {@code :port}
     * @param port the service's port that it belongs to
     * @param listen where the instance's port is published
     * @param checked whether it is checked; one that is not counts as up
     * @param maxConnections how many connections are opened to it at once; 0: any number
     */
    public record Entry(
            String name,
            InstanceId instance,
            String port,
            String address,
            int listen,
            State state,
            int weight,
            boolean checked,
            int maxConnections) {
        /** A copy without a limit of connections. */
        Entry unlimited() {
            return new Entry(name, instance, port, address, listen, state, weight, checked, 0);
        }

        /** A copy with another weight. */
        Entry weighing(int other) {
            return new Entry(name, instance, port, address, listen, state, other, checked, maxConnections);
        }
    }

    private static final String LIMIT = " maxconn ";
    /** Interval, fall and rise of a check by connecting. */
    static final Check CONNECT = new Check(Optional.empty(), 2000, 250, 2000, 2, 3);

    /** Whether a server has a limit of connections. */
    public boolean limited() {
        return servers.stream().anyMatch(entry -> entry.maxConnections() > 0);
    }

    /** Whether a file of HAProxy gives a server a limit of connections. */
    static boolean limited(String text) {
        for (int at = text.indexOf(LIMIT); at >= 0; at = text.indexOf(LIMIT, at + 1)) {
            String line = text.substring(text.lastIndexOf('\n', at) + 1, at);
            if (line.stripLeading().startsWith("server ")) {
                return true;
            }
        }
        return false;
    }

    Check checkOrConnect() {
        return check.orElse(CONNECT);
    }

    /**
     * The words that follow a server's weight, in the file and in {@code add server}; each with a blank before it. HAProxy
     * waits for {@code downinter} before it checks a server that was added for the first time, and nothing serves before that
     * has passed.
     */
    public String words(Entry entry) {
        return (entry.checked() ? checkWords() : "")
                + (entry.maxConnections() > 0 ? LIMIT + entry.maxConnections() : "")
                + (http && RouteSet.http2(entry.port()) ? " proto h2" : "");
    }

    private String checkWords() {
        Check words = checkOrConnect();
        return " check inter " + words.interval() + " downinter " + words.again() + " fall " + words.fall() + " rise "
                + words.rise();
    }

    /**
     * Whether a server is taken out in the harder way. A draining server still gets the requests of clients whose cookie
     * names it, which would never end: there it is put into maintenance, which leaves open requests alone.
     */
    public boolean takenOut(Entry entry) {
        return entry.state() == State.MAINT || (entry.state() == State.DRAIN && sticky);
    }
}
