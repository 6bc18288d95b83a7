package org.portolan.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of the TCP sockets that listen in this network namespace, as the kernel lists them (Linux, proc(5)). On a
 * system without {@code /proc/net/tcp} it is unknown, and nothing is concluded from it.
 */
public final class ListeningSockets {
    private static final Path NET = Path.of("/proc/net");
    private static final Path PROCESSES = Path.of("/proc");
    private static final String LISTEN = "0A";
    private static final String SOCKET = "socket:[";

    /** The columns of the kernel's table that are read: where it listens, its state, its user and its inode. */
    private static final int LOCAL = 1;

    private static final int STATE = 3;
    private static final int USER = 7;
    private static final int INODE = 9;

    private final List<Socket> sockets;
    private final boolean known;
    private final Map<Long, Optional<Set<Socket>>> held = new ConcurrentHashMap<>();

    private ListeningSockets(List<Socket> sockets, boolean known) {
        this.sockets = List.copyOf(sockets);
        this.known = known;
    }

    /**
     * One listening socket.
     *
     * @param address as {@link Listeners#canonical} writes it
     * @param user the number of the user that opened it
     * @param inode what ties it to the processes that have it open
     */
    public record Socket(String address, int port, int user, long inode) {
        // Written out: each deploy that looks at the proxies compares them (ADR 38).
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Socket that
                    && inode == that.inode
                    && port == that.port
                    && user == that.user
                    && address.equals(that.address);
        }

        @Override
        public int hashCode() {
            return 31 * Long.hashCode(inode) + port;
        }
    }

    /** What listens now. */
    public static ListeningSockets read() {
        List<Socket> sockets = new ArrayList<>();
        try {
            listening(NET.resolve("tcp"), sockets);
        } catch (IOException notLinux) {
            return new ListeningSockets(List.of(), false);
        }
        try {
            listening(NET.resolve("tcp6"), sockets);
        } catch (IOException withoutVersion6) {
            // The kernel has IPv6 switched off: nothing listens there.
        }
        return new ListeningSockets(sockets, true);
    }

    /** A snapshot made of a list, for tests and for what was read elsewhere. */
    static ListeningSockets of(Collection<Socket> sockets) {
        return new ListeningSockets(List.copyOf(sockets), true);
    }

    private static void listening(Path table, List<Socket> found) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(table, StandardCharsets.US_ASCII)) {
            lines.readLine();
            Map<String, String> addresses = new HashMap<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Optional<Socket> socket = parse(line, addresses);
                // The kernel lists what listens first; a busy proxy has thousands of connections after it.
                if (socket.isEmpty()) {
                    return;
                }
                found.add(socket.get());
            }
        }
    }

    /**
     * A line of {@code /proc/net/tcp} or {@code tcp6}; empty when it is none of a listening socket.
     *
     * @param addresses those that were read before, as the kernel and as people write them: most listen on a few
     */
    static Optional<Socket> parse(String line, Map<String, String> addresses) {
        // Word by word: each deploy of a service with a port reads some dozens of lines in a JVM that has just begun.
        String[] words = new String[INODE + 1];
        int from = 0;
        for (int i = 0; i <= INODE; i++) {
            while (from < line.length() && line.charAt(from) == ' ') {
                from++;
            }
            int end = line.indexOf(' ', from);
            if (end < 0) {
                return Optional.empty();
            }
            words[i] = line.substring(from, end);
            if (i == STATE && !words[i].equals(LISTEN)) {
                return Optional.empty();
            }
            from = end;
        }
        int colon = words[LOCAL].lastIndexOf(':');
        try {
            return Optional.of(new Socket(
                    addresses.computeIfAbsent(words[LOCAL].substring(0, colon), ListeningSockets::address),
                    Integer.parseInt(words[LOCAL].substring(colon + 1), 16),
                    Integer.parseInt(words[USER]),
                    Long.parseLong(words[INODE])));
        } catch (IndexOutOfBoundsException | IllegalArgumentException unexpected) {
            return Optional.empty();
        }
    }

    private static String address(String digits) {
        byte[] bytes = HexFormat.of().parseHex(digits);
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            reverseWords(bytes);
        }
        try {
            return Listeners.text(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException wrongLength) {
            throw new IllegalArgumentException(wrongLength);
        }
    }

    /** The kernel prints an address in words of 32 bits, each in the machine's own order. */
    private static void reverseWords(byte[] bytes) {
        for (int at = 0; at + 3 < bytes.length; at += 4) {
            for (int i = 0; i < 2; i++) {
                byte kept = bytes[at + i];
                bytes[at + i] = bytes[at + 3 - i];
                bytes[at + 3 - i] = kept;
            }
        }
    }

    /** Whether the kernel could be asked. */
    public boolean known() {
        return known;
    }

    /** All of them. */
    public List<Socket> all() {
        return sockets;
    }

    /** Those among them that keep anybody else from listening at an address and port. */
    public List<Socket> against(String address, int port) {
        String wanted = Listeners.canonical(address);
        List<Socket> found = new ArrayList<>();
        for (Socket socket : sockets) {
            if (socket.port() == port && Listeners.overlap(socket.address(), wanted)) {
                found.add(socket);
            }
        }
        return found;
    }

    /** The sockets among them that a process has open; empty when the kernel does not let us see. It is looked at once. */
    public Optional<Set<Socket>> heldBy(long process) {
        return held.computeIfAbsent(process, this::open);
    }

    private Optional<Set<Socket>> open(long process) {
        Set<Long> open = new HashSet<>();
        Set<Long> sought = new HashSet<>();
        sockets.forEach(socket -> sought.add(socket.inode()));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(descriptors(process))) {
            for (Path file : files) {
                long inode = inode(file);
                if (sought.contains(inode)) {
                    open.add(inode);
                }
            }
        } catch (IOException forbiddenOrGone) {
            return Optional.empty();
        }
        Set<Socket> found = new HashSet<>();
        for (Socket socket : sockets) {
            if (open.contains(socket.inode())) {
                found.add(socket);
            }
        }
        return Optional.of(found);
    }

    private static Path descriptors(long process) {
        return PROCESSES.resolve(Long.toString(process)).resolve("fd");
    }

    /** A socket's number; 0 for what is none. */
    private static long inode(Path file) {
        try {
            String target = Files.readSymbolicLink(file).toString();
            return target.startsWith(SOCKET) && target.endsWith("]")
                    ? Long.parseLong(target.substring(SOCKET.length(), target.length() - 1))
                    : 0;
        } catch (IOException | NumberFormatException closedMeanwhile) {
            return 0;
        }
    }

    /**
     * Who has a socket open, for people: {@code nginx (process 812)}, with the service of the system that it belongs to.
     * Another user's processes cannot be seen; then it is the user.
     */
    public static String holder(Socket socket) {
        OptionalLong process = process(socket);
        if (process.isEmpty()) {
            return "a process of user " + socket.user();
        }
        long pid = process.getAsLong();
        String service = SystemService.of(pid).map(found -> ", " + found).orElse("");
        return ProcessTable.name(pid).orElse("a process") + " (process " + pid + service + ")";
    }

    /** The service of the system that has a socket open; empty when another program has it. */
    public static Optional<SystemService> service(Socket socket) {
        OptionalLong process = process(socket);
        return process.isEmpty() ? Optional.empty() : SystemService.of(process.getAsLong());
    }

    /** The first process that has a socket open; empty when none can be seen. */
    private static OptionalLong process(Socket socket) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
            long first = Long.MAX_VALUE;
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (pid < first && has(pid, socket.inode())) {
                    first = pid;
                }
            }
            return first == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(first);
        } catch (IOException notLinux) {
            return OptionalLong.empty();
        }
    }

    private static boolean has(long process, long inode) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(descriptors(process))) {
            for (Path file : files) {
                if (inode(file) == inode) {
                    return true;
                }
            }
        } catch (IOException forbiddenOrGone) {
            return false;
        }
        return false;
    }
}
