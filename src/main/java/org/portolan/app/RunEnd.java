package org.portolan.app;

import org.portolan.operate.OneOffRun;

/** Removes the container of a {@code portolan run} whose process was killed; started by that process's watch. */
public final class RunEnd {
    private RunEnd() {}

    /**
     * Removes it, if it is that process's.
     *
     * @param args the container's name, and the process that it ran for as its label has it
     */
    public static void main(String[] args) {
        OneOffRun.remove(new Wiring(System.getenv(), warning -> {}).engine(), args[0], args[1]);
    }
}
