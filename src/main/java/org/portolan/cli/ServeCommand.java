package org.portolan.cli;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.portolan.config.Configuration;
import org.portolan.config.ConfigurationWatch;
import org.portolan.controller.Controller;
import org.portolan.controller.FollowedSources;
import org.portolan.controller.LiveConfiguration;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventLevel;
import org.portolan.process.HangUp;
import org.portolan.reconcile.HealthPolicy;
import org.portolan.reconcile.Pace;
import org.portolan.sync.SourceLoader;

/** Runs the controller in the foreground until Ctrl-C or TERM. */
final class ServeCommand extends CliCommand {
    /** For what is in progress when it is stopped: service managers kill after 90 s. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration LAST_WORDS = Duration.ofSeconds(10);

    ServeCommand() {
        super("serve", "Run the controller: follow sources, keep deployments as they should be.");
    }

    @Override
    int run(Context context) {
        Console console = context.console();
        Components parts = context.parts();
        FollowedSources sources = new FollowedSources(
                () -> parts.configuration().sources(),
                parts.home().root(),
                new SourceLoader(parts, context.environment(), InstantSource.system(), console::warning));
        Configuration.Control control = parts.configuration().controller();
        Controller controller = new Controller(new Controller.Setup(
                parts.measured(parts.installation(event -> show(console, event))),
                sources::all,
                sources,
                control.report(),
                "controller@" + Actor.host(),
                parts.doors(),
                new Random(),
                Pace.USUAL,
                new HealthPolicy(control.unhealthyAfter(), control.unhealthyAttempts()),
                LiveConfiguration.of(
                        new ConfigurationWatch(
                                context.environment(), parts.home().root(), parts.configuration()),
                        parts)));
        HangUp.each(controller::reconfigure);
        Stop stop = new Stop(controller);
        Thread hook = new Thread(stop, "stop on request");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            controller.run(stop::asked, PATIENCE);
        } finally {
            stop.end(hook);
        }
        return ExitStatus.DONE.code();
    }

    /** A line for each thing that happens, on standard error; with {@code --json} as every command's events. */
    private static void show(Console console, Event event) {
        if (console.json()) {
            console.accept(event);
            return;
        }
        if (event.level() == EventLevel.TRACE || event.level() == EventLevel.PROGRESS) {
            return;
        }
        String about = event.deployment() + (event.release() == 0 ? "" : " release " + event.release());
        String level = event.level() == EventLevel.WARNING || event.level() == EventLevel.ERROR
                ? event.level().word() + ": "
                : "";
        String text = Show.event(event).replace("\n", " / ");
        console.error(Show.time(event.at()) + "  " + (about.isEmpty() ? "" : about + "  ") + level + text + "\n");
    }

    /** Ctrl-C and TERM: what is in progress ends, and the next leader continues what does not. */
    private static final class Stop implements Runnable {
        private final Controller controller;
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile boolean asked;

        Stop(Controller controller) {
            this.controller = controller;
        }

        boolean asked() {
            return asked;
        }

        /** It has stopped, because it was asked to or because it failed. */
        void end(Thread hook) {
            ended.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException shuttingDown) {
                // The hook runs already and was just told to end.
            }
        }

        @Override
        public void run() {
            asked = true;
            controller.wake();
            try {
                if (ended.await(PATIENCE.plus(LAST_WORDS).toMillis(), TimeUnit.MILLISECONDS)) {
                    // A service that was stopped as it should be has not failed: the JVM would say 143.
                    Runtime.getRuntime().halt(ExitStatus.DONE.code());
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
