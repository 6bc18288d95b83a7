package org.portolan.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/**
 * A request whose body is read as it comes, and whose answer is sent meanwhile. The client has time as long as it sends: for a megabyte as
 * long as for a small body, and again for the next. The same for each part of an answer once the body is there.
 */
final class Exchange {
    private static final int PART = 1 << 20;

    /** Of what is still sent when all is answered: a client whose connection is closed meanwhile does not show the answer. */
    private static final long DRAINED = 64L << 20;

    private final Response response;
    private final BooleanSupplier ending;
    private final Runnable more;
    private final Runnable over;
    private final Body body;
    private volatile boolean gone;

    /**
     * Begins.
     *
     * @param partTime for a part of the body, then for each part of the answer
     * @param ending whether this process stops listening
     */
    Exchange(
            Request request,
            Response response,
            ConnectionDeadlines<EndPoint> deadlines,
            InstantSource clock,
            Duration partTime,
            BooleanSupplier ending) {
        this.response = response;
        this.ending = ending;
        EndPoint connection = ConnectionDeadlines.transport(
                request.getConnectionMetaData().getConnection().getEndPoint());
        more = () -> deadlines.body(connection, clock.instant(), partTime);
        over = () -> deadlines.answering(connection);
        body = new Body(Content.Source.asInputStream(request), more, over);
        // Silence of what is asked here is not the client's.
        request.addIdleTimeoutListener(silent -> false);
    }

    /** Has both sides speak, and reads what the client still sends before the answer ends. */
    void with(Reply.Conversation conversation) throws IOException {
        try (body) {
            conversation.hold(body, new Answer(), () -> gone || ending.getAsBoolean());
            body.drain();
        }
        Content.Sink.write(response, true, ByteBuffer.allocate(0));
    }

    /** What comes. */
    private static final class Body extends FilterInputStream {
        private final Runnable more;
        private final Runnable over;
        private long part;
        private volatile boolean ended;

        Body(InputStream in, Runnable more, Runnable over) {
            super(in);
            this.more = more;
            this.over = over;
            more.run();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int read = super.read(bytes, from, length);
            if (read < 0) {
                ended = true;
                over.run();
                return read;
            }
            part += read;
            if (part >= PART) {
                part = 0;
                more.run();
            }
            return read;
        }

        void drain() throws IOException {
            byte[] some = new byte[16 * 1024];
            long left = DRAINED;
            for (int read = read(some, 0, some.length); read >= 0 && left > 0; read = read(some, 0, some.length)) {
                left -= read;
            }
        }
    }

    /** What is sent, each time at once. */
    private final class Answer extends OutputStream {
        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            // While a body comes, its own deadline counts.
            boolean timed = body.ended;
            if (timed) {
                more.run();
            }
            try {
                Content.Sink.write(response, false, ByteBuffer.wrap(bytes, from, length));
            } catch (IOException nobodyReads) {
                gone = true;
                throw nobodyReads;
            }
            if (timed) {
                over.run();
            }
        }
    }
}
