package org.portolan.remote;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.portolan.json.NotJson;
import org.portolan.json.StrictJson;

/** An answer that is a stream of JSON, an object a line. */
final class ReplyLines {
    private static final int MOST_LINE = 4 * 1024 * 1024;

    private ReplyLines() {}

    /** Hands on every line until its end, or until told to end; whether it came to its end. */
    static boolean read(HttpReply reply, Consumer<StrictJson> sink, BooleanSupplier ended) throws IOException {
        byte[] part = new byte[8 * 1024];
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int read = reply.read(part); read >= 0; read = reply.read(part)) {
            for (int i = 0; i < read; i++) {
                if (part[i] != '\n') {
                    line.write(part[i]);
                    continue;
                }
                if (line.size() > 0) {
                    sink.accept(json(line.toByteArray()));
                    line.reset();
                }
            }
            if (ended.getAsBoolean()) {
                return false;
            }
            if (line.size() > MOST_LINE) {
                throw new IOException("a line is larger than " + MOST_LINE + " bytes");
            }
        }
        return true;
    }

    private static StrictJson json(byte[] line) throws IOException {
        try {
            return StrictJson.read(line);
        } catch (NotJson broken) {
            throw new HttpReply.NotHttp();
        }
    }
}
