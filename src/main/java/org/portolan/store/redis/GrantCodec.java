package org.portolan.store.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.json.MomentJson;
import org.portolan.model.state.Credential;
import org.portolan.model.state.Grant;
import org.portolan.model.state.Principal;
import org.portolan.model.state.Scope;
import org.portolan.model.state.SshKey;
import org.portolan.store.StoreException;

/** A grant as JSON. */
final class GrantCodec {
    private static final String TOKEN = "token";
    private static final String KEY = "key";

    private GrantCodec() {}

    /** Those that can be read: one that is damaged, or a newer Portolan's, lets nobody in. */
    static List<Grant> all(Map<String, byte[]> fields, String key) {
        List<Grant> grants = new ArrayList<>();
        fields.forEach((name, value) -> {
            try {
                Grant grant = StoreJson.read(key + " " + name, value, GrantCodec::read);
                if (grant.name().equals(name)) {
                    grants.add(grant);
                }
            } catch (StoreException unreadable) {
                // As above.
            }
        });
        return grants;
    }

    static byte[] write(Grant grant) {
        Principal principal = grant.principal();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", principal.name());
        tree.put("scope", principal.scope().word());
        tree.put("deployments", List.copyOf(principal.deployments()));
        principal.expires().ifPresent(end -> tree.put("expires", MomentJson.write(end)));
        switch (grant.credential()) {
            case Credential.Token token -> tree.put(TOKEN, token.sha256());
            case Credential.Key(SshKey key) -> tree.put(KEY, key.line());
        }
        tree.put("created", MomentJson.write(grant.created()));
        tree.put("by", grant.by());
        grant.used().ifPresent(used -> tree.put("used", MomentJson.write(used)));
        return StoreJson.write(tree);
    }

    private static Grant read(StrictJson tree) {
        StrictJson scope = tree.at("scope");
        Principal principal = new Principal(
                tree.text("name"),
                Scope.of(scope.text()).orElseThrow(() -> scope.wrong("read, deploy or admin")),
                tree.textSet("deployments"),
                tree.find("expires").map(MomentJson::read));
        return new Grant(
                principal,
                credential(tree),
                MomentJson.read(tree.at("created")),
                tree.text("by"),
                tree.find("used").map(MomentJson::read));
    }

    private static Credential credential(StrictJson tree) {
        try {
            return tree.find(TOKEN).isPresent()
                    ? new Credential.Token(tree.text(TOKEN))
                    : new Credential.Key(SshKey.read(tree.text(KEY)));
        } catch (IllegalArgumentException | Failure notOne) {
            throw tree.wrong("a token's hash or a public key");
        }
    }
}
