package org.portolan.servicefile.format;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.portolan.model.ProxyText;
import org.portolan.servicefile.yaml.YamlNode;

/** The realm of HTTP Digest. */
record RealmShape() implements Shape {
    @Override
    public @Nullable Object read(YamlNode node, Reading in) {
        if (!(node instanceof YamlNode.Scalar text)) {
            in.fault(node, "expected a realm, found " + node.kind());
            return null;
        }
        if (text.unresolved()) {
            return null;
        }
        String fault = ProxyText.REALM.fault(text.text());
        if (fault != null) {
            in.fault(node, "invalid realm " + in.found(node) + ": " + fault);
            return null;
        }
        return text.text();
    }

    @Override
    public String words() {
        return "text";
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.TEXT;
    }
}
