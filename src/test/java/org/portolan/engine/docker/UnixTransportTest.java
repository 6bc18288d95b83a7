package org.portolan.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixTransportTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private FakeEngine engine;
    private UnixTransport transport;

    @BeforeEach
    void begin() throws IOException {
        engine = new FakeEngine(folder);
        transport = new UnixTransport(engine.socket());
    }

    @AfterEach
    void end() throws IOException {
        transport.close();
        engine.close();
    }

    private static Request get() {
        return Request.builder().method("GET").path("/x").build();
    }

    private String body() throws IOException {
        return transport.call(get(), LONG).json().text();
    }

    @Test
    void reads_bodies_of_stated_length_in_chunks_and_to_the_end() throws IOException {
        engine.answer(
                FakeEngine.ok("\"stated\""),
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4;x=y\r\n\"chu\r\n5\r\nnked\"\r\n0\r\nTrailer: t\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\n\"to the end\"" + FakeEngine.HANG_UP);
        assertThat(body()).isEqualTo("stated");
        assertThat(body()).isEqualTo("chunked");
        assertThat(body()).isEqualTo("to the end");
        assertThat(engine.connections).hasValue(1);
    }

    @Test
    void an_answer_without_body_has_none() throws IOException {
        engine.answer("HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 Not Modified\r\n\r\n", FakeEngine.ok("1"));
        assertThat(transport.call(get(), LONG).empty()).isTrue();
        assertThat(transport.call(get(), LONG).status()).isEqualTo(304);
        assertThat(transport.call(get(), LONG).apiVersion()).isEqualTo("1.45");
    }

    @Test
    void a_kept_connection_that_the_engine_closed_is_not_used_again() throws IOException {
        engine.answer(FakeEngine.ok("\"one\"") + FakeEngine.HANG_UP, FakeEngine.ok("\"two\""));
        assertThat(body()).isEqualTo("one");
        // The other end's close takes a moment to arrive.
        assertThat(engine.connections).hasValue(1);
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assertThat(body()).isEqualTo("two");
        assertThat(engine.connections).hasValue(2);
    }

    @Test
    void silence_ends_at_the_deadline_and_costs_only_its_own_connection() throws IOException {
        engine.answer(FakeEngine.SILENCE);
        long start = System.nanoTime();
        assertThatThrownBy(() -> transport.call(get(), Duration.ofMillis(200)))
                .isInstanceOf(Transport.DeadlineExceeded.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        engine.answer(FakeEngine.ok("\"well\""));
        assertThat(body()).isEqualTo("well");
    }

    @Test
    void an_answer_that_stops_in_the_middle_ends_at_the_deadline_too() {
        engine.answer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        assertThatThrownBy(() -> transport.call(get(), Duration.ofMillis(200)))
                .isInstanceOf(Transport.DeadlineExceeded.class);
    }

    @Test
    void an_answer_that_breaks_off_is_no_answer() {
        engine.answer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf" + FakeEngine.HANG_UP);
        assertThatThrownBy(() -> transport.call(get(), LONG)).isInstanceOf(EOFException.class);
        engine.answer(FakeEngine.HANG_UP);
        assertThatThrownBy(() -> transport.call(get(), LONG)).isInstanceOf(IOException.class);
    }

    @Test
    void what_is_no_http_is_an_error() {
        engine.answer("SSH-2.0-OpenSSH\r\n\r\n");
        assertThatThrownBy(() -> transport.call(get(), LONG)).hasMessageContaining("not an HTTP answer");
        engine.answer("HTTP/1.1 200 OK\r\nno colon\r\n\r\n");
        assertThatThrownBy(() -> transport.call(get(), LONG)).hasMessageContaining("malformed");
        engine.answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
        assertThatThrownBy(() -> transport.call(get(), LONG)).hasMessageContaining("malformed");
    }

    @Test
    void a_stream_outlives_the_deadline_of_its_head_and_ends_when_closed() throws Exception {
        engine.answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
        Response response = transport.open(get(), Duration.ofMillis(100));
        assertThat(new String(response.getBody().readNBytes(3), StandardCharsets.UTF_8))
                .isEqualTo("one");
        Thread closer = Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(300);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            response.close();
        });
        assertThatThrownBy(() -> response.getBody().read()).isInstanceOf(IOException.class);
        closer.join();
    }
}
