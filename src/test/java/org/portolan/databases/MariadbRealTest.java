package org.portolan.databases;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.portolan.model.service.DatabaseSpec;

/** Databases in MariaDB, by the statements that MySQL understands too. */
class MariadbRealTest extends DatabaseServerCase {
    private static final String PORT = "13306";
    private @Nullable Process server;

    @Override
    DatabaseSpec.Type type() {
        return DatabaseSpec.Type.MARIADB;
    }

    @Override
    boolean acceptsBoth() {
        return true;
    }

    @Override
    Map<String, String> container() {
        return Map.of("MARIADB_ROOT_PASSWORD", ADMIN_PASSWORD, "MYSQL_TCP_PORT", PORT, "MYSQL_UNIX_PORT", socket());
    }

    private String socket() {
        return folder.resolve("s").toString();
    }

    @Override
    void start() throws Exception {
        Path data = folder.resolve("data");
        Said installed = run(
                List.of(
                        "mysql_install_db",
                        "--no-defaults",
                        "--datadir=" + data,
                        "--auth-root-authentication-method=normal",
                        "--user=root",
                        "--skip-test-db"),
                Map.of());
        assertThat(installed.exitCode()).as(installed.output()).isZero();
        server = new ProcessBuilder(
                        "/usr/sbin/mariadbd",
                        "--no-defaults",
                        "--datadir=" + data,
                        "--socket=" + socket(),
                        "--port=" + PORT,
                        "--bind-address=127.0.0.1",
                        "--user=root")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        String quoted = ADMIN_PASSWORD.replace("\\", "\\\\").replace("'", "''");
        Said said = new Said(1, "");
        for (int i = 0; i < 300 && said.exitCode() != 0; i++) {
            Thread.sleep(100);
            said = run(
                    List.of(
                            "mariadb",
                            "--no-defaults",
                            "-S",
                            socket(),
                            "-u",
                            "root",
                            "-e",
                            "ALTER USER root@localhost IDENTIFIED BY '" + quoted + "'"),
                    Map.of());
        }
        assertThat(said.exitCode())
                .as(said.output() + Files.readString(folder.resolve("log")))
                .isZero();
    }

    @Override
    void stop() throws Exception {
        if (server != null) {
            server.destroy();
            assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Override
    Said query(DatabaseSpec as, String statement) throws Exception {
        return run(
                List.of(
                        "mariadb",
                        "--no-defaults",
                        "-N",
                        "-B",
                        "-h",
                        "127.0.0.1",
                        "-P",
                        PORT,
                        "-u",
                        as.user(),
                        as.database(),
                        "-e",
                        statement),
                Map.of("MYSQL_PWD", as.password().text()));
    }
}
