package org.portolan.config;

import static org.portolan.config.ConfigKey.*;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.Durations;
import org.portolan.model.FreezeWindow;
import org.portolan.model.InvalidInput;
import org.portolan.model.Nearest;
import org.portolan.model.Position;
import org.portolan.model.Problem;
import org.portolan.store.RedisAddress;

/** Puts the configuration together: defaults, then the file, then environment variables. */
final class ConfigReader {
    /** Twice as long as the API's streams are silent at most. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private static final List<String> SECTIONS =
            List.of(ConfigSources.SECTION, ConfigNotifications.SECTION, ConfigFreezes.SECTION);
    private static final long SMALLEST_LOG = 64L << 10;
    private static final long LARGEST_LOG = 16L << 30;
    private static final Duration SHORTEST_AGE = Duration.ofHours(1);

    private ConfigReader() {}

    /**
     * Reads the configuration.
     *
     * @param entries the file's; empty when there is none
     * @param home the state directory
     * @param base what relative paths in the file start at
     * @throws InvalidInput with every fault at once
     */
    static Configuration read(List<ConfigEntry> entries, Map<String, String> environment, Path home, Path base) {
        Values values = new Values();
        List<ConfigEntry> ofSources = new ArrayList<>();
        List<ConfigEntry> ofNotifications = new ArrayList<>();
        List<ConfigEntry> ofFreezes = new ArrayList<>();
        for (ConfigEntry entry : entries) {
            ConfigKey key = key(entry.path());
            if (ConfigSources.isIn(entry)) {
                ofSources.add(entry);
            } else if (ConfigNotifications.isIn(entry)) {
                ofNotifications.add(entry);
            } else if (ConfigFreezes.isIn(entry)) {
                ofFreezes.add(entry);
            } else if (key == null) {
                values.problem(unknown(entry));
            } else {
                values.set(key, entry);
            }
        }
        ofEnvironment(environment).forEach(values::set);
        List<Problem> faults = new ArrayList<>();
        List<SourceSettings> sources = ConfigSources.read(
                section(ConfigSources.VARIABLE, ConfigSources.SECTION, ofSources, environment), base, home, faults);
        List<NotificationSettings> notifications = ConfigNotifications.read(
                section(ConfigNotifications.VARIABLE, ConfigNotifications.SECTION, ofNotifications, environment),
                base,
                faults);
        List<FreezeWindow> freezes = ConfigFreezes.read(ofFreezes, faults);
        faults.forEach(values::problem);
        Configuration configuration = configuration(values, home, base, sources, notifications, freezes);
        if (values.problems().isEmpty()) {
            check(configuration, values);
        }
        if (!values.problems().isEmpty()) {
            throw new InvalidInput(values.problems());
        }
        return configuration;
    }

    private static Map<ConfigKey, ConfigEntry> ofEnvironment(Map<String, String> environment) {
        Map<ConfigKey, ConfigEntry> given = new EnumMap<>(ConfigKey.class);
        for (ConfigKey key : ConfigKey.values()) {
            String value = environment.get(key.variable());
            if (value != null && !value.isBlank()) {
                given.put(key, new ConfigEntry(key.path(), List.of(value), Position.of(key.variable())));
            }
        }
        return given;
    }

    /** What is written of each key, without its place; keys that have their default are left out. */
    static Map<ConfigKey, List<String>> written(List<ConfigEntry> entries, Map<String, String> environment) {
        Map<ConfigKey, List<String>> written = new EnumMap<>(ConfigKey.class);
        for (ConfigEntry entry : entries) {
            ConfigKey key = key(entry.path());
            if (key != null) {
                written.put(key, entry.items());
            }
        }
        ofEnvironment(environment).forEach((key, entry) -> written.put(key, entry.items()));
        return written;
    }

    /** The variable's in place of the file's, as for every key. */
    private static List<ConfigEntry> section(
            String variable, String section, List<ConfigEntry> ofFile, Map<String, String> environment) {
        String text = environment.getOrDefault(variable, "");
        return text.isBlank() ? ofFile : ConfigFile.section(variable, section, text);
    }

    private static Configuration configuration(
            Values values,
            Path home,
            Path base,
            List<SourceSettings> sources,
            List<NotificationSettings> notifications,
            List<FreezeWindow> freezes) {
        return new Configuration(
                redis(values),
                values.has(REDIS_PREFIX) ? Optional.of(values.name(REDIS_PREFIX)) : Optional.empty(),
                new Configuration.Edge(
                        values.addresses(EDGE_ADDRESS),
                        values.port(EDGE_HTTP),
                        values.port(EDGE_HTTPS),
                        values.size(EDGE_UPLOAD),
                        values.duration(EDGE_TIMEOUT),
                        values.networks(EDGE_TRUSTED),
                        values.flag(EDGE_PROXY_PROTOCOL),
                        new Configuration.AccessLog(
                                values.size(ACCESS_LOG_SIZE),
                                values.number(ACCESS_LOG_FILES, 1, 1000),
                                values.duration(ACCESS_LOG_AGE))),
                new Configuration.Mesh(values.addresses(MESH_ADDRESS), ports(values, MESH_PORTS)),
                new Configuration.Stats(
                        values.addresses(STATS_ADDRESS),
                        values.port(STATS_PORT),
                        values.name(STATS_USER),
                        secret(values, STATS_PASSWORD)),
                new Configuration.Proxies(
                        values.path(PROXY_TEMPLATES, base),
                        proxy(values, base, HAPROXY_DRIVER, HAPROXY_PROGRAM, HAPROXY_FOLDER, HAPROXY_RELOAD)
                                .with(values.path(HAPROXY_SOCKET, base)),
                        proxy(values, base, NGINX_DRIVER, NGINX_PROGRAM, NGINX_FOLDER, NGINX_RELOAD)),
                new Configuration.NetworkPool(values.network(NETWORK_POOL), values.number(NETWORK_PREFIX, 16, 29)),
                new Configuration.Instances(values.address(INSTANCES_ADDRESS), ports(values, INSTANCES_PORTS)),
                values.path(DATA, base).orElse(home.resolve("data").toAbsolutePath()),
                new Configuration.Deploy(
                        values.number(PARALLEL, 1, 1000),
                        values.number(KEEP_RELEASES, 1, 1000),
                        values.flag(CLEAN_IMAGES),
                        values.duration(LOCK_WAIT)),
                new Configuration.Control(
                        reports(values),
                        values.duration(CONTROLLER_UNHEALTHY_AFTER),
                        values.number(CONTROLLER_UNHEALTHY_ATTEMPTS, 1, 100)),
                new Configuration.Api(
                        values.address(API_ADDRESS),
                        values.portOrOff(API_PORT),
                        tls(values, base),
                        Optional.of(values.host(API_DOMAIN))
                                .filter(name -> !name.isEmpty())
                                .map(name -> new Configuration.PublicName(name, values.at(API_DOMAIN)))),
                new Configuration.Git(values.address(GIT_ADDRESS), values.port(GIT_PORT), values.size(GIT_MAX_PACK)),
                values.duration(ENGINE_DEADLINE),
                sources,
                notifications,
                freezes,
                values.words(SECRET_NAMES));
    }

    private static Optional<Configuration.Tls> tls(Values values, Path base) {
        Optional<Path> certificate = values.path(API_CERT, base);
        Optional<Path> key = values.path(API_KEY, base);
        if (certificate.isEmpty() && key.isPresent()) {
            values.problem(Problem.error(values.at(API_KEY), "api.key is set and api.cert is not")
                    .withHint("set both, or put the key into the file of api.cert"));
        }
        return certificate.map(file -> new Configuration.Tls(file, key.orElse(file)));
    }

    private static boolean reports(Values values) {
        String word = values.text(CONTROLLER_SYNC);
        if (!word.equals("auto") && !word.equals("report")) {
            values.wrong(CONTROLLER_SYNC, "'" + word + "'");
        }
        return word.equals("report");
    }

    /** What each value alone does not show. */
    private static void check(Configuration configuration, Values values) {
        if (configuration.mesh().ports().overlaps(configuration.instances().ports())) {
            values.wrong(INSTANCES_PORTS, "a range that overlaps mesh.ports");
        }
        if (configuration.edge().http() == configuration.edge().https()) {
            values.wrong(EDGE_HTTPS, "the same as edge.http");
        }
        if (configuration.edge().proxyProtocol()
                && configuration.edge().trusted().isEmpty()) {
            values.wrong(EDGE_PROXY_PROTOCOL, "true without edge.trusted_proxies");
        }
        long size = configuration.edge().log().size();
        if (size < SMALLEST_LOG || size > LARGEST_LOG) {
            values.problem(Problem.error(values.at(ACCESS_LOG_SIZE), "access_log.size should be from 64k to 16g"));
        }
        if (configuration.edge().log().age().compareTo(SHORTEST_AGE) < 0) {
            values.problem(Problem.error(values.at(ACCESS_LOG_AGE), "access_log.age should be at least 1h"));
        }
        boolean sharedAddress = ListenAddresses.overlap(
                configuration.edge().addresses(), configuration.stats().addresses());
        if (sharedAddress
                && configuration.stats().port() == configuration.edge().http()) {
            values.wrong(STATS_PORT, "the same as edge.http");
        }
        if (sharedAddress
                && configuration.stats().port() == configuration.edge().https()) {
            values.wrong(STATS_PORT, "the same as edge.https");
        }
        String pool = configuration.network().pool();
        if (Values.digits(pool.substring(pool.indexOf('/') + 1))
                > configuration.network().prefix()) {
            values.wrong(NETWORK_PREFIX, "larger than network.pool");
        }
        if (configuration.git().maxPack() <= 0) {
            values.wrong(GIT_MAX_PACK, "nothing");
        }
        if (configuration.engineDeadline().isZero()) {
            values.wrong(ENGINE_DEADLINE, "nothing");
        }
        configuration.api().domain().ifPresent(domain -> domain(configuration, domain, values));
        needs(values, configuration.proxies().haproxy(), HAPROXY_FOLDER, HAPROXY_RELOAD);
        needs(values, configuration.proxies().nginx(), NGINX_FOLDER, NGINX_RELOAD);
    }

    private static void domain(Configuration configuration, Configuration.PublicName domain, Values values) {
        if (configuration.proxies().haproxy().system()) {
            values.problem(Problem.error(domain.at(), "api.domain with proxy.haproxy.driver: system")
                    .withHint(
                            "that HAProxy may be confined to a folder: let Portolan start HAProxy, or use api.address, api.cert"
                                    + " and api.key instead"));
        }
        if (configuration.edge().timeout().compareTo(SILENCE) < 0) {
            values.problem(Problem.error(
                            domain.at(), "api.domain with an edge.timeout of less than " + Durations.format(SILENCE))
                    .withHint("streams of the API are silent for up to 15s: set edge.timeout to "
                            + Durations.format(SILENCE) + " or more"));
        }
    }

    private static void needs(Values values, Configuration.ProxyProgram proxy, ConfigKey folder, ConfigKey reload) {
        if (proxy.system() && proxy.folder().isEmpty()) {
            values.wrong(folder, "missing: the driver is 'system'");
        }
        if (proxy.system() && proxy.reload().isEmpty()) {
            values.wrong(reload, "missing: the driver is 'system'");
        }
    }

    private static Configuration.ProxyProgram proxy(
            Values values, Path base, ConfigKey driver, ConfigKey program, ConfigKey folder, ConfigKey reload) {
        String name = values.text(driver);
        if (!name.equals("process") && !name.equals("system")) {
            values.wrong(driver, "'" + name + "'");
        }
        List<String> command = new ArrayList<>();
        for (String word : values.text(reload).split(" ", -1)) {
            if (!word.isEmpty()) {
                command.add(word);
            }
        }
        return new Configuration.ProxyProgram(
                name.equals("system"), values.text(program), values.path(folder, base), command, Optional.empty());
    }

    private static Optional<Configuration.StoreAddress> redis(Values values) {
        String url = values.text(REDIS);
        if (url.isEmpty()) {
            return Optional.empty();
        }
        Position at = values.at(REDIS);
        String place = at.line() == 0 ? at.file() : REDIS.path() + " (" + at + ")";
        try {
            return Optional.of(new Configuration.StoreAddress(RedisAddress.parse(url), place));
        } catch (RedisAddress.Malformed malformed) {
            values.problem(Problem.error(at, "not the address of a Redis server: " + malformed.reason())
                    .withHint("use " + RedisAddress.FORM));
            return Optional.empty();
        }
    }

    private static Optional<Configuration.Secret> secret(Values values, ConfigKey key) {
        String text = values.text(key);
        return text.isEmpty() ? Optional.empty() : Optional.of(new Configuration.Secret(text));
    }

    private static Configuration.Ports ports(Values values, ConfigKey key) {
        int[] range = values.range(key);
        return new Configuration.Ports(range[0], range[1]);
    }

    private static @org.jspecify.annotations.Nullable ConfigKey key(String path) {
        for (ConfigKey key : ConfigKey.values()) {
            if (key.path().equals(path)) {
                return key;
            }
        }
        return null;
    }

    /** Whether there is a key of that path, or below it. */
    static boolean knows(String path) {
        for (ConfigKey key : ConfigKey.values()) {
            if (key.path().equals(path) || key.path().startsWith(path + ".")) {
                return true;
            }
        }
        return SECTIONS.contains(path.split("\\.", 2)[0]);
    }

    private static Problem unknown(ConfigEntry entry) {
        List<String> paths = new ArrayList<>();
        for (ConfigKey key : ConfigKey.values()) {
            paths.add(key.path());
        }
        List<String> sections = SECTIONS;
        paths.addAll(sections);
        String section = entry.path().split("\\.", 2)[0];
        Problem problem = Problem.error(entry.at(), "unknown key '" + entry.path() + "'");
        return Nearest.of(entry.path(), paths)
                .or(() -> Nearest.of(section, sections))
                .map(nearest -> problem.withHint("did you mean '" + nearest + "'?"))
                .orElse(problem.withHint("docs/configuration.md lists every key"));
    }
}
