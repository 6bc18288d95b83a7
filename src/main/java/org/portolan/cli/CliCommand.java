package org.portolan.cli;

/** One command: its fields are its options, whose values are there once it runs. */
abstract class CliCommand {
    private final String name;
    private final Syntax syntax;

    /**
     * Names the command.
     *
     * @param description what it does, in one sentence
     */
    CliCommand(String name, String description) {
        this.name = name;
        this.syntax = new Syntax(this, name, description);
    }

    final String name() {
        return name;
    }

    final Syntax syntax() {
        return syntax;
    }

    /** Whether an option of this command asks for what {@code --json} does. */
    boolean json() {
        return false;
    }

    /** Whether it asks engine or store, or may: what they need is loaded while its files are read. */
    boolean asks() {
        return true;
    }

    /**
     * Does the command's work.
     *
     * @return the exit status: that of {@link ExitStatus}, or the executed program's for {@code exec}
     * @throws org.portolan.model.Failure for whatever a person can do something about
     */
    abstract int run(Context context);
}
