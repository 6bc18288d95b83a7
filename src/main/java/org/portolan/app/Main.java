package org.portolan.app;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Map;
import java.util.function.Consumer;
import org.portolan.cli.Cli;
import org.portolan.cli.Components;
import org.portolan.engine.docker.DockerEngine;
import org.portolan.store.redis.RedisStore;

/** The program's entry point. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        if (!System.getProperty("portolan.programs", "").isEmpty()) {
            Thread.ofPlatform().daemon().start(Main::hold);
        }
        Searches.spare();
        int status = Cli.start(args, new Parts());
        // With 0 the JVM ends by itself where nothing else runs; System.exit looks for a logger first (ADR 86).
        if (status != 0 || !alone()) {
            System.exit(status);
        }
    }

    /** Whether no thread would keep the JVM from ending. */
    private static boolean alone() {
        ThreadGroup all = Thread.currentThread().getThreadGroup();
        // One more than there are: where threads have begun meanwhile, the last place is taken.
        Thread[] running = new Thread[all.activeCount() + 1];
        int count = all.enumerate(running);
        for (int i = 0; i < count; i++) {
            if (!running[i].equals(Thread.currentThread()) && !running[i].isDaemon()) {
                return false;
            }
        }
        return count < running.length;
    }

    /** This process's parts. */
    private static final class Parts implements Components.Factory {
        @Override
        public Components make(Map<String, String> environment, Consumer<String> warnings) {
            return new Wiring(environment, warnings);
        }

        @Override
        public void expect() {
            DockerEngine.warmUp();
            RedisStore.warmUp();
        }
    }

    /**
     * Opens the jar, both for classes and for resources. An installed package may be upgraded while a release runs, and what
     * is open stays the same file; the JVM itself would open it when it first looks for what the class archive does not have.
     */
    private static void hold() {
        URL own = ClassLoader.getSystemResource(Main.class.getName().replace('.', '/') + ".class");
        try (InputStream in = own == null ? InputStream.nullInputStream() : own.openStream()) {
            in.read();
        } catch (IOException notAJar) {
            // Then there is nothing to hold.
        }
    }
}
