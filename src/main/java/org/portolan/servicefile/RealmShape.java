package org.portolan.servicefile;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.portolan.model.ProxyText;

/** The realm of HTTP Digest. */
record RealmShape() implements Shape {
    @Override
    public @Nullable Object read(Node node, Reading in) {
        if (!(node instanceof Node.Scalar text)) {
            in.fault(node, "expected a realm, found " + node.kind());
            return null;
        }
        if (text.unresolved()) {
            return null;
        }
        String fault = ProxyText.REALM.fault(text.text());
        if (fault != null) {
            in.fault(node, "the realm " + in.found(node) + " cannot be: " + fault);
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
