package org.portolan.servicefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.portolan.model.service.DatabaseSpec;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Desired;
import org.portolan.model.service.GenerateSpec;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.service.ServiceSpec.EnvValue;
import org.portolan.model.service.ValueFilling;

/** What the section {@code Databases} means for the services that require a database, and for all others. */
class DatabasesSectionTest {
    private static final String SERVER = "postgres: {image: \"postgres:16\", port: 5432}\n";
    private static final String SHOP = "Databases: {my-shop: {in: postgres}}\n" + SERVER;

    private static ServiceSpec web(Desired desired) {
        return ServiceSpec.from("web", LoadedFile.at(desired.services(), "web").definition());
    }

    private static Map<String, String> inherited(ServiceSpec spec) {
        Map<String, String> texts = new TreeMap<>();
        spec.inheritedEnv().forEach((name, value) -> texts.put(name, value.text()));
        return texts;
    }

    @Test
    void whoRequiresItWaitsForItsServerAndGetsItsVariables() {
        Desired desired = LoadedFile.one(SHOP + "web: {require: [my-shop, cache]}\ncache: {}\n");
        ServiceSpec web = web(desired);
        assertThat(web.require()).containsExactly("cache", "postgres");
        assertThat(inherited(web))
                .isEqualTo(Map.of(
                        "PGUSER", "my_shop",
                        "PGPASSWORD", "{Database_my_shop}",
                        "PGDATABASE", "my_shop",
                        "PGHOST", "{POSTGRES_HOST}",
                        "PGPORT", "{POSTGRES_PORT}",
                        "PGURL", "postgresql://my_shop:{Database_my_shop}@{POSTGRES_HOST}:{POSTGRES_PORT}/my_shop"));
        DatabaseSpec database = web.databases().getFirst();
        assertThat(database.in()).isEqualTo("postgres");
        assertThat(database.type()).isEqualTo(DatabaseSpec.Type.POSTGRES);
        assertThat(desired.generated())
                .isEqualTo(Map.of("Database_my_shop", new GenerateSpec(GenerateSpec.Kind.PASSWORD, 32)));
    }

    /** It may come with a later deploy, or be set by hand; until then what requires the database is held. */
    @Test
    void aServerThatIsNotInTheFileNeedsAType() {
        Desired desired = LoadedFile.one(
                "Databases: {shop: {in: maindb, type: mariadb, port: sql}}\nweb: {require: [shop]}\ncache: {}\n");
        ServiceSpec web = web(desired);
        assertThat(web.require()).containsExactly("maindb");
        assertThat(web.databases().getFirst().in()).isEqualTo("maindb");
        assertThat(inherited(web)).containsEntry("MYSQL_PORT", "{MAINDB_PORT_SQL}");
    }

    @Test
    void theServerAndWhoDoesNotRequireItStayAsTheyWere() {
        String plain = SERVER + "web: {image: web, require: [postgres]}\n";
        Desired before = LoadedFile.one(plain);
        Desired after = LoadedFile.one("Databases: {shop: {in: postgres}}\n" + plain + "b: {require: [shop]}\n");
        for (String service : List.of("postgres", "web")) {
            assertThat(LoadedFile.at(after.services(), service).definition().hash())
                    .isEqualTo(LoadedFile.at(before.services(), service)
                            .definition()
                            .hash());
        }
    }

    @Test
    void aJobThatRequiresItBringsItToItsService() {
        Desired desired =
                LoadedFile.one(SHOP + "web: {}\nExec: {Schema: {service: web, cmd: x, require: [my-shop]}}\n");
        ServiceSpec web = web(desired);
        assertThat(web.require()).isEmpty();
        assertThat(web.jobs().getFirst().require()).containsExactly("postgres");
        assertThat(web.databases()).hasSize(1);
        assertThat(inherited(web)).containsKey("PGURL");
    }

    @Test
    void whatTheFileSaysWinsOverItsVariables() {
        ServiceSpec web = web(LoadedFile.one(
                "Env: {PGHOST: pool, PGPORT: \"6432\"}\n" + SHOP + "web: {require: my-shop, env: {PGPORT: \"1\"}}\n"));
        assertThat(inherited(web)).containsEntry("PGHOST", "pool").doesNotContainKey("PGPORT");
        assertThat(web.env()).containsEntry("PGPORT", new EnvValue("1", false));
    }

    @Test
    void itsPasswordIsASecretWhereverItStands() {
        Definition web = LoadedFile.at(
                        LoadedFile.one(SHOP
                                        + "web: {require: my-shop, env: {PGPASSWORD: x, PGURL: y}}\n"
                                        + "Exec: {Schema: {service: web, cmd: \"run {Database_my_shop}\"}}\n")
                                .services(),
                        "web")
                .definition();
        Definition filled = ValueFilling.generated(web, Map.of("Database_my_shop", "hunter2"));
        ServiceSpec spec = ServiceSpec.from("web", filled);
        assertThat(spec.databases().getFirst().password()).isEqualTo(new EnvValue("hunter2", true));
        assertThat(spec.jobs().getFirst().command().getLast()).isEqualTo("run hunter2");
        assertThat(filled.masked().keys().toString()).doesNotContain("hunter2");
        assertThat(spec.databases().toString()).doesNotContain("hunter2");
        assertThat(ValueFilling.texts(web).values()).contains("{Database_my_shop}", "run {Database_my_shop}");
    }

    @ParameterizedTest
    @CsvSource({
        "registry.example.org/company/postgis:16, 1, POSTGRES, PG, postgresql",
        "bitnami/mariadb, 1, MARIADB, MYSQL_, mysql",
        "percona-server:8, 1, MYSQL, MYSQL_, mysql",
        "company/db, 3306, MARIADB, MYSQL_, mysql",
        "company/db, 5432, POSTGRES, PG, postgresql",
    })
    void theServerIsToldByItsImageOrItsPort(
            String image, int port, DatabaseSpec.Type type, String prefix, String scheme) {
        ServiceSpec web = web(LoadedFile.one("Databases: {shop: {in: db}}\ndb: {image: \"" + image + "\", port: " + port
                + "}\nweb: {require: shop}\n"));
        assertThat(web.databases().getFirst().type()).isEqualTo(type);
        assertThat(inherited(web).get(prefix + "URL"))
                .startsWith(scheme + "://shop:{Database_shop}@{DB_HOST}:{DB_PORT}");
    }

    @Test
    void eachPartCanBeSaid() {
        ServiceSpec web = web(LoadedFile.one("Databases: {shop: {in: db, type: mysql, expose_as: DATABASE_, user: u,"
                + " database: d, port: sql, admin: boss, admin_env: BOSS_PW, timeout: 5m}}\n"
                + "db: {image: x, ports: {http: 80, sql: 3306}}\nweb: {require: shop}\n"));
        DatabaseSpec database = web.databases().getFirst();
        assertThat(database.admin()).isEqualTo("boss");
        assertThat(database.adminEnv()).isEqualTo("BOSS_PW");
        assertThat(database.timeout()).hasMinutes(5);
        assertThat(inherited(web)).containsEntry("DATABASE_URL", "mysql://u:{Database_shop}@{DB_HOST}:{DB_PORT_SQL}/d");
    }
}
