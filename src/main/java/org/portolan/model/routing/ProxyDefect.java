package org.portolan.model.routing;

import java.util.Collection;
import java.util.Optional;

/**
 * Something that is not as it should be.
 *
 * @param about what it is about
 * @param found what was seen, on which proxy or address
 * @param repair what the port's {@code ensureRunning} does about it, and whether that interrupts; empty: it can do nothing
 * @param down whether a proxy just does not run, as after {@code system down}: every change starts it
 * @param remedy what a person can do where {@code ensureRunning} cannot
 */
public record ProxyDefect(Subject about, String found, Optional<String> repair, boolean down, Optional<String> remedy) {

    /** What a defect is about. */
    public enum Subject {
        /** The mesh's process: whether it runs, and listens and checks as its configuration says. */
        MESH,
        /** The mesh's servers and maps, which change while it runs. */
        SERVERS,
        /** The edge's process, its configuration and how it treats domains. */
        EDGE,
        /** The routes that were applied, as they are kept. */
        ROUTES,
        /** Settings that came after the last change. */
        SETTINGS
    }

    /** A proxy that does not run. */
    public static ProxyDefect down(Subject about, String found, String repair) {
        return new ProxyDefect(about, found, Optional.of(repair), true, Optional.empty());
    }

    /** One that the port's {@code ensureRunning} repairs. */
    public static ProxyDefect repairable(Subject about, String found, String repair) {
        return new ProxyDefect(about, found, Optional.of(repair), false, Optional.empty());
    }

    /** One that the port's {@code ensureRunning} can do nothing about. */
    public static ProxyDefect forPeople(Subject about, String found, String remedy) {
        return new ProxyDefect(about, found, Optional.empty(), false, Optional.of(remedy));
    }

    /** Whether any of them is repaired by the port's {@code ensureRunning}. */
    public static boolean anyRepairable(Collection<ProxyDefect> defects) {
        return defects.stream().anyMatch(defect -> defect.repair().isPresent());
    }
}
