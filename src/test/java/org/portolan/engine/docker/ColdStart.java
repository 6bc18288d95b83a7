package org.portolan.engine.docker;

import java.nio.file.Path;
import java.time.Duration;

/** Prints how long a fresh JVM takes to connect to an engine and to see what it holds, in microseconds. */
final class ColdStart {
    private ColdStart() {}

    public static void main(String[] arguments) {
        long start = System.nanoTime();
        try (DockerEngine engine = DockerEngine.connect(
                DockerEndpoint.unix(Path.of(arguments[0]), Path.of("/nonexistent")), Duration.ofSeconds(5))) {
            engine.observe();
            long first = System.nanoTime();
            engine.observe();
            System.out.println("connect and observe " + (first - start) / 1000 + ", observe again "
                    + (System.nanoTime() - first) / 1000);
        }
    }
}
