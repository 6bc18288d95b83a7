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
    /** Passwords that are accepted besides, by user. */
    private final Map<String, String> earlier = new TreeMap<>();

    private boolean both;
    private boolean keeps;
    private int asked;
    private int silent;
    private Optional<String> complaint = Optional.empty();

    /** Lets the server refuse connections so many times from now on. */
    public void startsSlowly(int times) {
        silent = times;
    }

    /** Lets the server accept two passwords of a user, as MySQL and MariaDB do. */
    public void acceptsBoth() {
        both = true;
    }

    /** Lets the server keep an earlier password. */
    public void keepsEarlier() {
        keeps = true;
    }

    /** Whether a user gets in with a password. */
    public boolean accepts(String user, String password) {
        return password.equals(users.get(user)) || password.equals(earlier.get(user));
    }

    /** Passwords that are accepted besides, by user. */
    public Map<String, String> earlier() {
        return earlier;
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
        String user = env.getOrDefault("PORTOLAN_USER", "");
        String password = env.getOrDefault("PORTOLAN_PASSWORD", "");
        if (env.containsKey("PORTOLAN_DISCARD")) {
            if (keeps) {
                return new ExecResult(1, "ERROR 1227: Access denied");
            }
            users.put(user, password);
            earlier.remove(user);
            return new ExecResult(0, "");
        }
        asked++;
        if (silent > 0) {
            silent--;
            return new ExecResult(NOT_YET, "127.0.0.1:5432 - no response");
        }
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
        List<String> others = new ArrayList<>();
        for (int i = 1; env.containsKey("PORTOLAN_OTHER_" + i); i++) {
            others.add(env.getOrDefault("PORTOLAN_OTHER_" + i, ""));
        }
        if (!accepts(user, password)) {
            others.stream().filter(other -> accepts(user, other)).findFirst().ifPresent(old -> {
                users.put(user, password);
                earlier.remove(user);
                if (both) {
                    earlier.put(user, old);
                }
                made.add("changed the password of " + user);
            });
        }
        if (others.stream().anyMatch(other -> accepts(user, other))) {
            made.add("accepts an earlier password too");
        }
        return accepts(user, password)
                ? new ExecResult(0, String.join("\n", made))
                : new ExecResult(OTHER_PASSWORD, "FATAL: password authentication failed for user \"" + user + "\"");
    }
}
