package org.portolan.model;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an image is built for, in the field's own form: {@code linux/arm64}, {@code linux/arm/v7}.
 *
 * @param variant "" where none is said
 */
public record Platform(String os, String architecture, String variant) {
    /** A definition's key. */
    public static final String KEY = "platform";

    /** How a platform is written. */
    public static final String FORM = "^[a-z0-9]+/[a-z0-9_]+(/v?[0-9]+)?$";

    private static final Pattern PARTS = Pattern.compile("([a-z0-9]+)/([a-z0-9_]+)(?:/(v?[0-9]+))?");
    private static final Map<String, String> OTHERS = Map.of("x86_64", "amd64", "aarch64", "arm64", "i386", "386");

    /** A platform by its text; empty when it is none. */
    public static Optional<Platform> parse(String text) {
        Matcher parts = PARTS.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String variant = parts.group(3) == null ? "" : parts.group(3);
        return Optional.of(of(parts.group(1), parts.group(2), variant));
    }

    /** One platform has one form: {@code linux/aarch64} and {@code linux/arm64/v8} are {@code linux/arm64}. */
    public static Platform of(String os, String architecture, String variant) {
        String common = OTHERS.getOrDefault(architecture, architecture);
        String version = variant.isEmpty() || variant.startsWith("v") ? variant : "v" + variant;
        return new Platform(os, common, common.equals("arm64") && version.equals("v8") ? "" : version);
    }

    /** Whether an image for this platform is what is wanted; a variant counts where both say one. */
    public boolean is(Platform wanted) {
        boolean same = variant.equals(wanted.variant) || variant.isEmpty() || wanted.variant.isEmpty();
        return os.equals(wanted.os) && architecture.equals(wanted.architecture) && same;
    }

    @Override
    public String toString() {
        return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
    }
}
