package org.portolan.cli;

import java.util.Map;
import org.portolan.model.service.Desired;

/** Checks a Servicefile with its includes and templates; asks neither engine nor store. */
final class ValidateCommand extends CliCommand {
    private final SourceOptions source = new SourceOptions(syntax());

    ValidateCommand() {
        super("validate", "Check a Servicefile with its includes and templates.");
    }

    @Override
    int run(Context context) {
        SourceOptions.Read read = source.read(context, false, false);
        Console console = context.console();
        console.problems(read.loaded().warnings());
        int services = 0;
        for (Desired desired : read.deployments()) {
            services += desired.services().size();
        }
        int deployments = read.deployments().size();
        console.note(read.located().tree().shown(read.located().path()) + " is valid: "
                + Show.count(deployments, "deployment") + ", " + Show.count(services, "service"));
        console.record("valid", Map.of("deployments", deployments, "services", services));
        return ExitStatus.DONE.code();
    }
}
