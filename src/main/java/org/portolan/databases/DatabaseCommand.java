package org.portolan.databases;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.portolan.model.service.DatabaseSpec;
import org.portolan.model.service.ServiceSpec.EnvValue;

/**
 * The command that makes a database where it does not exist, for the container of its server. Names and passwords are in its
 * variables: the list of processes shows none. It prints what it made, or why it failed.
 *
 * @param words the command
 * @param env variables of the command
 */
public record DatabaseCommand(List<String> words, Map<String, String> env) {
    /** The exit status of a server that does not answer yet (EX_TEMPFAIL of sysexits.h). */
    public static final int NOT_YET = 75;
    /** The exit status when the user exists and has another password (EX_NOPERM of sysexits.h). */
    public static final int OTHER_PASSWORD = 77;
    /** What a line begins with that says what was made. */
    public static final String MADE = "made ";
    /** What a line begins with that says that the user has another password now. */
    public static final String CHANGED = "changed ";
    /** What a line begins with when the server accepts an earlier password besides. */
    public static final String LOOSE = "accepts an earlier ";
    /** How many earlier passwords are tried. */
    private static final int MOST = 5;

    /**
     * Makes what is missing, and gives the user its password if it has another one of these.
     *
     * @param others the other versions of the password, newest first
     */
    public static DatabaseCommand of(DatabaseSpec database, List<EnvValue> others) {
        Map<String, String> env = env(database);
        int tried = Math.min(MOST, others.size());
        env.put("PORTOLAN_OTHERS", Integer.toString(tried));
        boolean postgres = database.type() == DatabaseSpec.Type.POSTGRES;
        for (int i = 0; i < tried; i++) {
            String other = others.get(i).text();
            env.put("PORTOLAN_OTHER_" + (i + 1), other);
            if (!postgres) {
                env.put("PORTOLAN_BOTH_" + (i + 1), MysqlScript.both(database, other));
            }
        }
        if (!postgres) {
            env.put("PORTOLAN_SQL", MysqlScript.sql(database));
            env.put("PORTOLAN_RETAIN", MysqlScript.retain(database));
            env.put("PORTOLAN_ALTER", MysqlScript.alter(database));
        }
        return command(postgres, env);
    }

    /** Lets a server that said {@link #LOOSE} accept no password but the present one. PostgreSQL never says it. */
    public static DatabaseCommand discard(DatabaseSpec database) {
        Map<String, String> env = env(database);
        env.put("PORTOLAN_DISCARD", MysqlScript.discard(database));
        return command(false, env);
    }

    private static DatabaseCommand command(boolean postgres, Map<String, String> env) {
        return new DatabaseCommand(List.of("sh", "-c", postgres ? PostgresScript.TEXT : MysqlScript.TEXT), env);
    }

    private static Map<String, String> env(DatabaseSpec database) {
        Map<String, String> env = new TreeMap<>();
        env.put("PORTOLAN_USER", database.user());
        env.put("PORTOLAN_PASSWORD", database.password().text());
        env.put("PORTOLAN_DATABASE", database.database());
        env.put("PORTOLAN_ADMIN", database.admin());
        env.put("PORTOLAN_ADMIN_ENV", database.adminEnv());
        env.put("LC_ALL", "C");
        return env;
    }

    @Override
    public String toString() {
        return "DatabaseCommand[" + env.keySet() + "]";
    }
}
