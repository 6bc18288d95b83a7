package org.portolan.proxy.nginx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.routing.ProxyDefect;
import org.portolan.model.routing.ProxyDefect.Subject;
import org.portolan.process.AtomicFiles;
import org.portolan.process.FileProblems;
import org.portolan.process.Listeners;
import org.portolan.process.ListeningSockets;
import org.portolan.process.OwnFile;
import org.portolan.process.StateFiles;
import org.portolan.routing.NginxConfig;
import org.portolan.routing.ProxySettings;

/**
 * nginx's file and what nginx made of it. A reload is asynchronous, and one that fails is reported in the error log only; so
 * the file is trusted only as far as the kernel's listeners and the workers' own answer agree with it.
 */
final class AppliedConfiguration {
    private static final long IN_FORCE_MILLIS = 10_000;
    private static final long CLOSED_MILLIS = 2_000;

    private final OwnFile own;
    private final Path file;
    private final NginxProcess process;
    private final GenerationProbe probe;

    /** @param own the file, with a digest of what was written last */
    AppliedConfiguration(OwnFile own, NginxProcess process, GenerationProbe probe) {
        this.own = own;
        file = own.file();
        this.process = process;
        this.probe = probe;
    }

    /** The file; empty when there is none. */
    Optional<String> text() {
        try {
            return StateFiles.text(file);
        } catch (IOException problem) {
            throw FileProblems.failure("read", file, problem);
        }
    }

    void start(String text) {
        Optional<String> before = text();
        try {
            process.validate(text);
        } catch (Failure refused) {
            before.ifPresent(process::start);
            throw refused;
        }
        // Before anybody is found to hold a listener: these do, and are ours.
        process.dismissOrphans();
        process.requireFree(Listen.in(text));
        if (!StateFiles.holds(file, text)) {
            try {
                write(text);
            } catch (Failure unwritten) {
                before.ifPresent(process::start);
                throw unwritten;
            }
        }
        process.start(text);
    }

    boolean apply(String text) {
        Optional<String> before = text();
        if (before.equals(Optional.of(text)) && differences(text).isEmpty()) {
            if (own.altered()) {
                own.wrote(text);
            }
            return false;
        }
        process.validate(text);
        Set<Listen> wanted = Listen.in(text);
        Set<Listen> now = now(Listen.in(before.orElse(text)), ListeningSockets.read());
        Set<Listen> coming = new LinkedHashSet<>(wanted);
        coming.removeIf(listen -> now.stream()
                .anyMatch(has -> has.port() == listen.port() && Listeners.overlap(has.address(), listen.address())));
        process.requireFree(coming);
        boolean restart = Listen.needsRestart(now, wanted);
        write(text);
        try {
            if (restart) {
                process.restart(text);
            } else {
                process.reload();
            }
            confirm(text);
            awaitClosed(now, wanted);
        } catch (Failure failed) {
            before.ifPresent(good -> back(good, failed));
            throw failed;
        }
        return restart;
    }

    /** Workers of before a reload let go of a removed listener a moment after the new ones answer. */
    private static void awaitClosed(Set<Listen> before, Set<Listen> wanted) {
        long end = System.nanoTime() + CLOSED_MILLIS * 1_000_000;
        for (Listen old : before) {
            boolean stays = wanted.stream().anyMatch(listen -> listen.is(old.address(), old.port()));
            while (!stays
                    && System.nanoTime() < end
                    && ListeningSockets.read().against(old.address(), old.port()).stream()
                            .anyMatch(socket -> old.is(socket.address(), socket.port()))) {
                Pause.shortly();
            }
        }
    }

    private Set<Listen> now(Set<Listen> named, ListeningSockets sockets) {
        return process.listens(named, sockets).orElse(named);
    }

    /** The file says again what runs, so that the next change does not take the failed one for applied. */
    private void back(String good, Failure failed) {
        write(good);
        try {
            if (!process.running()) {
                process.start(good);
            } else if (!differences(good).isEmpty()) {
                process.reload();
            }
        } catch (Failure again) {
            failed.addSuppressed(again);
        }
    }

    private void confirm(String text) {
        long end = System.nanoTime() + IN_FORCE_MILLIS * 1_000_000;
        List<String> differences = differences(text);
        while (!differences.isEmpty() && System.nanoTime() < end) {
            Pause.shortly();
            differences = differences(text);
        }
        if (!differences.isEmpty()) {
            List<String> details = new ArrayList<>(differences);
            details.addAll(process.complaints());
            throw new Failure(Kind.FAILED, "nginx did not load its new configuration; the last good one is kept")
                    .withDetails(details)
                    .withRemedy(Remedy.of(Call.of(Verb.DOCTOR))
                            .and(" shows what listens where; a system's own nginx may need a restart"));
        }
    }

    private List<String> differences(String text) {
        return differences(text, Listen.in(text), ListeningSockets.read());
    }

    /**
     * What the running nginx has otherwise than a text says; empty when the text is in force.
     *
     * @param wanted the listeners that the text names
     */
    private List<String> differences(String text, Set<Listen> wanted, ListeningSockets sockets) {
        List<String> found = new ArrayList<>();
        process.listens(wanted, sockets).ifPresent(observed -> {
            for (Listen listen : wanted) {
                if (observed.stream().noneMatch(has -> has.is(listen.address(), listen.port()))) {
                    found.add("nginx does not listen on " + listen);
                }
            }
            for (Listen has : observed) {
                if (wanted.stream().noneMatch(listen -> listen.is(has.address(), has.port()))) {
                    found.add("nginx listens on " + has + ", which is not configured");
                }
            }
        });
        Optional<String> generation = NginxConfig.generationOf(text);
        if (found.isEmpty() && generation.isPresent()) {
            String answered = probe.ask();
            if (!answered.equals(generation.get())) {
                found.add("nginx is running with a different configuration than " + file);
            }
        }
        return found;
    }

    /**
     * What differs from the settings.
     *
     * @param own whether the template is Portolan's: then it listens nowhere else
     */
    List<ProxyDefect> defects(ProxySettings.Edge edge, boolean own, ListeningSockets sockets) {
        Optional<String> text = text();
        if (text.isEmpty()) {
            return List.of(defect("nginx is running, but its configuration " + file + " is missing", false));
        }
        Set<Listen> named = Listen.in(text.get());
        Set<Listen> wanted = new LinkedHashSet<>();
        for (String address : edge.addresses()) {
            boolean both = address.equals("::") && edge.addresses().stream().noneMatch(one -> one.indexOf(':') < 0);
            wanted.add(new Listen(Listeners.canonical(address), edge.http(), both));
            wanted.add(new Listen(Listeners.canonical(address), edge.https(), both));
        }
        List<ProxyDefect> defects = new ArrayList<>();
        if (own ? !named.equals(wanted) : !named.containsAll(wanted)) {
            Set<Listen> now = now(named, sockets);
            defects.add(defect(
                    "nginx listens on " + Listen.shown(now) + "; configured (edge.address, edge.http, edge.https): "
                            + Listen.shown(wanted),
                    Listen.needsRestart(now, wanted)));
            return defects;
        }
        for (String difference : differences(text.get(), named, sockets)) {
            defects.add(defect(difference, Listen.needsRestart(now(named, sockets), named)));
        }
        return defects;
    }

    /** What is to be told if somebody else wrote the file; empty: nobody did. */
    Optional<ProxyDefect> altered() {
        return own.altered()
                ? Optional.of(ProxyDefect.repairable(
                        Subject.EDGE,
                        "nginx's configuration " + file + " was changed by hand",
                        "write it again and reload nginx"))
                : Optional.empty();
    }

    private static ProxyDefect defect(String found, boolean restart) {
        return ProxyDefect.repairable(
                Subject.EDGE,
                found,
                restart ? "restart nginx; connections are interrupted for a moment" : "reload nginx");
    }

    private void write(String text) {
        own.write(text, AtomicFiles.PRIVATE);
    }
}
