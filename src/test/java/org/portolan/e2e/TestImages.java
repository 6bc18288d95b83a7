package org.portolan.e2e;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.portolan.testing.PrivateDocker;

/** The images of the tests: small web servers on port 8000, good and bad ones. */
final class TestImages {
    private static final String SERVE = """
            mkdir -p /w
            echo "$MESSAGE v$(cat /version) $HOSTNAME" > /w/index.html
            echo ok > /w/up
            httpd -p 8000 -h /w
            """;
    private static final String OBEY = "trap 'exit 0' TERM\n";
    private static final String STAY = "while :; do sleep 0.1; done\n";

    private TestImages() {}

    /** Makes them all; what an engine has already costs nothing. */
    static void make(PrivateDocker engine) {
        good(engine);
        image(engine, "exits:1", "echo starting\necho cannot open the database >&2\nexit 3\n");
        image(engine, "sick:1", OBEY + "echo I feel sick\n" + SERVE + "rm /w/up\n" + STAY);
        image(engine, "elsewhere:1", OBEY + SERVE.replace("8000", "9000") + STAY);
        engine.image("idle:1", Map.of(), PrivateDocker.sh(OBEY + STAY), List.of());
        image(engine, "deaf:1", "trap '' TERM\n" + SERVE + STAY);
        image(
                engine,
                "falls:1",
                OBEY + SERVE + "for i in $(seq 40); do sleep 0.1; done\necho no memory left\nexit 4\n");
        image(engine, "late:1", OBEY + "for i in $(seq 30); do sleep 0.1; done\n" + SERVE + STAY);
        image(engine, "stubborn:1", "trap '' TERM\n" + SERVE + "rm /w/up\n" + STAY);
        image(engine, "mute:1", OBEY + STAY);
        page(engine, "page:1", "");
        page(engine, "page:2", "");
        page(engine, "erring:1", "[ $(($$ % 2)) = 0 ] && echo 'Status: 500 Internal Server Error'");
        page(
                engine,
                "tiring:1",
                "echo >> /asked; [ $(wc -l < /asked) -gt 60 ] && echo 'Status: 500 Internal Server Error'");
        page(engine, "slow:1", "sleep 0.4");
        page(engine, "endless:1", "while :; do sleep 1; done");
    }

    /** Makes only the good ones. */
    static void good(PrivateDocker engine) {
        image(engine, "web:1", OBEY + SERVE + STAY);
        image(engine, "web:2", OBEY + SERVE + STAY);
    }

    /** A server whose {@code /cgi-bin/page} does something before it answers. */
    private static void page(PrivateDocker engine, String name, String first) {
        String script = "#!/bin/sh\n" + first + "\necho 'Content-Type: text/plain'\necho\necho page of $MESSAGE\n";
        image(engine, name, Map.of("/w/cgi-bin/page", script), OBEY + SERVE + STAY);
    }

    /** A web server called {@code moving:1}, whose name moves to the last one made; returns its id. */
    static String moving(PrivateDocker engine, String version) {
        return engine.image(
                "moving:1", Map.of("/version", version), PrivateDocker.sh(OBEY + SERVE + STAY), List.of(8000));
    }

    private static void image(PrivateDocker engine, String name, String script) {
        image(engine, name, Map.of(), script);
    }

    private static void image(PrivateDocker engine, String name, Map<String, String> further, String script) {
        Map<String, String> files = new TreeMap<>(further);
        files.put("/version", name.substring(name.indexOf(':') + 1));
        engine.image(name, files, PrivateDocker.sh(script), List.of(8000));
    }
}
