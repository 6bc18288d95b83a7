package org.portolan.engine.docker;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Prints how long a fresh JVM takes to connect to an engine and to see what it holds, in microseconds; the second argument is
 * how many milliseconds it has to warm up before.
 */
final class ColdStart {
    private ColdStart() {}

    public static void main(String[] arguments) throws InterruptedException {
        long start = System.nanoTime();
        try (DockerEngine engine = DockerEngine.connect(
                DockerEndpoint.unix(Path.of(arguments[0]), Path.of("/nonexistent")), Duration.ofSeconds(5))) {
            if (arguments.length > 1) {
                // Stands for what a command does before it looks at the engine.
                Thread.sleep(Long.parseLong(arguments[1]));
                start = System.nanoTime();
            }
            engine.observe();
            long first = System.nanoTime();
            engine.observe();
            System.out.println("connect and observe " + (first - start) / 1000 + ", observe again "
                    + (System.nanoTime() - first) / 1000);
        }
    }
}
