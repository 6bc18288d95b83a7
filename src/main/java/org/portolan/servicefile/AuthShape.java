package org.portolan.servicefile;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.model.ProxyText;

/** Users with passwords or hashes. Normal form: user to password. Messages never show a password. */
record AuthShape() implements Shape {
    private static final List<String> HASHES =
            List.of("$apr1$", "$1$", "$5$", "$6$", "$2a$", "$2b$", "$2y$", "{SHA}", "{SSHA}");
    private static final int LONGEST = 256;

    @Override
    public @Nullable SortedMap<String, Object> read(Node node, Reading in) {
        if (!(node instanceof Node.Mapping mapping)) {
            in.fault(node, "expected a map of users to passwords, found " + node.kind());
            return null;
        }
        SortedMap<String, Object> users = new TreeMap<>();
        for (Node.Entry entry : mapping.entries()) {
            String user = entry.key().text();
            String fault = ProxyText.USER.fault(user);
            if (fault != null && !entry.key().unresolved()) {
                in.fault(entry.key(), "the user " + in.found(entry.key()) + " cannot be: " + fault);
            } else if (entry.value() instanceof Node.Scalar password) {
                if (!password.unresolved() && passwordHolds(user, password, in)) {
                    users.put(user, password.text());
                }
            } else {
                in.fault(
                        entry.value(),
                        "expected a password for the user " + Words.quote(user) + ", found "
                                + entry.value().kind());
            }
        }
        return users.isEmpty() ? null : users;
    }

    private static boolean passwordHolds(String user, Node.Scalar password, Reading in) {
        String text = password.text();
        boolean holds = !password.isNull() && !text.isEmpty() && text.length() <= LONGEST;
        for (int i = 0; i < text.length(); i++) {
            holds &= !Character.isISOControl(text.charAt(i));
        }
        if (!holds) {
            in.fault(
                    password,
                    "the password of the user " + Words.quote(user) + " cannot be: 1 to " + LONGEST
                            + " characters, no control characters");
            return false;
        }
        int second = text.startsWith("$") ? text.indexOf('$', 1) : -1;
        boolean hash = second > 0 && second <= 5 && text.indexOf('$', second + 1) > 0;
        if (hash && !isHash(text)) {
            in.fault(
                    password,
                    "the password of the user " + Words.quote(user) + " is a hash of a kind not known",
                    "accepted: " + Words.either(HASHES));
            return false;
        }
        return true;
    }

    /** Whether the text is a hash rather than a password. */
    static boolean isHash(String text) {
        for (String start : HASHES) {
            if (text.startsWith(start) && text.length() > start.length() + 8) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String words() {
        return "map of users to passwords";
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.mapOf(Schemas.TEXT);
    }
}
