package org.portolan.engine.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.engine.Engine.ExecResult;

/** A database server as the command of {@code DatabaseCommand} finds it: users with their passwords, and databases. */
public final class SimDatabases {
    static final String MARK = "PORTOLAN_DATABASE";
    private static final int NOT_YET = 75;
    private static final int OTHER_PASSWORD = 77;

    private final Map<String, String> users = new TreeMap<>();
    private final Set<String> databases = new TreeSet<>();
    private int asked;
    private int silent;
    private Optional<String> complaint = Optional.empty();

    /** Lets the server refuse connections so many times from now on. */
    public void startsSlowly(int times) {
        silent = times;
    }

    /** Lets the server refuse every statement with a complaint. */
    public void complains(String why) {
        complaint = Optional.of(why);
    }

    /** Users and their passwords. */
    public Map<String, String> users() {
        return users;
    }

    public Set<String> databases() {
        return databases;
    }

    /** How often somebody asked for a database. */
    public int asked() {
        return asked;
    }

    ExecResult answer(Map<String, String> env) {
        asked++;
        if (silent > 0) {
            silent--;
            return new ExecResult(NOT_YET, "127.0.0.1:5432 - no response");
        }
        String user = env.getOrDefault("PORTOLAN_USER", "");
        String password = env.getOrDefault("PORTOLAN_PASSWORD", "");
        if (complaint.isPresent()) {
            return new ExecResult(1, complaint.get() + " in CREATE ROLE " + user + " PASSWORD '" + password + "'");
        }
        List<String> made = new ArrayList<>();
        if (users.putIfAbsent(user, password) == null) {
            made.add("made user " + user);
        }
        if (databases.add(env.getOrDefault(MARK, ""))) {
            made.add("made database " + env.get(MARK));
        }
        return password.equals(users.get(user))
                ? new ExecResult(0, String.join("\n", made))
                : new ExecResult(OTHER_PASSWORD, "FATAL: password authentication failed for user \"" + user + "\"");
    }
}
