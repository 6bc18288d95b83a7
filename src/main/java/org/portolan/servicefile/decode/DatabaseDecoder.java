package org.portolan.servicefile.decode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Nearest;
import org.portolan.model.service.DatabaseSpec;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Desired.DesiredService;
import org.portolan.model.service.GenerateSpec;
import org.portolan.model.service.JobSpec;
import org.portolan.model.service.Placeholders;
import org.portolan.model.service.TcpRange;
import org.portolan.servicefile.format.DatabaseKeys;
import org.portolan.servicefile.format.Fields;
import org.portolan.servicefile.format.Names;
import org.portolan.servicefile.format.PortNames;
import org.portolan.servicefile.format.Reading;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/**
 * Reads the databases of a file and adds each to the services that require it: what is to be made, and the variables that lead
 * to it. The service that holds the database stays as it is, so that a new database does not replace the server.
 */
public final class DatabaseDecoder {
    private static final Fields DATABASE = new Fields("a database", DatabaseKeys.ALL, true);
    private static final String REQUIRE = "require";
    private static final String INHERITED_ENV = "inherited_env";
    private static final int PASSWORD_LENGTH = 32;
    private static final int LONGEST = 63;
    /** What needs no quotes in a URL. */
    private static final Pattern SQL_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final SortedMap<String, DesiredService> services;
    private final Map<String, YamlNode.Entry> entries;
    private final Reading in;
    private final Map<String, Declared> databases = new LinkedHashMap<>();

    /**
     * @param services get the databases that they require
     * @param entries every service of the file, also those with a fault
     */
    public DatabaseDecoder(
            SortedMap<String, DesiredService> services, Map<String, YamlNode.Entry> entries, Reading in) {
        this.services = services;
        this.entries = entries;
        this.in = in;
    }

    /**
     * A database of the file.
     *
     * @param keys its part of a definition; empty: it has a fault
     * @param env variables, without their prefix
     */
    private record Declared(
            YamlNode.Entry entry,
            String service,
            String prefix,
            SortedMap<String, Object> keys,
            Map<String, Object> env) {}

    /**
     * Reads the section.
     *
     * @param jobs every job of the file, also those with a fault
     * @return the entries of all databases by name, also those with a fault
     */
    public Map<String, YamlNode.Entry> read(@Nullable YamlNode section, Map<String, YamlNode.Entry> jobs) {
        Map<String, YamlNode.Entry> all = new LinkedHashMap<>();
        if (section == null || YamlNode.isNull(section)) {
            return all;
        }
        if (!(section instanceof YamlNode.Mapping mapping)) {
            in.fault(
                    section,
                    "expected a map of databases, found " + in.found(section),
                    "for example: Databases: {shop: {in: postgres}}");
            return all;
        }
        for (YamlNode.Entry entry : mapping.entries()) {
            all.put(entry.key().text(), entry);
            Declared declared = declared(entry, jobs);
            if (declared != null) {
                databases.put(entry.key().text(), declared);
            }
        }
        Set<String> used = new LinkedHashSet<>();
        services.replaceAll((name, service) -> with(service, used));
        databases.forEach((name, declared) -> {
            if (!used.contains(name) && !in.problems().hasErrors()) {
                in.problems()
                        .warning(
                                declared.entry().key().at(),
                                "no service requires the database " + Wording.quote(name),
                                "it is made for the services that do: require: [" + Wording.clip(name) + "]");
            }
        });
        return all;
    }

    /** How the passwords are generated, by the names of the values. */
    public SortedMap<String, GenerateSpec> passwords() {
        SortedMap<String, GenerateSpec> passwords = new TreeMap<>();
        databases
                .keySet()
                .forEach(name -> passwords.put(
                        DatabaseSpec.passwordName(name),
                        new GenerateSpec(GenerateSpec.Kind.PASSWORD, PASSWORD_LENGTH)));
        return passwords;
    }

    private @Nullable Declared declared(YamlNode.Entry entry, Map<String, YamlNode.Entry> jobs) {
        String name = entry.key().text();
        String fault = Names.checkName(name);
        YamlNode.Entry same = entries.getOrDefault(name, jobs.get(name));
        if (fault != null) {
            in.fault(entry.key(), "invalid database name " + in.found(entry.key()) + ": " + fault);
        } else if (same != null) {
            in.fault(
                    entry.key(),
                    "a database and a " + (entries.containsKey(name) ? "service" : "job") + " are both named "
                            + Wording.quote(name),
                    "rename the database; the other one: " + same.key().at());
            return null;
        }
        SortedMap<String, Object> keys = DATABASE.read(entry.value(), in);
        YamlNode named = entry.value() instanceof YamlNode.Mapping body ? body.get(DatabaseSpec.IN) : null;
        Declared faulty = new Declared(entry, "", "", new TreeMap<>(), Map.of());
        if (named == null || YamlNode.isNull(named)) {
            if (keys != null || YamlNode.isNull(entry.value())) {
                in.fault(
                        entry.key(),
                        "the database " + Wording.quote(name) + " does not say which service it is in",
                        "for example: " + Wording.clip(name) + ": {in: postgres}");
            }
            return faulty;
        }
        if (keys == null || !(keys.get(DatabaseSpec.IN) instanceof String service)) {
            return faulty;
        }
        boolean elsewhere = keys.containsKey(DatabaseSpec.TYPE)
                && Nearest.of(service, entries.keySet()).isEmpty();
        if (!entries.containsKey(service) && elsewhere) {
            // What requires it is held until a deploy brings the server; so it is said there.
            DesiredService missing = new DesiredService(service, Definition.of(Map.of()), 0, named.at());
            return complete(entry, named, missing, keys);
        }
        if (!entries.containsKey(service)) {
            in.fault(
                    named,
                    "the database " + Wording.quote(name) + " is in " + Wording.quote(service)
                            + ", which is not a service of this deployment",
                    Wording.suggest(
                            service,
                            entries.keySet(),
                            entries.isEmpty()
                                    ? "declare it"
                                    : "known: " + Wording.either(new ArrayList<>(entries.keySet()))));
            return faulty;
        }
        DesiredService server = services.get(service);
        return server == null ? faulty : complete(entry, named, server, keys);
    }

    private Declared complete(
            YamlNode.Entry entry, YamlNode named, DesiredService server, SortedMap<String, Object> keys) {
        String name = entry.key().text();
        Optional<DatabaseSpec.Type> known = type(server.definition(), keys);
        if (known.isEmpty()) {
            in.fault(
                    named,
                    "cannot tell what database server " + Wording.quote(server.name()) + " is, by its image or port",
                    "add type: postgres, mariadb or mysql");
        }
        DatabaseSpec.Type type = known.orElse(DatabaseSpec.Type.POSTGRES);
        String usual = name.replace('-', '_');
        String user = checked(entry, keys, DatabaseSpec.USER, usual, SQL_NAME, type.longestUser());
        String database = checked(entry, keys, DatabaseSpec.DATABASE, usual, SQL_NAME, LONGEST);
        String prefix = checked(entry, keys, DatabaseKeys.EXPOSE_AS, type.prefix(), VARIABLE, LONGEST);
        checked(entry, keys, DatabaseSpec.ADMIN_ENV, "A", VARIABLE, LONGEST);
        String port = port(entry, server, keys);
        SortedMap<String, Object> made = new TreeMap<>(keys);
        made.remove(DatabaseKeys.EXPOSE_AS);
        made.remove(DatabaseKeys.PORT);
        made.put(DatabaseSpec.TYPE, type.word());
        made.put(DatabaseSpec.USER, user);
        made.put(DatabaseSpec.DATABASE, database);
        String password = "{" + DatabaseSpec.passwordName(name) + "}";
        made.put(DatabaseSpec.PASSWORD, password);
        String host = "{" + Placeholders.variable(server.name()) + "_HOST}";
        Map<String, Object> env = new LinkedHashMap<>();
        env.put("USER", user);
        env.put("PASSWORD", password);
        env.put("DATABASE", database);
        env.put("HOST", host);
        env.put("PORT", port);
        env.put("URL", type.scheme() + "://" + user + ":" + password + "@" + host + ":" + port + "/" + database);
        return new Declared(entry, server.name(), prefix, made, env);
    }

    private static Optional<DatabaseSpec.Type> type(Definition server, SortedMap<String, Object> keys) {
        if (keys.get(DatabaseSpec.TYPE) instanceof String word) {
            return DatabaseSpec.Type.of(word);
        }
        Object image = server.get("image");
        Optional<DatabaseSpec.Type> byImage =
                image == null ? Optional.empty() : DatabaseSpec.Type.ofImage(Definition.text(image));
        return byImage.or(() -> {
            for (Object port : TcpRange.spread(server.get("ports")).values()) {
                for (DatabaseSpec.Type type : DatabaseSpec.Type.values()) {
                    if (port.equals((long) type.port())) {
                        return Optional.of(type);
                    }
                }
            }
            return Optional.empty();
        });
    }

    private String checked(
            YamlNode.Entry entry,
            SortedMap<String, Object> keys,
            String key,
            String usual,
            Pattern allowed,
            int longest) {
        String text = keys.get(key) instanceof String written ? written : usual;
        YamlNode at = entry.value() instanceof YamlNode.Mapping body ? body.get(key) : null;
        if (text.length() > longest) {
            in.fault(at == null ? entry.key() : at, key + " is too long: it has at most " + longest + " characters");
        } else if (at != null && !allowed.matcher(text).matches()) {
            in.fault(
                    at,
                    "invalid " + key + " " + in.found(at) + ": use letters, digits"
                            + (allowed.equals(SQL_NAME) ? ", _ and hyphens" : " and _")
                            + ", and begin with a letter or _");
        }
        return text;
    }

    /** The placeholder of the port's number on the mesh. */
    private String port(YamlNode.Entry entry, DesiredService server, SortedMap<String, Object> keys) {
        String variable = Placeholders.variable(server.name()) + "_PORT";
        YamlNode written = entry.value() instanceof YamlNode.Mapping body ? body.get(DatabaseKeys.PORT) : null;
        if (!(keys.get(DatabaseKeys.PORT) instanceof String port) || written == null) {
            return "{" + variable + "}";
        }
        if (!entries.containsKey(server.name())) {
            return "{" + variable + "_" + Placeholders.variable(port) + "}";
        }
        Set<String> ports =
                new TreeSet<>(TcpRange.spread(server.definition().get("ports")).keySet());
        ports.remove("");
        if (!ports.contains(port)) {
            in.fault(
                    written,
                    "the service " + Wording.quote(server.name()) + " has no port " + Wording.quote(port),
                    ports.isEmpty()
                            ? "remove it"
                            : PortNames.suggest(port, server.definition().get("ports"), "remove it"));
        }
        return "{" + variable + "_" + Placeholders.variable(port) + "}";
    }

    /** A service with what it requires; it waits for the servers as for any service. */
    private DesiredService with(DesiredService service, Set<String> used) {
        Definition definition = service.definition();
        Set<String> required = new LinkedHashSet<>();
        Object own = replaced(definition.get(REQUIRE), required);
        if (own != null) {
            definition = definition.with(REQUIRE, own);
        }
        SortedMap<String, Object> jobs = new TreeMap<>();
        ServiceDecoder.tree(definition.get(JobSpec.JOBS)).forEach((name, job) -> {
            SortedMap<String, Object> keys = new TreeMap<>(ServiceDecoder.tree(job));
            Object changed = replaced(keys.get(REQUIRE), required);
            if (changed != null) {
                keys.put(REQUIRE, changed);
            }
            jobs.put(name, keys);
        });
        if (required.isEmpty()) {
            return service;
        }
        used.addAll(required);
        if (!jobs.isEmpty()) {
            definition = definition.with(JobSpec.JOBS, jobs);
        }
        return new DesiredService(
                service.name(),
                provided(service, definition, required),
                service.scale(),
                service.at(),
                service.notes());
    }

    private Definition provided(DesiredService service, Definition definition, Set<String> required) {
        SortedMap<String, Object> inherited = new TreeMap<>(ServiceDecoder.tree(definition.get(INHERITED_ENV)));
        Map<String, Object> env = ServiceDecoder.tree(definition.get("env"));
        SortedMap<String, Object> specs = new TreeMap<>();
        Map<String, String> prefixes = new TreeMap<>();
        for (String name : required) {
            Declared declared = databases.get(name);
            if (declared == null || declared.keys().isEmpty()) {
                continue;
            }
            specs.put(name, declared.keys());
            String other = prefixes.put(declared.prefix(), name);
            if (other != null) {
                in.fault(
                        declared.entry().key(),
                        "the databases " + Wording.quote(other) + " and " + Wording.quote(name) + " both give "
                                + declared.prefix() + "URL to " + Wording.quote(service.name()),
                        "add expose_as to one of them, for example expose_as: " + Placeholders.variable(name) + "_");
            }
            declared.env().forEach((variable, value) -> {
                if (!env.containsKey(declared.prefix() + variable)) {
                    inherited.putIfAbsent(declared.prefix() + variable, value);
                }
            });
        }
        Definition changed = inherited.isEmpty() ? definition : definition.with(INHERITED_ENV, inherited);
        return specs.isEmpty() ? changed : changed.with(DatabaseSpec.DATABASES, specs);
    }

    /** The names with the services of databases in place of the databases; null: none is a database. */
    private @Nullable List<String> replaced(@Nullable Object names, Set<String> required) {
        if (!(names instanceof List<?> list)) {
            return null;
        }
        Set<String> all = new LinkedHashSet<>();
        boolean found = false;
        for (Object name : list) {
            Declared declared = databases.get(String.valueOf(name));
            if (declared == null) {
                all.add(String.valueOf(name));
                continue;
            }
            found = true;
            required.add(String.valueOf(name));
            if (!declared.service().isEmpty()) {
                all.add(declared.service());
            }
        }
        // Texts that are a set are in order.
        return found ? all.stream().sorted().toList() : null;
    }
}
