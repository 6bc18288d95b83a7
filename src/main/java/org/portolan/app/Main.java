package org.portolan.app;

import org.portolan.cli.Cli;

/** The program's entry point. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(Cli.start(args, Wiring::new));
    }
}
