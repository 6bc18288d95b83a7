package org.portolan.servicefile.format;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/**
 * Users, each with a password or a hash, or a map of HA1 values. Normal form: user to text, or to a map of keys to texts;
 * {@code AuthDecoder}, which knows the mode, says what of it can be. Messages never show a password.
 */
public record AuthShape() implements Shape {
    public static final List<String> HASHES =
            List.of("$apr1$", "$1$", "$5$", "$6$", "$2a$", "$2b$", "$2y$", "{SHA}", "{SSHA}");
    private static final int LONGEST = 256;
    private static final Fields CREDENTIAL = new Fields("a user's credentials", Format.CREDENTIAL, false);

    @Override
    public @Nullable SortedMap<String, Object> read(YamlNode node, Reading in) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            in.fault(node, "expected a map of users to passwords, found " + node.kind());
            return null;
        }
        SortedMap<String, Object> users = new TreeMap<>();
        for (YamlNode.Entry entry : mapping.entries()) {
            String user = entry.key().text();
            if (entry.value() instanceof YamlNode.Scalar password) {
                if (!password.unresolved() && passwordHolds(user, password, in)) {
                    users.put(user, password.text());
                }
            } else if (entry.value() instanceof YamlNode.Mapping credential) {
                SortedMap<String, Object> hashes = CREDENTIAL.read(credential, in);
                boolean nothing = credential.entries().stream().allMatch(key -> YamlNode.isNull(key.value()));
                if (nothing) {
                    in.fault(
                            entry.key(),
                            "the user " + Wording.quote(user) + " has no credentials",
                            "give a password, or ha1_sha256 and ha1_md5");
                } else if (hashes != null && !hashes.isEmpty()) {
                    users.put(user, hashes);
                }
            } else {
                in.fault(
                        entry.value(),
                        "expected a password for the user " + Wording.quote(user) + ", found "
                                + entry.value().kind());
            }
        }
        return users.isEmpty() ? null : users;
    }

    private static boolean passwordHolds(String user, YamlNode.Scalar password, Reading in) {
        String text = password.text();
        boolean holds = !password.isNull() && !text.isEmpty() && text.length() <= LONGEST;
        for (int i = 0; i < text.length(); i++) {
            holds &= !Character.isISOControl(text.charAt(i));
        }
        if (!holds) {
            in.fault(
                    password,
                    "invalid password for the user " + Wording.quote(user) + ": use 1 to " + LONGEST
                            + " characters, without control characters");
            return false;
        }
        return true;
    }

    /** Whether the text has the form of a hash, of whatever kind. */
    public static boolean looksHashed(String text) {
        int second = text.startsWith("$") ? text.indexOf('$', 1) : -1;
        return second > 0 && second <= 5 && text.indexOf('$', second + 1) > 0;
    }

    /** Whether the text is a hash rather than a password. */
    public static boolean isHash(String text) {
        for (String start : HASHES) {
            if (text.startsWith(start) && text.length() > start.length() + 8) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String words() {
        return "map of users to passwords or HA1 values";
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.mapOf(Schemas.either(List.of(Schemas.TEXT, CREDENTIAL.schema())));
    }
}
