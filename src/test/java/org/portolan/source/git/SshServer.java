package org.portolan.source.git;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.portolan.testing.FreePorts;

/** A separate OpenSSH server on loopback, with its own keys; and what a client's {@code ~/.ssh} holds to reach it. */
public final class SshServer implements AutoCloseable {
    private final Path folder;
    private final int port;
    private final Process process;

    /** @param folder where its files go; must be empty */
    public SshServer(Path folder) throws IOException {
        this.folder = folder;
        key("host_ed25519", "ed25519");
        key("host_rsa", "rsa");
        Files.writeString(folder.resolve("authorized"), "");
        port = FreePorts.next();
        Path configuration = folder.resolve("sshd.conf");
        Files.writeString(configuration, """
                Port %d
                ListenAddress 127.0.0.1
                HostKey %2$s/host_ed25519
                HostKey %2$s/host_rsa
                AuthorizedKeysFile %2$s/authorized
                PidFile %2$s/pid
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                """.formatted(port, folder));
        process = new ProcessBuilder("/usr/sbin/sshd", "-D", "-e", "-f", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        awaitListening();
    }

    public int port() {
        return port;
    }

    /** Makes a key pair that the server lets in, in the given folder, and returns the private key's file. */
    public Path allow(Path sshFolder, String name, String kind, String passphrase) throws IOException {
        Files.createDirectories(sshFolder);
        Path file = sshFolder.resolve(name);
        run("ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-f", file.toString());
        Path authorized = folder.resolve("authorized");
        Files.writeString(
                authorized, Files.readString(authorized) + Files.readString(sshFolder.resolve(name + ".pub")));
        return file;
    }

    /** Writes the server's keys into the client's known hosts. */
    public void makeKnown(Path sshFolder) throws IOException {
        Files.createDirectories(sshFolder);
        StringBuilder known = new StringBuilder();
        for (String key : List.of("host_ed25519.pub", "host_rsa.pub")) {
            known.append("[127.0.0.1]:").append(port).append(' ').append(Files.readString(folder.resolve(key)));
        }
        Files.writeString(sshFolder.resolve("known_hosts"), known);
        Files.setPosixFilePermissions(sshFolder, PosixFilePermissions.fromString("rwx------"));
    }

    String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    private void key(String name, String kind) {
        run("ssh-keygen", "-q", "-t", kind, "-N", "", "-f", folder.resolve(name).toString());
    }

    private void run(String... command) {
        GitProgram.Result result = GitProgram.execute(folder, Map.of("PATH", System.getenv("PATH")), List.of(command));
        if (result.status() != 0) {
            throw new AssertionError(result.output());
        }
    }

    private void awaitListening() throws IOException {
        long end = System.nanoTime() + 5_000_000_000L;
        while (System.nanoTime() < end) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
                return;
            } catch (IOException notYet) {
                if (!process.isAlive()) {
                    throw new AssertionError("sshd ended: " + log());
                }
            }
        }
        throw new AssertionError("sshd does not listen: " + log());
    }

    @Override
    public void close() {
        process.destroy();
    }
}
