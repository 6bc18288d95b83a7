package org.portolan.backup;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * What a backup is of.
 *
 * @param madeAt when it was made
 * @param host on which machine
 * @param home the state directory there
 * @param installation the installation's id
 * @param prefix what the keys of its store begin with
 * @param key what values in its store are encrypted with, in hex digits
 */
public record BackupManifest(Instant madeAt, String host, String home, String installation, String prefix, String key) {
    private static final int KEY_BYTES = 32;

    void write(DataOutputStream to) throws IOException {
        to.writeLong(madeAt.toEpochMilli());
        to.writeUTF(host);
        to.writeUTF(home);
        to.writeUTF(installation);
        to.writeUTF(prefix);
        to.write(HexFormat.of().parseHex(key));
    }

    static BackupManifest read(DataInputStream from) throws IOException {
        Instant at = Instant.ofEpochMilli(from.readLong());
        String host = from.readUTF();
        String home = from.readUTF();
        String installation = from.readUTF();
        String prefix = from.readUTF();
        byte[] key = new byte[KEY_BYTES];
        from.readFully(key);
        if (!installation.matches("[0-9a-f]{8}") || prefix.isEmpty()) {
            throw new SealedStream.Unreadable("its manifest is not valid");
        }
        return new BackupManifest(
                at, host, home, installation, prefix, HexFormat.of().formatHex(key));
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "installation " + installation + " on " + host + ", " + home + ", " + madeAt;
    }
}
