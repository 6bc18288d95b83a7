package org.portolan.proof;

/** A sort of traffic; each is counted by itself. */
enum Kind {
    KEEP_ALIVE("keep-alive HTTP"),
    NEW_CONNECTION("new connections"),
    MESH("service to service"),
    SLOW("slow answers"),
    UPLOAD("uploads"),
    TLS("TLS and password"),
    WEBSOCKET("websocket messages"),
    TCP("raw TCP lines");

    final String title;

    Kind(String title) {
        this.title = title;
    }
}
