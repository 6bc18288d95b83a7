package org.portolan.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.portolan.testing.PrivateDocker;

/** The images of the proof: its server, and images around it that say something about themselves. */
final class ProofImages {
    /** The server alone. */
    static final String SERVER = ProofPrograms.IMAGE;

    /** With a {@code HEALTHCHECK}. */
    static final String CHECKED = "proof/checked:1";

    /** With a {@code VOLUME}. */
    static final String KEEPING = "proof/keeping:1";

    private ProofImages() {}

    /** Compiles the server and builds the images on an engine. */
    static void build(PrivateDocker docker, Path root) throws IOException, InterruptedException {
        Path build = Files.createDirectories(docker.folder().resolve("build"));
        ProofPrograms.run(
                root,
                "gcc",
                "-O2",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-static",
                "-pthread",
                "-o",
                build.resolve("server").toString(),
                "src/test/c/proof-server.c");
        String server = "FROM scratch\nCOPY server /server\nEXPOSE 8000\nCMD [\"/server\"]\n";
        image(docker, build, SERVER, server);
        image(
                docker,
                build,
                CHECKED,
                server + "HEALTHCHECK --interval=1s --timeout=2s --retries=3 CMD [\"/server\", \"check\"]\n");
        image(docker, build, KEEPING, server + "VOLUME /data\n");
    }

    private static void image(PrivateDocker docker, Path build, String name, String dockerfile)
            throws IOException, InterruptedException {
        Files.writeString(build.resolve("Dockerfile"), dockerfile);
        ProofPrograms.Ended ended = ProofPrograms.run(
                build,
                Map.of("DOCKER_HOST", docker.host(), "DOCKER_BUILDKIT", "0"),
                List.of("docker", "build", "-q", "-t", name, "."));
        if (ended.status() != 0) {
            throw new IOException("docker build: " + ended.output());
        }
    }
}
