package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.labels.InstanceId;
import org.portolan.proxy.Proxy;
import org.portolan.proxy.ProxyContract;

/** nginx and HAProxy keep what the port promises. */
@Tag("real")
class LocalProxyContractRealTest extends ProxyContract {
    @TempDir
    Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private ProxyFixture fixture;
    private OriginServer origin;

    @Override
    protected void prepare() throws IOException {
        fixture = new ProxyFixture(folder.resolve("proxies"));
        origin = new OriginServer("web");
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable thing : open.reversed()) {
            thing.close();
        }
        fixture.close();
        origin.close();
    }

    @Override
    protected Proxy open() {
        return LocalProxy.open(fixture.settings);
    }

    @Override
    protected void kill() {
        fixture.proxy.stop();
    }

    @Override
    protected int answering() {
        return origin.port();
    }

    @Override
    protected int silent() {
        return mesh();
    }

    @Override
    protected int mesh() {
        try {
            return ProxyFixture.free();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    @Override
    protected void take(int port) {
        try {
            open.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    @Override
    protected void drainByHand(InstanceId instance) {
        Path socket = new ProxyLayout(fixture.settings).run().resolve("haproxy-master.sock");
        String server = instance.deployment() + ":" + instance.service() + "/" + instance.name();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(
                    ByteBuffer.wrap(("@1 set server " + server + " state drain\n").getBytes(StandardCharsets.UTF_8)));
            channel.shutdownOutput();
            ByteBuffer answer = ByteBuffer.allocate(1 << 10);
            while (channel.read(answer) >= 0) {
                // Until it closes.
            }
            assertThat(new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8))
                    .isBlank();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    @Override
    protected void damage(String deployment) {
        try {
            Files.writeString(new ProxyLayout(fixture.settings).parts().resolve(deployment + ".json"), "{");
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    @Override
    protected AutoCloseable session(InstanceId instance, int mesh) {
        try {
            Socket client = new Socket(InetAddress.getLoopbackAddress(), mesh);
            open.add(client);
            return client;
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    @Override
    protected void eventually(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            try {
                Thread.sleep(20);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }
}
