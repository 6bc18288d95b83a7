package org.portolan.servicefile.format;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.portolan.model.service.DatabaseSpec;

/** The keys of a database, under {@code Databases}. */
public final class DatabaseKeys {
    public static final String EXPOSE_AS = "expose_as";
    public static final String PORT = "port";

    public static final List<Key> ALL = List.of(
            Key.of(
                    DatabaseSpec.IN,
                    new Shapes.Text("a service's name"),
                    "required",
                    "The service of this deployment whose server holds it. Its container must have `sh` and the server's"
                            + " client (`psql`, `mariadb` or `mysql`), as the official images do.",
                    "{in: postgres}"),
            Key.of(
                    EXPOSE_AS,
                    new Shapes.Text("a prefix of variables"),
                    "`PG`, `MYSQL_`",
                    "What the variables begin with: `<PREFIX>USER`, `PASSWORD`, `DATABASE`, `HOST`, `PORT` and `URL`.",
                    "{in: postgres, expose_as: DATABASE_}"),
            Key.of(
                    DatabaseSpec.TYPE,
                    new Shapes.OneOf(Arrays.stream(DatabaseSpec.Type.values())
                            .map(DatabaseSpec.Type::word)
                            .toList()),
                    "by the image's name or port",
                    "What the server is.",
                    "{in: db, type: postgres}"),
            Key.of(
                    DatabaseSpec.USER,
                    new Shapes.Text("a user's name"),
                    "the name, `_` for `-`",
                    "The user that owns it.",
                    "{in: postgres, user: shop_app}"),
            Key.of(
                    DatabaseSpec.DATABASE,
                    new Shapes.Text("a database's name"),
                    "the name, `_` for `-`",
                    "Its name in the server.",
                    "{in: postgres, database: shop_data}"),
            Key.of(
                    PORT,
                    new Shapes.Text("a port's name"),
                    "the main one",
                    "The port of the service, where it has several.",
                    "{in: postgres, port: sql}"),
            Key.of(
                    DatabaseSpec.ADMIN,
                    new Shapes.Text("a user's name"),
                    "`POSTGRES_USER` or `postgres`; `root`",
                    "The server's administrator, who makes it.",
                    "{in: postgres, admin: owner}"),
            Key.of(
                    DatabaseSpec.ADMIN_ENV,
                    new Shapes.Text("a variable's name"),
                    "`POSTGRES_PASSWORD`; `MARIADB_ROOT_PASSWORD` or `MYSQL_ROOT_PASSWORD`",
                    "The variable of the server's container with the administrator's password; with `_FILE` behind its name,"
                            + " that of a file with it.",
                    "{in: postgres, admin: owner, admin_env: OWNER_PASSWORD}"),
            Key.withDefault(
                    DatabaseSpec.TIMEOUT,
                    new Shapes.Time(Duration.ofSeconds(1)),
                    DatabaseSpec.USUAL_TIMEOUT,
                    "How long the server may take until it lets the administrator in, counted from when its service serves.",
                    "{in: postgres, timeout: 5m}"));

    private DatabaseKeys() {}
}
