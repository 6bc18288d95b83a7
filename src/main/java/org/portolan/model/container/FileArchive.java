package org.portolan.model.container;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tar archives (POSIX pax) of regular files: what an engine takes and gives for files of a container. */
public final class FileArchive {
    private static final int BLOCK = 512;
    private static final int NAME = 100;
    /** The largest number that seven octal digits hold. */
    private static final int LARGEST_OWNER = 07777777;

    private FileArchive() {}

    /**
     * An archive of files.
     *
     * @param folder what their names are relative to: an absolute path, above all of them
     * @param at the time of their last change
     */
    public static byte[] write(List<ContainerFile> files, String folder, Instant at) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int start = folder.endsWith("/") ? folder.length() : folder.length() + 1;
        for (ContainerFile file : files) {
            byte[] name = file.path().substring(start).getBytes(StandardCharsets.UTF_8);
            StringBuilder extended = new StringBuilder();
            if (name.length > NAME) {
                record(extended, "path", file.path().substring(start));
            }
            if (file.user() > LARGEST_OWNER) {
                record(extended, "uid", Integer.toString(file.user()));
            }
            if (file.group() > LARGEST_OWNER) {
                record(extended, "gid", Integer.toString(file.group()));
            }
            if (!extended.isEmpty()) {
                byte[] records = extended.toString().getBytes(StandardCharsets.UTF_8);
                out.writeBytes(header("pax".getBytes(StandardCharsets.UTF_8), 'x', 0644, 0, 0, records.length, at));
                padded(records, out);
            }
            out.writeBytes(header(name, '0', file.mode(), file.user(), file.group(), file.size(), at));
            padded(file.content(), out);
        }
        out.writeBytes(new byte[2 * BLOCK]);
        return out.toByteArray();
    }

    private static void record(StringBuilder out, String key, String value) {
        String rest = " " + key + "=" + value + "\n";
        int bytes = rest.getBytes(StandardCharsets.UTF_8).length;
        int length = bytes + 1;
        while (Integer.toString(length).length() + bytes != length) {
            length = Integer.toString(length).length() + bytes;
        }
        out.append(length).append(rest);
    }

    private static byte[] header(byte[] name, char type, int mode, int user, int group, int size, Instant at) {
        byte[] block = new byte[BLOCK];
        System.arraycopy(name, 0, block, 0, Math.min(name.length, NAME));
        octal(block, 100, 8, mode);
        octal(block, 108, 8, Math.min(user, LARGEST_OWNER));
        octal(block, 116, 8, Math.min(group, LARGEST_OWNER));
        octal(block, 124, 12, size);
        octal(block, 136, 12, Math.max(0, at.getEpochSecond()));
        block[156] = (byte) type;
        byte[] magic = "ustar\00000".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(magic, 0, block, 257, magic.length);
        java.util.Arrays.fill(block, 148, 156, (byte) ' ');
        long sum = 0;
        for (byte each : block) {
            sum += each & 0xff;
        }
        octal(block, 148, 7, sum);
        return block;
    }

    private static void octal(byte[] block, int at, int length, long number) {
        String digits = Long.toOctalString(number);
        String text = "0".repeat(length - 1 - digits.length()) + digits;
        System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, block, at, length - 1);
        block[at + length - 1] = 0;
    }

    private static void padded(byte[] content, ByteArrayOutputStream out) {
        out.writeBytes(content);
        out.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    }

    /**
     * The regular files of an archive.
     *
     * @param folder what their names are relative to
     * @param most how many bytes they may have in all
     * @throws IOException when it is not an archive, is damaged, or has more
     */
    public static List<ContainerFile> read(InputStream in, String folder, int most) throws IOException {
        List<ContainerFile> files = new ArrayList<>();
        String root = folder.endsWith("/") ? folder : folder + "/";
        Map<String, String> extended = new HashMap<>();
        long left = most;
        while (true) {
            byte[] block = in.readNBytes(BLOCK);
            if (block.length == 0 || (block.length == BLOCK && block[0] == 0)) {
                return files;
            }
            if (block.length < BLOCK) {
                throw new IOException("an archive ends in the middle of an entry");
            }
            long size = number(block, 124, 12);
            String larger = extended.get("size");
            size = larger == null ? size : Long.parseLong(larger);
            if (size < 0 || size > left) {
                throw new IOException("an archive has more than " + most + " bytes");
            }
            char type = (char) block[156];
            byte[] content = in.readNBytes((int) size);
            in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
            switch (type) {
                case 'x' -> records(content, extended);
                case 'L' -> extended.put("path", text(content, 0, content.length));
                case '0', '\0' -> {
                    left -= size;
                    String prefix = text(block, 345, 155);
                    String name = text(block, 0, NAME);
                    String path = extended.getOrDefault("path", prefix.isEmpty() ? name : prefix + "/" + name);
                    files.add(new ContainerFile(
                            root + (path.startsWith("./") ? path.substring(2) : path),
                            (int) number(block, 100, 8) & 07777,
                            owner(extended.get("uid"), number(block, 108, 8)),
                            owner(extended.get("gid"), number(block, 116, 8)),
                            content));
                    extended.clear();
                }
                default -> extended.clear();
            }
        }
    }

    /**
     * Reads an archive to its end.
     *
     * @throws IOException when it is not an archive, is damaged, or ends too early
     */
    public static void check(InputStream in) throws IOException {
        while (true) {
            byte[] block = in.readNBytes(BLOCK);
            if (block.length < BLOCK) {
                throw new IOException("it ends too early");
            }
            if (block[0] == 0) {
                return;
            }
            long sum = 0;
            for (int i = 0; i < BLOCK; i++) {
                sum += i >= 148 && i < 156 ? ' ' : block[i] & 0xff;
            }
            boolean intact;
            try {
                intact = sum == number(block, 148, 8);
            } catch (NumberFormatException noNumber) {
                intact = false;
            }
            if (!intact) {
                throw new IOException("the header of an entry is damaged");
            }
            long size = number(block, 124, 12);
            try {
                in.skipNBytes(size + (BLOCK - size % BLOCK) % BLOCK);
            } catch (IOException end) {
                throw new IOException("it ends too early", end);
            }
        }
    }

    private static int owner(@org.jspecify.annotations.Nullable String extended, long plain) {
        return extended == null ? (int) plain : Integer.parseInt(extended);
    }

    private static void records(byte[] content, Map<String, String> out) {
        int at = 0;
        while (at < content.length) {
            int space = at;
            while (space < content.length && content[space] != ' ') {
                space++;
            }
            int length = Integer.parseInt(text(content, at, space - at));
            String record = new String(content, space + 1, at + length - space - 2, StandardCharsets.UTF_8);
            int equals = record.indexOf('=');
            out.put(record.substring(0, equals), record.substring(equals + 1));
            at += length;
        }
    }

    private static String text(byte[] block, int at, int length) {
        int end = at;
        while (end < at + length && block[end] != 0) {
            end++;
        }
        return new String(block, at, end - at, StandardCharsets.UTF_8);
    }

    /** Octal digits, or, for what they do not hold, bytes after a first one of 0x80. */
    private static long number(byte[] block, int at, int length) {
        if ((block[at] & 0x80) != 0) {
            long number = 0;
            for (int i = at + 1; i < at + length; i++) {
                number = (number << 8) | (block[i] & 0xff);
            }
            return number;
        }
        String digits = text(block, at, length).strip();
        return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    }
}
