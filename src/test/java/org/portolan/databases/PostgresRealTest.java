package org.portolan.databases;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.portolan.model.service.DatabaseSpec;
import org.portolan.model.service.ServiceSpec.EnvValue;

/** Databases in PostgreSQL. */
class PostgresRealTest extends DatabaseServerCase {
    private static final String PORT = "15432";
    private Path home = Path.of("/nowhere");
    private Path programs = Path.of("/nowhere");

    @Override
    DatabaseSpec.Type type() {
        return DatabaseSpec.Type.POSTGRES;
    }

    @Override
    boolean acceptsBoth() {
        return false;
    }

    @Override
    Map<String, String> container() {
        return Map.of("POSTGRES_PASSWORD", ADMIN_PASSWORD, "PGPORT", PORT);
    }

    /** PostgreSQL does not run as root. */
    private Said asPostgres(String... words) throws Exception {
        List<String> all = Stream.concat(Stream.of("runuser", "-u", "postgres", "--"), Stream.of(words))
                .toList();
        Said said = run(all, Map.of("LC_ALL", "C"));
        assertThat(said.exitCode()).as(said.output()).isZero();
        return said;
    }

    @Override
    void start() throws Exception {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            programs = versions.max(Path::compareTo).orElseThrow().resolve("bin");
        }
        // Its own folder: a temporary folder of the test is root's.
        home = Files.createTempDirectory("postgres");
        Path password = home.resolve("password");
        Files.writeString(password, ADMIN_PASSWORD);
        assertThat(run(List.of("chown", "-R", "postgres", home.toString()), Map.of())
                        .exitCode())
                .isZero();
        asPostgres(
                programs.resolve("initdb").toString(),
                "-D",
                home.resolve("data").toString(),
                "-U",
                "postgres",
                "--pwfile=" + password,
                "-A",
                "scram-sha-256");
        Files.writeString(
                home.resolve("data/postgresql.conf"),
                "listen_addresses = '*'\nport = " + PORT + "\nunix_socket_directories = '" + home
                        + "'\nlog_statement = all\nlog_min_duration_statement = 0\n");
        asPostgres(
                programs.resolve("pg_ctl").toString(),
                "-D",
                home.resolve("data").toString(),
                "-l",
                home.resolve("log").toString(),
                "-w",
                "start");
    }

    @Override
    void stop() throws Exception {
        asPostgres(
                programs.resolve("pg_ctl").toString(),
                "-D",
                home.resolve("data").toString(),
                "-m",
                "fast",
                "stop");
        assertThat(run(List.of("rm", "-rf", home.toString()), Map.of()).exitCode())
                .isZero();
    }

    @Override
    Said query(DatabaseSpec as, String statement) throws Exception {
        Map<String, String> env =
                new TreeMap<>(Map.of("PGPASSWORD", as.password().text(), "PGPORT", PORT));
        return run(
                List.of("psql", "-XqAt", "-h", "127.0.0.1", "-U", as.user(), "-d", as.database(), "-c", statement),
                env);
    }

    @Test
    void theServersLogHasNoPassword() throws Exception {
        make(database("shop_log", "first-hunter2"));
        DatabaseSpec changed = database("shop_log", "hunter2hunter2");
        DatabaseCommand command = DatabaseCommand.of(changed, List.of(new EnvValue("first-hunter2", true)));
        Map<String, String> env = new TreeMap<>(container());
        env.putAll(command.env());
        assertThat(run(command.words(), env).output()).isEqualTo("changed the password of shop_log\n");
        assertThat(Files.readString(home.resolve("log"))).contains("SELECT 1").doesNotContain("hunter2");
    }
}
