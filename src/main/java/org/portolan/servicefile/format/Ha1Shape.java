package org.portolan.servicefile.format;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.portolan.model.service.DigestCredential.Algorithm;
import org.portolan.servicefile.yaml.YamlNode;

/** A hash of {@code user:realm:password} for HTTP Digest. Messages do not show it: it is as good as the password. */
record Ha1Shape(Algorithm algorithm) implements Shape {
    @Override
    public @Nullable Object read(YamlNode node, Reading in) {
        if (node instanceof YamlNode.Scalar hash && hash.unresolved()) {
            return null;
        }
        if (!(node instanceof YamlNode.Scalar hash) || !algorithm.isHash(hash.text())) {
            in.fault(
                    node,
                    "expected the " + algorithm.word() + " hash of user:realm:password, " + algorithm.digits()
                            + " hexadecimal digits",
                    "printf '%s' 'USER:REALM:PASSWORD' | " + (algorithm == Algorithm.MD5 ? "md5sum" : "sha256sum"));
            return null;
        }
        return hash.text();
    }

    @Override
    public String words() {
        return algorithm.digits() + " hexadecimal digits";
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.pattern("^[0-9a-fA-F]{" + algorithm.digits() + "}$");
    }
}
