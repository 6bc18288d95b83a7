package org.portolan.proof;

/** A sort of traffic; each is counted by itself. */
enum Kind {
    KEEP_ALIVE("keep-alive HTTP"),
    NEW_CONNECTION("new connections"),
    MESH("service to service"),
    SLOW("slow answers"),
    UPLOAD("uploads"),
    UPLOAD_H2("uploads over HTTP/2"),
    TLS("TLS and password"),
    WEBSOCKET("websocket messages"),
    TCP("raw TCP lines"),
    DOOR("without the password"),
    TURNING_DOOR("at doors that open and close"),
    STRICT("an app with a strict Host"),
    EXIT("requests at which the app exits"),
    LEAVING("clients that leave");

    final String title;

    Kind(String title) {
        this.title = title;
    }
}
