package org.portolan.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the applications themselves counted: each request with an id that reached one, each client that left one. */
final class CountFile {
    private final Path file;
    private final Map<String, List<String>> requests = new HashMap<>();
    private final Map<String, Long> left = new HashMap<>();
    private long read;

    CountFile(Path file) throws IOException {
        this.file = file;
        Files.createDirectories(file.getParent());
        Files.writeString(file, "");
        if (!file.toFile().setWritable(true, false)) {
            throw new IOException("cannot let containers write " + file);
        }
    }

    /** The methods with which a request reached an application, once for each time. */
    synchronized List<String> requests(String id) {
        look();
        return List.copyOf(requests.getOrDefault(id, List.of()));
    }

    /** When an application noticed that a client had left (milliseconds since 1970). */
    synchronized Optional<Long> left(String id) {
        look();
        return Optional.ofNullable(left.get(id));
    }

    private void look() {
        try (var channel = Files.newByteChannel(file)) {
            channel.position(read);
            byte[] rest = new byte[(int) (channel.size() - read)];
            channel.read(java.nio.ByteBuffer.wrap(rest));
            String text = new String(rest, java.nio.charset.StandardCharsets.US_ASCII);
            int whole = text.lastIndexOf('\n') + 1;
            read += whole;
            for (String line : text.substring(0, whole).split("\n", -1)) {
                String[] words = line.split(" ", -1);
                if (words.length == 3 && words[0].equals("LEFT")) {
                    left.put(words[1], Long.parseLong(words[2]));
                } else if (words.length == 3) {
                    requests.computeIfAbsent(words[1], id -> new ArrayList<>()).add(words[0]);
                }
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
