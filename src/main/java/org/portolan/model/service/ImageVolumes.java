package org.portolan.model.service;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.zip.CRC32;
import org.portolan.model.labels.InstanceId;

/** The names of volumes that an image declares and that no file names. */
public final class ImageVolumes {
    private static final int ANONYMOUS = 64;

    private ImageVolumes() {}

    /**
     * What such a volume is known by from version to version: {@code db/1/var/lib/data}.
     *
     * @param slot the number of the instance that first had it; instances take it over from each other
     */
    public static String key(String service, int slot, String path) {
        return service + "/" + slot + path;
    }

    /**
     * The engine's name of one that Portolan makes: {@code shop-db-1_var_lib_data}. The underscore keeps it apart from the
     * names of named volumes, which have none.
     */
    public static String name(String deployment, String service, int slot, String path) {
        return deployment + "-" + service + "-" + slot + suffix(path);
    }

    /** The slot that a name says, if it is one that Portolan made for this service and path. */
    public static OptionalInt slot(String deployment, String service, String path, String name) {
        String prefix = deployment + "-" + service + "-";
        String suffix = suffix(path);
        if (!name.startsWith(prefix) || !name.endsWith(suffix)) {
            return OptionalInt.empty();
        }
        int length = name.length() - prefix.length() - suffix.length();
        if (length < 1 || length > 6) {
            return OptionalInt.empty();
        }
        int slot = 0;
        for (int i = prefix.length(); i < prefix.length() + length; i++) {
            int digit = name.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return OptionalInt.empty();
            }
            slot = slot * 10 + digit;
        }
        return OptionalInt.of(slot);
    }

    private static String suffix(String path) {
        StringBuilder name = new StringBuilder();
        boolean plain = true;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean word = c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '.');
            plain &= word || c == '/';
            name.append(word ? c : '_');
        }
        if (!plain) {
            CRC32 sum = new CRC32();
            sum.update(path.getBytes(StandardCharsets.UTF_8));
            name.append('_').append(HexFormat.of().toHexDigits((int) sum.getValue()));
        }
        return name.toString();
    }

    /** Whether the engine made the name up: Portolan let it, up to commit 1ce5309. */
    public static boolean isAnonymous(String name) {
        if (name.length() != ANONYMOUS) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    /** Whether an instance's volume at a path is one that no file names. */
    public static boolean isUnnamed(InstanceId instance, String path, String name) {
        return isAnonymous(name)
                || slot(instance.deployment(), instance.service(), path, name).isPresent();
    }

    /** A name that a file may give to the volume at a path: its last word. */
    public static String word(String path) {
        String last = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < last.length(); i++) {
            char c = last.charAt(i);
            if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
                word.append(c);
            }
        }
        return word.isEmpty() ? "data" : word.toString();
    }
}
