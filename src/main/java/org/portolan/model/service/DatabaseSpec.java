package org.portolan.model.service;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.portolan.model.service.ServiceSpec.EnvValue;

/**
 * A database that a service requires: a user, its password and a database, which are made in another service of the deployment
 * where they do not exist.
 *
 * @param name what {@code require} calls it
 * @param in the service whose server holds it
 * @param type what that server is
 * @param user the user that owns it
 * @param password the user's password, a generated value
 * @param database its name in the server
 * @param admin the server's administrator; empty: the one that the container's variables name
 * @param adminEnv the container's variable with the administrator's password; empty: that of the official images
 * @param timeout how long the server may take until it lets the administrator in
 */
public record DatabaseSpec(
        String name,
        String in,
        Type type,
        String user,
        EnvValue password,
        String database,
        String admin,
        String adminEnv,
        Duration timeout) {
    /** A definition's key for the databases of a service, by name. */
    public static final String DATABASES = "databases";

    public static final String IN = "in";
    public static final String TYPE = "type";
    public static final String USER = "user";
    public static final String PASSWORD = "password";
    public static final String DATABASE = "database";
    public static final String ADMIN = "admin";
    public static final String ADMIN_ENV = "admin_env";
    public static final String TIMEOUT = "timeout";
    public static final String USUAL_TIMEOUT = "2m";

    /** A kind of database server. */
    public enum Type {
        POSTGRES(5432, 63, "PG", "postgresql", "postgres|postgis|pgvector|timescale"),
        MARIADB(3306, 80, "MYSQL_", "mysql", "mariadb"),
        MYSQL(3306, 32, "MYSQL_", "mysql", "mysql|percona");

        private final int port;
        private final int longestUser;
        private final String prefix;
        private final String scheme;
        /** A pattern of the names of its images. */
        private final Pattern images;

        Type(int port, int longestUser, String prefix, String scheme, String images) {
            this.port = port;
            this.longestUser = longestUser;
            this.prefix = prefix;
            this.scheme = scheme;
            this.images = Pattern.compile(images);
        }

        /** As written in files. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The port that such a server listens on. */
        public int port() {
            return port;
        }

        /** How many characters a user's name can have. */
        public int longestUser() {
            return longestUser;
        }

        /** What its variables begin with when the file does not say. */
        public String prefix() {
            return prefix;
        }

        /** What its URLs begin with. */
        public String scheme() {
            return scheme;
        }

        /** The type of that word. */
        public static Optional<Type> of(String word) {
            for (Type type : values()) {
                if (type.word().equals(word)) {
                    return Optional.of(type);
                }
            }
            return Optional.empty();
        }

        /** The type that an image's name tells: of {@code registry/postgres:16} PostgreSQL. */
        public static Optional<Type> ofImage(String image) {
            String last = image.substring(image.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
            for (Type type : values()) {
                if (type.images.matcher(last).find()) {
                    return Optional.of(type);
                }
            }
            return Optional.empty();
        }
    }

    /** The name of the generated value that is the password of a database. */
    public static String passwordName(String database) {
        return "Database_" + database.replace('-', '_');
    }

    /** The databases of a definition by name, each as a map of texts; a password is in clear. */
    static SortedMap<String, Map<?, ?>> maps(Definition definition) {
        SortedMap<String, Map<?, ?>> maps = new TreeMap<>();
        if (definition.get(DATABASES) instanceof Map<?, ?> databases) {
            databases.forEach((name, keys) -> {
                if (keys instanceof Map<?, ?> map) {
                    maps.put(String.valueOf(name), map);
                }
            });
        }
        return maps;
    }
}
