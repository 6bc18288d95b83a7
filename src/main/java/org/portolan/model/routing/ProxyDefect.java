package org.portolan.model.routing;

import java.util.Optional;

/**
 * Something that is not as it should be.
 *
 * @param found what was seen, on which proxy or address
 * @param repair what the port's {@code ensureRunning} does about it, and whether that interrupts; empty: it can do nothing
 * @param down whether a proxy just does not run, as after {@code system down}: every change starts it
 * @param remedy what a person can do where {@code ensureRunning} cannot
 */
public record ProxyDefect(String found, Optional<String> repair, boolean down, Optional<String> remedy) {
    public ProxyDefect(String found, Optional<String> repair, boolean down) {
        this(found, repair, down, Optional.empty());
    }

    public ProxyDefect(String found, Optional<String> repair) {
        this(found, repair, false);
    }

    /** One that the port's {@code ensureRunning} can do nothing about. */
    public static ProxyDefect forPeople(String found, String remedy) {
        return new ProxyDefect(found, Optional.empty(), false, Optional.of(remedy));
    }
}
