package org.portolan.cli;

/** Prints a script that completes commands and options in a shell. */
final class CompletionCommand extends CliCommand {
    private final Syntax.Text shell = syntax().parameter("SHELL", true, "bash, zsh or fish.", "bash", "zsh", "fish");

    CompletionCommand() {
        super("completion", "Print a shell completion script.");
        syntax().footer(
                        "",
                        "bash: source <(portolan completion bash)   in ~/.bashrc",
                        "zsh:  source <(portolan completion zsh)    in ~/.zshrc, after compinit",
                        "fish: portolan completion fish | source    in ~/.config/fish/config.fish");
    }

    @Override
    boolean asks() {
        return false;
    }

    @Override
    int run(Context context) {
        String name = shell.or("");
        context.console()
                .text(
                        switch (name) {
                            case "bash" -> Completions.bash();
                            case "zsh" -> Completions.zsh();
                            case "fish" -> Completions.fish();
                            default ->
                                throw FailureView.usage("unknown shell '" + name + "'", "Use bash, zsh or fish.");
                        });
        return ExitStatus.DONE.code();
    }
}
