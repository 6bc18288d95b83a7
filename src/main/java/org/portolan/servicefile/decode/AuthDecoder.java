package org.portolan.servicefile.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.model.ProxyText;
import org.portolan.model.service.DigestCredential;
import org.portolan.model.service.DigestCredential.Algorithm;
import org.portolan.servicefile.format.AuthShape;
import org.portolan.servicefile.format.Reading;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/** What a domain says of its users, by the mode in which they authenticate. */
public final class AuthDecoder {
    private static final int LONGEST_USER = 128;

    private final YamlNode.Mapping domain;
    private final Reading in;

    AuthDecoder(YamlNode.Mapping domain, Reading in) {
        this.domain = domain;
        this.in = in;
    }

    /**
     * Users and how they authenticate.
     *
     * @param users to password or hash; with Digest to a {@link DigestCredential#text}
     * @param digestRealm empty: Basic, or nobody is asked
     */
    record Auth(SortedMap<String, String> users, Optional<String> digestRealm) {}

    /** Reads them; what cannot be is reported. */
    Auth read(Map<String, Object> said) {
        Map<String, Object> users = ServiceDecoder.tree(said.get("auth"));
        YamlNode.Entry realm = domain.entry("auth_realm");
        boolean basic = "basic".equals(said.get("auth_mode"));
        if (realm != null && domain.entry("auth") == null) {
            in.fault(realm.key(), "auth_realm without auth", "add auth: {user: password}");
        } else if (realm != null && basic) {
            in.fault(
                    realm.key(),
                    "auth_realm needs digest authentication",
                    "remove auth_realm, or write auth_mode: digest");
        }
        if (users.isEmpty()) {
            return new Auth(new TreeMap<>(), Optional.empty());
        }
        return basic
                ? new Auth(basic(users), Optional.empty())
                : digest(users, said.get("auth_realm") instanceof String name ? name : DigestCredential.REALM);
    }

    private SortedMap<String, String> basic(Map<String, Object> users) {
        SortedMap<String, String> read = new TreeMap<>();
        users.forEach((user, value) -> {
            String fault = ProxyText.USER.fault(user);
            if (fault != null) {
                cannotBe(user, fault);
            } else if (value instanceof String password) {
                if (AuthShape.looksHashed(password) && !AuthShape.isHash(password)) {
                    in.fault(
                            value(user),
                            "the password of the user " + Wording.quote(user) + " is an unknown kind of hash",
                            "accepted: " + Wording.either(AuthShape.HASHES));
                }
                read.put(user, password);
            } else {
                in.fault(
                        value(user),
                        "ha1_md5 and ha1_sha256 of the user " + Wording.quote(user) + " need digest authentication",
                        "write auth_mode: digest, or a password or another hash here");
            }
        });
        return read;
    }

    private Auth digest(Map<String, Object> users, String realm) {
        SortedMap<String, String> read = new TreeMap<>();
        List<DigestCredential> known = new ArrayList<>();
        users.forEach((user, value) -> {
            String fault = userFault(user);
            DigestCredential credential = credential(user, realm, value);
            if (fault != null) {
                cannotBe(user, fault);
            } else if (credential != null) {
                known.add(credential);
                read.put(DigestCredential.nfc(user), credential.text());
            }
        });
        YamlNode.Entry auth = domain.entry("auth");
        if (auth != null && DigestCredential.common(known).isEmpty()) {
            in.fault(
                    auth.key(),
                    "the users have no algorithm in common: some have ha1_md5 only, others ha1_sha256 only",
                    "give every user ha1_sha256, or every user ha1_md5");
        }
        return new Auth(read, Optional.of(realm));
    }

    private @Nullable DigestCredential credential(String user, String realm, Object value) {
        if (value instanceof String password) {
            if (AuthShape.isHash(password) || AuthShape.looksHashed(password)) {
                in.fault(
                        value(user),
                        "digest authentication cannot use the password hash of user " + Wording.quote(user)
                                + ": it needs the password or its HA1 hashes",
                        "write the password, or {ha1_sha256: …, ha1_md5: …} of user:realm:password, or auth_mode: basic");
                return null;
            }
            return DigestCredential.of(user, realm, password);
        }
        Map<Algorithm, String> hashes = new TreeMap<>();
        Map<String, Object> said = ServiceDecoder.tree(value);
        if (said.get("ha1_md5") instanceof String md5) {
            hashes.put(Algorithm.MD5, md5);
        }
        if (said.get("ha1_sha256") instanceof String sha256) {
            hashes.put(Algorithm.SHA_256, sha256);
        }
        return hashes.isEmpty() ? null : new DigestCredential(hashes);
    }

    /** In a hash of {@code user:realm:password} a colon would be read as the end of the user. */
    private static @Nullable String userFault(String user) {
        boolean plain = user.indexOf(':') < 0 && user.chars().noneMatch(Character::isISOControl);
        return plain && !user.isEmpty() && user.length() <= LONGEST_USER
                ? null
                : "use 1 to " + LONGEST_USER + " characters, without colons and control characters";
    }

    private void cannotBe(String user, String fault) {
        in.fault(at(user), "invalid user name " + Wording.quote(user) + ": " + fault);
    }

    /** Where a user is named. */
    private YamlNode at(String user) {
        YamlNode.Entry entry = entry(user);
        return entry == null ? domain : entry.key();
    }

    private YamlNode value(String user) {
        YamlNode.Entry entry = entry(user);
        return entry == null ? domain : entry.value();
    }

    private YamlNode.@Nullable Entry entry(String user) {
        return domain.get("auth") instanceof YamlNode.Mapping users ? users.entry(user) : null;
    }
}
