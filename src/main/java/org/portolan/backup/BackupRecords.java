package org.portolan.backup;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.portolan.store.StoredKey;

/**
 * The records of a backup, compressed below the encryption: the manifest, files, keys of the store, and an end that says how many
 * there are. Every length has a limit, and a file's path stays below the state directory.
 */
final class BackupRecords {
    private static final int FILE = 'F';
    private static final int FOLDER = 'D';
    private static final int KEY = 'K';
    private static final int END = 'E';
    private static final int MOST_ITEMS = 10_000_000;
    private static final int MOST_WORDS = 100_000;
    /** The largest value of a store; Redis itself takes half a gigabyte. */
    private static final int MOST_BYTES = 64 << 20;

    private static final long MOST_FILE = 16L << 30;

    private BackupRecords() {}

    /** Gets what is read. */
    interface Receiver {
        void manifest(BackupManifest manifest) throws IOException;

        /**
         * A file.
         *
         * @param path below the state directory, without {@code ..}
         * @param mode its permissions
         * @param content ends with the file
         */
        void file(String path, int mode, InputStream content) throws IOException;

        /** An empty folder, which means something to whoever made it: a repository without its folder of refs is none. */
        void folder(String path) throws IOException;

        void key(StoredKey key) throws IOException;
    }

    /** Writes them; whole only after {@link #end}. */
    static final class Sender {
        private final DataOutputStream to;
        private long files;
        private long keys;

        Sender(OutputStream sealed, BackupManifest manifest) throws IOException {
            to = new DataOutputStream(new BufferedOutputStream(new GZIPOutputStream(sealed, 1 << 13), 1 << 13));
            manifest.write(to);
        }

        void folder(String path) throws IOException {
            to.writeByte(FOLDER);
            to.writeUTF(path);
            files++;
        }

        /**
         * A file, whose content is not held in memory.
         *
         * @param length how much of the content is sent: what is added meanwhile is left out
         * @throws EOFException when there is less of it: what was sent is then of no use
         */
        void file(String path, int mode, long length, InputStream content) throws IOException {
            to.writeByte(FILE);
            to.writeUTF(path);
            to.writeShort(mode);
            to.writeLong(length);
            new Bounded(content, length).transferTo(to);
            files++;
        }

        void key(StoredKey key) throws IOException {
            to.writeByte(KEY);
            bytes(key.name().getBytes(StandardCharsets.UTF_8));
            to.writeUTF(key.type().name());
            to.writeLong(key.expires());
            to.writeInt(key.items().size());
            for (List<byte[]> item : key.items()) {
                to.writeInt(item.size());
                for (byte[] word : item) {
                    bytes(word);
                }
            }
            keys++;
        }

        private void bytes(byte[] value) throws IOException {
            to.writeInt(value.length);
            to.write(value);
        }

        void end() throws IOException {
            to.writeByte(END);
            to.writeLong(files);
            to.writeLong(keys);
            to.close();
        }
    }

    /** Reads all of them to the end. */
    static void read(InputStream opened, Receiver receiver) throws IOException {
        try (DataInputStream from =
                new DataInputStream(new BufferedInputStream(new GZIPInputStream(opened, 1 << 13), 1 << 13))) {
            receiver.manifest(BackupManifest.read(from));
            long files = 0;
            long keys = 0;
            while (true) {
                int kind = from.readUnsignedByte();
                if (kind == FILE) {
                    file(from, receiver);
                    files++;
                } else if (kind == FOLDER) {
                    String path = from.readUTF();
                    if (!safe(path)) {
                        throw damaged();
                    }
                    receiver.folder(path);
                    files++;
                } else if (kind == KEY) {
                    receiver.key(key(from));
                    keys++;
                } else if (kind == END) {
                    if (from.readLong() != files || from.readLong() != keys || from.read() >= 0) {
                        throw damaged();
                    }
                    return;
                } else {
                    throw damaged();
                }
            }
        } catch (EOFException cut) {
            throw new SealedStream.Unreadable("it is cut off");
        }
    }

    private static SealedStream.Unreadable damaged() {
        return new SealedStream.Unreadable("its content is not valid");
    }

    private static void file(DataInputStream from, Receiver receiver) throws IOException {
        String path = from.readUTF();
        int mode = from.readUnsignedShort();
        long length = from.readLong();
        if (!safe(path) || (mode & ~0777) != 0 || length < 0 || length > MOST_FILE) {
            throw damaged();
        }
        Bounded content = new Bounded(from, length);
        receiver.file(path, mode, content);
        content.skipRest();
    }

    /** Whether it names something below a folder, and nothing else on any system. */
    static boolean safe(String path) {
        if (path.isEmpty() || path.length() > 4096 || path.indexOf('\0') >= 0 || path.indexOf('\\') >= 0) {
            return false;
        }
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return false;
            }
        }
        return true;
    }

    private static StoredKey key(DataInputStream from) throws IOException {
        String name = new String(bytes(from), StandardCharsets.UTF_8);
        StoredKey.Type type = type(from.readUTF());
        long expires = from.readLong();
        int count = from.readInt();
        if (expires < 0 || count < 1 || count > MOST_ITEMS) {
            throw damaged();
        }
        List<List<byte[]>> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int words = from.readInt();
            if (words < 1 || words > MOST_WORDS) {
                throw damaged();
            }
            List<byte[]> item = new ArrayList<>();
            for (int j = 0; j < words; j++) {
                item.add(bytes(from));
            }
            items.add(item);
        }
        return new StoredKey(name, type, expires, items);
    }

    private static StoredKey.Type type(String name) throws IOException {
        for (StoredKey.Type type : StoredKey.Type.values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        throw damaged();
    }

    private static byte[] bytes(DataInputStream from) throws IOException {
        int length = from.readInt();
        if (length < 0 || length > MOST_BYTES) {
            throw damaged();
        }
        byte[] value = from.readNBytes(length);
        if (value.length < length) {
            throw new EOFException();
        }
        return value;
    }

    /** The next bytes of a stream and no more. */
    private static final class Bounded extends InputStream {
        private final InputStream from;
        private long left;

        Bounded(InputStream from, long length) {
            this.from = from;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = from.read(to, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException();
            }
            left -= count;
            return count;
        }

        void skipRest() throws IOException {
            byte[] part = new byte[1 << 13];
            while (read(part, 0, part.length) > 0) {
                // Read only to come to the next record.
            }
        }
    }
}
