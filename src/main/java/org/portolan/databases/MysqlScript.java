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
            printf %s "$PORTOLAN_SQL" | sql 2>&1 || exit 1
            refusal=$(echo 'SELECT 1' | MYSQL_PWD=$PORTOLAN_PASSWORD "$client" --connect-timeout=5 $tcp \\
              -u "$PORTOLAN_USER" "$PORTOLAN_DATABASE" 2>&1 >/dev/null) && exit 0
            echo "$refusal"
            case $refusal in *'ERROR 1045'*) exit 77;; esac
            exit 1
            """;

    private MysqlScript() {}

    /** The statements; each changes nothing where its work is done. */
    static String sql(DatabaseSpec database) {
        String name = identifier(database.database());
        String user = text(database.user()) + "@'%'";
        // In the name of a grant, _ and % stand for any character.
        String granted = identifier(
                database.database().replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%"));
        return String.join(
                ";\n",
                "SET SESSION sql_mode = ''",
                "SELECT CONCAT('made user ', " + text(database.user()) + ") FROM DUAL WHERE NOT EXISTS"
                        + " (SELECT 1 FROM mysql.user WHERE User = " + text(database.user()) + " AND Host = '%')",
                "CREATE USER IF NOT EXISTS " + user + " IDENTIFIED BY "
                        + text(database.password().text()),
                "SELECT CONCAT('made database ', " + text(database.database()) + ") FROM DUAL WHERE NOT EXISTS"
                        + " (SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = "
                        + text(database.database()) + ")",
                "CREATE DATABASE IF NOT EXISTS " + name,
                "GRANT ALL PRIVILEGES ON " + granted + ".* TO " + user,
                "");
    }

    private static String identifier(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    /** A text in the mode that the first statement sets. */
    private static String text(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
