package org.portolan.cli;

import java.util.Map;
import org.portolan.model.service.Desired;
import org.portolan.sync.LoadedSource;

/** Checks a Servicefile with its includes and templates; asks neither engine nor store. */
final class ValidateCommand extends CliCommand {
    private final SourceOptions source = new SourceOptions(syntax());

    ValidateCommand() {
        super("validate", "Check a Servicefile with its includes and templates.");
    }

    @Override
    boolean asks() {
        return false;
    }

    @Override
    int run(Context context) {
        LoadedSource read = source.load(context, false);
        Console console = context.console();
        console.problems(read.warnings());
        int services = 0;
        for (Desired desired : read.deployments()) {
            services += desired.services().size();
        }
        int deployments = read.deployments().size();
        console.note(read.shown() + " is valid: " + Show.count(deployments, "deployment") + ", "
                + Show.count(services, "service"));
        console.record("valid", Map.of("deployments", deployments, "services", services));
        return ExitStatus.DONE.code();
    }
}
