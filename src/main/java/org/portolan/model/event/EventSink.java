package org.portolan.model.event;

/** Gets what happens as it happens, for a terminal, a pipe or a stream of JSON. Called from many threads. */
@FunctionalInterface
public interface EventSink {
    void accept(Event event);
}
