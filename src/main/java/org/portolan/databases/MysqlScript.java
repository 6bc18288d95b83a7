package org.portolan.databases;

import org.portolan.model.service.DatabaseSpec;

/** What runs in the container of a MySQL or MariaDB server: POSIX shell around its client. */
final class MysqlScript {
    /**
     * The administrator comes over TCP, since the server of the official image listens there only once its first start is over;
     * one that lets its administrator in through the socket only is asked there.
     */
    static final String TEXT = """
            value() {
              eval "v=\\${$1-} f=\\${$1_FILE-}"
              if [ -n "$v" ]; then printf %s "$v"; elif [ -n "$f" ]; then cat "$f"; fi
            }
            client=$(command -v mariadb || command -v mysql) || { echo "neither mariadb nor mysql is in this container"; exit 127; }
            admin=${PORTOLAN_ADMIN:-root}
            if [ -n "$PORTOLAN_ADMIN_ENV" ]; then
              pw=$(value "$PORTOLAN_ADMIN_ENV")
            else
              pw=$(value MARIADB_ROOT_PASSWORD)
              pw=${pw:-$(value MYSQL_ROOT_PASSWORD)}
            fi
            tcp='--protocol=tcp -h 127.0.0.1'
            sql() { MYSQL_PWD=$pw "$client" -N -B --connect-timeout=5 --default-character-set=utf8mb4 $way -u "$admin"; }
            way=$tcp
            if ! refusal=$(echo 'SELECT 1' | sql 2>&1 >/dev/null); then
              case $refusal in *'ERROR 2002'*|*'ERROR 2003'*|*'ERROR 2013'*) echo "$refusal"; exit 75;; esac
              way=
              echo 'SELECT 1' | sql >/dev/null 2>&1 || { echo "$refusal"; exit 1; }
            fi
            if [ -n "${PORTOLAN_DISCARD-}" ]; then
              printf %s "$PORTOLAN_DISCARD" | sql 2>&1 || exit 1
              exit 0
            fi
            printf %s "$PORTOLAN_SQL" | sql 2>&1 || exit 1
            login() {
              refusal=$(echo 'SELECT 1' | MYSQL_PWD=$1 "$client" --connect-timeout=5 $tcp \\
                -u "$PORTOLAN_USER" "$PORTOLAN_DATABASE" 2>&1 >/dev/null)
            }
            earlier() {
              i=1
              while [ "$i" -le "${PORTOLAN_OTHERS:-0}" ]; do
                eval "other=\\$PORTOLAN_OTHER_$i"
                login "$other" && return 0
                i=$((i + 1))
              done
              return 1
            }
            if ! login "$PORTOLAN_PASSWORD"; then
              wrong=$refusal
              case $wrong in *'ERROR 1045'*) ;; *) echo "$wrong"; exit 1;; esac
              earlier || { echo "$wrong"; exit 77; }
              case $(echo 'SELECT VERSION()' | sql) in
                *MariaDB*) eval "both=\\$PORTOLAN_BOTH_$i";;
                *) both=$PORTOLAN_RETAIN;;
              esac
              printf %s "$both" | sql >/dev/null 2>&1 || printf %s "$PORTOLAN_ALTER" | sql 2>&1 || exit 1
              login "$PORTOLAN_PASSWORD" || { echo "$refusal"; exit 1; }
              echo "changed the password of $PORTOLAN_USER"
            fi
            if earlier; then echo "accepts an earlier password too"; fi
            exit 0
            """;

    private MysqlScript() {}

    private static String user(DatabaseSpec database) {
        return text(database.user()) + "@'%'";
    }

    private static String statements(String... each) {
        return "SET SESSION sql_mode = '';\n" + String.join(";\n", each) + ";\n";
    }

    private static String identified(DatabaseSpec database) {
        return "ALTER USER " + user(database) + " IDENTIFIED BY "
                + text(database.password().text());
    }

    /** Lets a MariaDB server (from 10.4 on) accept the present password and an earlier one. */
    static String both(DatabaseSpec database, String earlier) {
        String plugin = "mysql_native_password USING PASSWORD(";
        return statements("ALTER USER " + user(database) + " IDENTIFIED VIA " + plugin
                + text(database.password().text()) + ") OR " + plugin + text(earlier) + ")");
    }

    /** Lets a MySQL server (from 8.0.14 on) accept the present password and the one before it. */
    static String retain(DatabaseSpec database) {
        return statements(identified(database) + " RETAIN CURRENT PASSWORD");
    }

    /** Lets any server accept the present password only; MySQL keeps one that was retained. */
    static String alter(DatabaseSpec database) {
        return statements(identified(database));
    }

    /** As {@link #alter}, and nothing that was retained; MariaDB skips that comment, MySQL from 8.0.14 on does not. */
    static String discard(DatabaseSpec database) {
        return statements(identified(database), "/*!80014 ALTER USER " + user(database) + " DISCARD OLD PASSWORD */");
    }

    /** The statements; each changes nothing where its work is done. */
    static String sql(DatabaseSpec database) {
        String name = identifier(database.database());
        String user = user(database);
        // In the name of a grant, _ and % stand for any character.
        String granted = identifier(
                database.database().replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%"));
        return statements(
                "SELECT CONCAT('made user ', " + text(database.user()) + ") FROM DUAL WHERE NOT EXISTS"
                        + " (SELECT 1 FROM mysql.user WHERE User = " + text(database.user()) + " AND Host = '%')",
                "CREATE USER IF NOT EXISTS " + user + " IDENTIFIED BY "
                        + text(database.password().text()),
                "SELECT CONCAT('made database ', " + text(database.database()) + ") FROM DUAL WHERE NOT EXISTS"
                        + " (SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = "
                        + text(database.database()) + ")",
                "CREATE DATABASE IF NOT EXISTS " + name,
                "GRANT ALL PRIVILEGES ON " + granted + ".* TO " + user);
    }

    private static String identifier(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    /** A text in the mode that the first statement sets. */
    private static String text(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
