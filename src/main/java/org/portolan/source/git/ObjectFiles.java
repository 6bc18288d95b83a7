package org.portolan.source.git;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads single objects of a repository with the JDK alone, loose ones and those in packs with an index of version 2
 * (gitformat-pack(5)). What it does not find, such as objects in alternates, is for JGit to find.
 */
final class ObjectFiles {
    private static final int MAX_BYTES = 16 * 1024 * 1024;
    private static final int MAX_DELTAS = 100;
    private static final int ID_BYTES = 20;
    private static final int FANOUT = 256;
    private static final long INDEX_MAGIC = 0xff744f6300000002L;
    private static final int OFFSET_DELTA = 6;
    private static final int REFERENCE_DELTA = 7;

    private final Path folder;

    ObjectFiles(Path folder) {
        this.folder = folder;
    }

    /** An object's content without its header; empty when it is not found here. */
    Optional<byte[]> read(String id) throws IOException {
        try {
            Path loose = folder.resolve(id.substring(0, 2)).resolve(id.substring(2));
            return Files.isRegularFile(loose)
                    ? Optional.of(loose(loose))
                    : packed(HexFormat.of().parseHex(id), 0);
        } catch (DataFormatException | IndexOutOfBoundsException damaged) {
            throw new IOException("object " + id + " is damaged", damaged);
        }
    }

    private static byte[] loose(Path file) throws IOException, DataFormatException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " is too large");
        }
        byte[] object = inflate(Files.readAllBytes(file));
        int end = 0;
        while (object[end] != 0) {
            end++;
        }
        return Arrays.copyOfRange(object, end + 1, object.length);
    }

    private Optional<byte[]> packed(byte[] id, int depth) throws IOException, DataFormatException {
        String[] names = folder.resolve("pack").toFile().list((parent, name) -> name.endsWith(".idx"));
        if (names == null) {
            return Optional.empty();
        }
        for (String name : names) {
            long offset;
            try (RandomAccessFile index =
                    new RandomAccessFile(folder.resolve("pack").resolve(name).toFile(), "r")) {
                offset = offset(index, id);
            }
            if (offset >= 0) {
                String pack = name.substring(0, name.length() - "idx".length()) + "pack";
                try (RandomAccessFile file = new RandomAccessFile(
                        folder.resolve("pack").resolve(pack).toFile(), "r")) {
                    return Optional.of(entry(file, offset, depth));
                }
            }
        }
        return Optional.empty();
    }

    /** Where the object lies in the index's pack, or -1. */
    private static long offset(RandomAccessFile index, byte[] id) throws IOException {
        if (index.length() < Long.BYTES + FANOUT * Integer.BYTES || index.readLong() != INDEX_MAGIC) {
            return -1;
        }
        int first = id[0] & 0xff;
        long low = first == 0 ? 0 : fanout(index, first - 1);
        long high = fanout(index, first);
        long count = fanout(index, FANOUT - 1);
        long ids = Long.BYTES + FANOUT * Integer.BYTES;
        byte[] here = new byte[ID_BYTES];
        while (low < high) {
            long middle = (low + high) >>> 1;
            index.seek(ids + middle * ID_BYTES);
            index.readFully(here);
            int order = Arrays.compareUnsigned(here, id);
            if (order == 0) {
                long offsets = ids + count * (ID_BYTES + Integer.BYTES);
                index.seek(offsets + middle * Integer.BYTES);
                int offset = index.readInt();
                if (offset >= 0) {
                    return offset;
                }
                // Packs over 2 GiB keep such offsets in a separate table.
                index.seek(offsets + count * Integer.BYTES + (offset & 0x7fffffffL) * Long.BYTES);
                return index.readLong();
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return -1;
    }

    private static long fanout(RandomAccessFile index, int slot) throws IOException {
        index.seek(Long.BYTES + (long) slot * Integer.BYTES);
        return index.readInt() & 0xffffffffL;
    }

    private byte[] entry(RandomAccessFile pack, long offset, int depth) throws IOException, DataFormatException {
        if (depth > MAX_DELTAS) {
            throw new IOException("too many deltas in a pack");
        }
        pack.seek(offset);
        int octet = pack.readUnsignedByte();
        int kind = octet >> 4 & 7;
        long size = octet & 15;
        for (int shift = 4; (octet & 0x80) != 0; shift += 7) {
            octet = pack.readUnsignedByte();
            size |= (long) (octet & 0x7f) << shift;
        }
        if (size > MAX_BYTES) {
            throw new IOException("an object in a pack is too large");
        }
        if (kind == OFFSET_DELTA) {
            octet = pack.readUnsignedByte();
            long back = octet & 0x7f;
            while ((octet & 0x80) != 0) {
                octet = pack.readUnsignedByte();
                back = ((back + 1) << 7) | (octet & 0x7f);
            }
            byte[] delta = inflate(pack, (int) size);
            return applied(entry(pack, offset - back, depth + 1), delta);
        }
        if (kind == REFERENCE_DELTA) {
            byte[] base = new byte[ID_BYTES];
            pack.readFully(base);
            byte[] delta = inflate(pack, (int) size);
            return applied(
                    packed(base, depth + 1).orElseThrow(() -> new IOException("a delta's base is not in a pack")),
                    delta);
        }
        return inflate(pack, (int) size);
    }

    /** A delta is its base's size, its result's size, and copies from the base or literal bytes. */
    private static byte[] applied(byte[] base, byte[] delta) throws IOException {
        int[] at = {0};
        varint(delta, at);
        long size = varint(delta, at);
        if (size > MAX_BYTES) {
            throw new IOException("an object in a pack is too large");
        }
        byte[] result = new byte[(int) size];
        int filled = 0;
        while (at[0] < delta.length) {
            int command = delta[at[0]++] & 0xff;
            if ((command & 0x80) == 0) {
                System.arraycopy(delta, at[0], result, filled, command);
                at[0] += command;
                filled += command;
                continue;
            }
            int from = bytes(delta, at, command, 4);
            int length = bytes(delta, at, command >> 4, 3);
            length = length == 0 ? 0x10000 : length;
            System.arraycopy(base, from, result, filled, length);
            filled += length;
        }
        return result;
    }

    private static int bytes(byte[] delta, int[] at, int present, int most) {
        int value = 0;
        for (int i = 0; i < most; i++) {
            if ((present >> i & 1) != 0) {
                value |= (delta[at[0]++] & 0xff) << (8 * i);
            }
        }
        return value;
    }

    private static long varint(byte[] delta, int[] at) {
        long value = 0;
        int octet;
        int shift = 0;
        do {
            octet = delta[at[0]++] & 0xff;
            value |= (long) (octet & 0x7f) << shift;
            shift += 7;
        } while ((octet & 0x80) != 0);
        return value;
    }

    private static byte[] inflate(RandomAccessFile from, int size) throws IOException, DataFormatException {
        byte[] result = new byte[size];
        byte[] input = new byte[8192];
        Inflater inflater = new Inflater();
        try {
            int filled = 0;
            while (filled < size) {
                if (inflater.needsInput()) {
                    int read = from.read(input);
                    if (read < 0) {
                        throw new IOException("a pack is truncated");
                    }
                    inflater.setInput(input, 0, read);
                }
                int inflated = inflater.inflate(result, filled, size - filled);
                if (inflated == 0 && inflater.finished()) {
                    throw new IOException("an object in a pack is too short");
                }
                filled += inflated;
            }
            return result;
        } finally {
            inflater.end();
        }
    }

    private static byte[] inflate(byte[] compressed) throws IOException, DataFormatException {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(compressed);
            ByteArrayOutputStream result = new ByteArrayOutputStream(2 * compressed.length);
            byte[] part = new byte[8192];
            while (!inflater.finished()) {
                int inflated = inflater.inflate(part);
                if ((inflated == 0 && inflater.needsInput()) || result.size() > MAX_BYTES) {
                    throw new IOException("an object is damaged or too large");
                }
                result.write(part, 0, inflated);
            }
            return result.toByteArray();
        } finally {
            inflater.end();
        }
    }

    /** The id that a path has in a tree object and those below it; empty when there is no file of that path. */
    Optional<String> inTree(String tree, String path) throws IOException {
        String id = tree;
        for (String name : path.split("/")) {
            Optional<byte[]> entries = read(id);
            if (entries.isEmpty()) {
                throw new IOException("tree " + id + " is missing");
            }
            Optional<String> child = child(entries.get(), name.getBytes(StandardCharsets.UTF_8));
            if (child.isEmpty()) {
                return child;
            }
            id = child.get();
        }
        return Optional.of(id);
    }

    /** An entry is its mode, a space, its name, a zero byte, its id. */
    private static Optional<String> child(byte[] entries, byte[] name) {
        int at = 0;
        while (at < entries.length) {
            while (entries[at] != ' ') {
                at++;
            }
            int start = ++at;
            while (entries[at] != 0) {
                at++;
            }
            if (Arrays.equals(entries, start, at, name, 0, name.length)) {
                return Optional.of(HexFormat.of().formatHex(entries, at + 1, at + 1 + ID_BYTES));
            }
            at += 1 + ID_BYTES;
        }
        return Optional.empty();
    }
}
