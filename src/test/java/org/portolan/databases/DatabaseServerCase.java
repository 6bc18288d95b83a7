package org.portolan.databases;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.service.DatabaseSpec;
import org.portolan.model.service.ServiceSpec.EnvValue;

/** The command that makes databases, against a real server: on this machine instead of a container. */
@Tag("real")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DatabaseServerCase {
    static final String ADMIN_PASSWORD = "ro\"o't\\ $x";
    private static final String ODD = "p\\w'x\"$`y;--";

    @TempDir
    static Path folder;

    /** What a command said, and how it ended. */
    record Said(int exitCode, String output) {}

    abstract DatabaseSpec.Type type();

    /** Whether the server can accept two passwords of a user. */
    abstract boolean acceptsBoth();

    /** Starts the server and waits until it lets somebody in. */
    abstract void start() throws Exception;

    abstract void stop() throws Exception;

    /** Variables of the server's container. */
    abstract Map<String, String> container();

    /** Runs a statement as a user; the output's lines. */
    abstract Said query(DatabaseSpec as, String statement) throws Exception;

    @BeforeAll
    void serve() throws Exception {
        start();
    }

    @AfterAll
    void end() throws Exception {
        stop();
    }

    final DatabaseSpec database(String name, String password) {
        return database(name, password, "", "");
    }

    final DatabaseSpec database(String name, String password, String admin, String adminEnv) {
        EnvValue secret = new EnvValue(password, true);
        return new DatabaseSpec("shop", "db", type(), name, secret, name, admin, adminEnv, Duration.ofMinutes(1));
    }

    final Said make(DatabaseSpec database, Map<String, String> container) throws Exception {
        return run(DatabaseCommand.of(database, List.of()), database, container);
    }

    private Said run(DatabaseCommand command, DatabaseSpec database, Map<String, String> container) throws Exception {
        assertThat(command.words().toString())
                .doesNotContain(database.password().text());
        Map<String, String> env = new TreeMap<>(container);
        env.putAll(command.env());
        return run(command.words(), env);
    }

    final Said make(DatabaseSpec database) throws Exception {
        return make(database, container());
    }

    static Said run(List<String> words, Map<String, String> env) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv("PATH") + ":/usr/sbin:/sbin");
        builder.environment().putAll(env);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Said(process.exitValue(), output);
    }

    @Test
    void makesWhatIsMissingAndThenNothing() throws Exception {
        DatabaseSpec shop = database("shop_a", ODD);
        assertThat(make(shop)).isEqualTo(new Said(0, "made user shop_a\nmade database shop_a\n"));
        assertThat(query(shop, "CREATE TABLE t (n int)").exitCode()).isZero();
        assertThat(query(shop, "INSERT INTO t VALUES (42)").exitCode()).isZero();
        assertThat(make(shop)).isEqualTo(new Said(0, ""));
        assertThat(query(shop, "SELECT n FROM t").output()).isEqualTo("42\n");
    }

    @Test
    void namesAreQuoted() throws Exception {
        String name = "o'd\"d-`n; DROP";
        DatabaseSpec odd = database(name, "simple");
        assertThat(make(odd)).isEqualTo(new Said(0, "made user " + name + "\nmade database " + name + "\n"));
        assertThat(make(odd)).isEqualTo(new Said(0, ""));
    }

    @Test
    void anotherPasswordIsLeftAsItIs() throws Exception {
        DatabaseSpec shop = database("shop_b", "first");
        make(shop);
        Said refused = make(database("shop_b", "second"));
        assertThat(refused.exitCode()).isEqualTo(DatabaseCommand.OTHER_PASSWORD);
        assertThat(refused.output()).contains("shop_b");
        assertThat(query(shop, "SELECT 1").output()).isEqualTo("1\n");
    }

    private Said rotate(DatabaseSpec database, String... others) throws Exception {
        List<EnvValue> versions = new ArrayList<>();
        for (String other : others) {
            versions.add(new EnvValue(other, true));
        }
        return run(DatabaseCommand.of(database, versions), database, container());
    }

    @Test
    void anEarlierVersionOfThePasswordIsReplaced() throws Exception {
        DatabaseSpec first = database("shop_g", ODD);
        DatabaseSpec second = database("shop_g", "se'c\\o\"nd");
        make(first);
        assertThat(rotate(second, "never", ODD))
                .isEqualTo(new Said(
                        0,
                        "changed the password of shop_g\n"
                                + (acceptsBoth() ? "accepts an earlier password too\n" : "")));
        assertThat(query(second, "SELECT 1").output()).isEqualTo("1\n");
        assertThat(query(first, "SELECT 1").exitCode() == 0).isEqualTo(acceptsBoth());
        assertThat(rotate(second, ODD))
                .isEqualTo(new Said(0, acceptsBoth() ? "accepts an earlier password too\n" : ""));
        if (acceptsBoth()) {
            assertThat(run(DatabaseCommand.discard(second), second, container()))
                    .isEqualTo(new Said(0, ""));
            assertThat(query(first, "SELECT 1").exitCode()).isNotZero();
            assertThat(query(second, "SELECT 1").output()).isEqualTo("1\n");
        }
        // Back, as a rollback does.
        assertThat(rotate(first, "never", second.password().text()).exitCode()).isZero();
        assertThat(query(first, "SELECT 1").output()).isEqualTo("1\n");
        assertThat(rotate(database("shop_g", "third"), "never").exitCode()).isEqualTo(DatabaseCommand.OTHER_PASSWORD);
    }

    @Test
    void aWrongAdministratorIsSaid() throws Exception {
        Said refused = make(database("shop_c", "xyzzy-17", "nobody_knows", ""));
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.output()).contains("nobody_knows").doesNotContain(ADMIN_PASSWORD);
    }

    @Test
    void theAdministratorsPasswordMayBeInAFileAndInAnotherVariable() throws Exception {
        Files.writeString(folder.resolve("pw"), ADMIN_PASSWORD);
        Map<String, String> container = new TreeMap<>(container());
        container.values().removeIf(value -> value.equals(ADMIN_PASSWORD));
        container.put("OWN_FILE", folder.resolve("pw").toString());
        assertThat(make(database("shop_d", "xyzzy-17", "", "OWN"), container).exitCode())
                .isZero();
    }

    @Test
    void severalAtOnceDoNoHarm() throws Exception {
        DatabaseSpec shop = database("shop_e", ODD);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    make(shop);
                } catch (Exception failed) {
                    throw new AssertionError(failed);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(make(shop)).isEqualTo(new Said(0, ""));
        assertThat(query(shop, "SELECT 1").output()).isEqualTo("1\n");
    }

    @Test
    void aServerThatDoesNotAnswerIsToBeAskedAgain() throws Exception {
        Map<String, String> elsewhere = new TreeMap<>(container());
        elsewhere.put("PGPORT", "9");
        elsewhere.put("MYSQL_TCP_PORT", "9");
        assertThat(make(database("shop_f", "xyzzy-17"), elsewhere).exitCode()).isEqualTo(DatabaseCommand.NOT_YET);
    }
}
