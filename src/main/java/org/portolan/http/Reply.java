package org.portolan.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.portolan.json.JsonTree;
import org.portolan.query.json.JsonFields;

/** What a request is answered with. */
sealed interface Reply {
    String JSON = "application/json";
    String NDJSON = "application/x-ndjson";
    String EVENTS = "text/event-stream";

    /** Not a media type: the connection's next protocol. */
    String WEBSOCKET = "websocket";

    /**
     * All of it at once.
     *
     * @param tagged whether it gets an ETag of its bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // Written as it is, and compared by nobody.
    record Whole(int status, Map<String, String> headers, String type, byte[] body, boolean tagged) implements Reply {
        Whole with(String header, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(header, value);
            return new Whole(status, more, type, body, tagged);
        }
    }

    /**
     * One that lasts until its end or the client's: written by the request's thread.
     *
     * @param reader whose it is as long as their token stands; empty: whoever made the request
     */
    record Streamed(String type, Streaming content, Optional<ApiCaller> reader) implements Reply {
        Streamed(String type, Streaming content) {
            this(type, content, Optional.empty());
        }

        /** The same, ended when who reads it may not any more. */
        Streamed of(ApiCaller caller) {
            return new Streamed(type, content, Optional.of(caller));
        }
    }

    /** The connection becomes a WebSocket, over which a command is run. */
    record Upgraded(ExecSession.Work work) implements Reply {}

    /** One that is sent while the body is read, which the route does not take whole. */
    record Exchanged(String type, Conversation conversation) implements Reply {}

    /** Reads what the client sends, and answers. */
    @FunctionalInterface
    interface Conversation {
        /**
         * Speaks until the end.
         *
         * @param gone becomes true when the client is gone, or this process stops listening
         * @throws IOException when it has to end: the connection is closed
         */
        void hold(InputStream in, OutputStream out, BooleanSupplier gone) throws IOException;
    }

    /** Writes what comes. */
    @FunctionalInterface
    interface Streaming {
        void write(Out out) throws IOException;
    }

    /** Where it is written to. */
    interface Out {
        /**
         * Sends it now, and waits until it has left.
         *
         * @throws IOException when the client is gone, or does not read for too long
         */
        void send(String text) throws IOException;

        /** Whether nothing more shall come: this process stops listening. */
        boolean ending();
    }

    /** One thing, with its tag. */
    static Whole thing(Map<String, ?> fields) {
        return new Whole(200, Map.of(), JSON, JsonTree.bytes(JsonFields.plain(fields)), true);
    }

    /** A list under its name. */
    static Whole list(String name, List<? extends Map<String, ?>> items) {
        return new Whole(200, Map.of(), JSON, JsonTree.bytes(JsonFields.plain(Map.of(name, items))), true);
    }

    /** Another status. */
    static Whole of(int status, Map<String, ?> fields) {
        return new Whole(status, Map.of(), JSON, JsonTree.bytes(JsonFields.plain(fields)), false);
    }

    /** Something else than JSON. */
    static Whole text(int status, String type, byte[] body) {
        return new Whole(status, Map.of(), type, body, false);
    }
}
