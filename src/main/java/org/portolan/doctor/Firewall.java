package org.portolan.doctor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.portolan.config.Configuration;
import org.portolan.process.Commands;
import org.portolan.process.Programs;

/** This machine's packet filter, as far as its rules for what comes in can be read; only root can. */
final class Firewall {
    private static final Duration SHORT = Duration.ofSeconds(5);

    private final Configuration configuration;
    private final String rules;

    private Firewall(Configuration configuration, String rules) {
        this.configuration = configuration;
        this.rules = rules;
    }

    static Firewall read(Configuration configuration) {
        Optional<Path> iptables = Programs.find("iptables");
        if (iptables.isEmpty() || !System.getProperty("user.name", "").equals("root")) {
            return new Firewall(configuration, "");
        }
        Commands.Result rules = Commands.run(List.of(iptables.get().toString(), "-S", "INPUT"), SHORT);
        return new Firewall(configuration, rules.succeeded() ? rules.output() : "");
    }

    boolean isKnown() {
        return !rules.isEmpty();
    }

    /** Whether it lets through only what a rule allows, and no rule allows containers. */
    boolean looksClosed() {
        return refusal().isPresent()
                && !rules.contains("-s " + configuration.network().pool() + " ");
    }

    /** The rule that refuses, the first of those that may. */
    Optional<String> refusal() {
        return rules.lines()
                .filter(rule ->
                        rule.startsWith("-P INPUT DROP") || rule.endsWith("-j DROP") || rule.contains("-j REJECT"))
                .reduce((policy, rule) -> policy.startsWith("-P") ? rule : policy);
    }

    /** The command that opens the mesh to containers. */
    String opening() {
        String pool = configuration.network().pool();
        Configuration.Ports ports = configuration.mesh().ports();
        if (rules.contains("-j ufw-")) {
            return "ufw allow proto tcp from " + pool + " to any port " + ports.first() + ":" + ports.last();
        }
        return "iptables -I INPUT -s " + pool + " -p tcp --dport " + ports.first() + ":" + ports.last() + " -j ACCEPT";
    }
}
