package org.portolan.databases;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.portolan.model.service.DatabaseSpec;

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

    public static DatabaseCommand of(DatabaseSpec database) {
        Map<String, String> env = new TreeMap<>();
        env.put("PORTOLAN_USER", database.user());
        env.put("PORTOLAN_PASSWORD", database.password().text());
        env.put("PORTOLAN_DATABASE", database.database());
        env.put("PORTOLAN_ADMIN", database.admin());
        env.put("PORTOLAN_ADMIN_ENV", database.adminEnv());
        env.put("LC_ALL", "C");
        boolean postgres = database.type() == DatabaseSpec.Type.POSTGRES;
        if (!postgres) {
            env.put("PORTOLAN_SQL", MysqlScript.sql(database));
        }
        return new DatabaseCommand(List.of("sh", "-c", postgres ? PostgresScript.TEXT : MysqlScript.TEXT), env);
    }

    @Override
    public String toString() {
        return "DatabaseCommand[" + env.keySet() + "]";
    }
}
