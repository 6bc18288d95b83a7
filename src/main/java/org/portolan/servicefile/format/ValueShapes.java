package org.portolan.servicefile.format;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Platform;
import org.portolan.servicefile.yaml.YamlNode;

/** Single values with their own rules. */
final class ValueShapes {
    private ValueShapes() {}

    /** One port, or {@code assign}. */
    record Port() implements Shape {
        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            if (node instanceof YamlNode.Scalar) {
                return new PortsShape().read(node, in);
            }
            in.fault(node, "expected one port, found " + node.kind(), "for several ports use ports: {http: 8000}");
            return null;
        }

        @Override
        public String words() {
            return "port, `assign` or `none`";
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.either(List.of(Schemas.whole(1, 65535), Map.of("enum", List.of("assign", "none"))));
        }
    }

    /** An absolute path. */
    record AbsolutePath() implements Shape {
        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            String text = in.text(node, "an absolute path");
            String fault = text == null ? null : Names.checkFilePath(text);
            if (fault != null) {
                in.fault(node, "invalid path " + in.found(node) + ": " + fault);
                return null;
            }
            return text;
        }

        @Override
        public String words() {
            return "absolute path";
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.pattern("^/");
        }
    }

    /** A platform. Normal form: as the engine names it. */
    record PlatformName() implements Shape {
        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            String text = in.text(node, "a platform");
            if (text == null) {
                return null;
            }
            Optional<Platform> platform = Platform.parse(text);
            if (platform.isEmpty()) {
                in.fault(node, "expected a platform, found " + in.found(node), "for example: platform: linux/arm64");
                return null;
            }
            return platform.get().toString();
        }

        @Override
        public String words() {
            return "platform";
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.pattern(Platform.FORM);
        }
    }

    /** A host name. */
    record HostName() implements Shape {
        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            String text = in.text(node, "a host name");
            String fault = text == null ? null : Names.checkHost(text, false);
            if (fault != null) {
                in.fault(node, "invalid host name " + in.found(node) + ": " + fault);
                return null;
            }
            return text;
        }

        @Override
        public String words() {
            return "host name";
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.TEXT;
        }
    }
}
