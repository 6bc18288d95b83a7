package org.portolan.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One process, told apart from every later one that gets the same number (Linux, proc(5)).
 *
 * @param pid its number
 * @param startTicks its start in clock ticks since boot, field 22 of {@code /proc/PID/stat}
 * @param world the boot and the process namespace in which the number holds: {@code <boot id>/pid:[…]}
 */
public record ProcessIdentity(long pid, long startTicks, String world) {

    /** What is known of a recorded process. */
    public enum Life {
        ALIVE,
        DEAD,
        /** It belongs to another machine, another boot, or a container whose processes are not seen from here. */
        UNKNOWN
    }

    /** This process. */
    public static ProcessIdentity self() {
        return of(ProcessHandle.current().pid())
                .orElseGet(() -> new ProcessIdentity(ProcessHandle.current().pid(), 0, ""));
    }

    /** The process that has the number now; empty when there is none, or it has ended and only waits for its parent. */
    public static Optional<ProcessIdentity> of(long pid) {
        return startTicks(pid).map(ticks -> new ProcessIdentity(pid, ticks, worldHere()));
    }

    /** Whether it still runs; a process of another boot is unknown, since machines cloned from one image look alike. */
    public Life life() {
        String here = worldHere();
        if (here.isEmpty() || !here.equals(world)) {
            return Life.UNKNOWN;
        }
        Optional<Long> ticks = startTicks(pid);
        return ticks.isPresent() && ticks.get() == startTicks ? Life.ALIVE : Life.DEAD;
    }

    /** One line, read back by {@link #parse}. */
    public String text() {
        return pid + " " + startTicks + " " + world;
    }

    /** Reads {@link #text()}; empty when the line is not one. */
    public static Optional<ProcessIdentity> parse(String text) {
        int first = text.indexOf(' ');
        int second = first < 0 ? -1 : text.indexOf(' ', first + 1);
        if (second < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ProcessIdentity(
                    Long.parseLong(text.substring(0, first)),
                    Long.parseLong(text.substring(first + 1, second)),
                    text.substring(second + 1).strip()));
        } catch (NumberFormatException notOne) {
            return Optional.empty();
        }
    }

    /** Whether a process that was written as {@link #text} is known to have ended. */
    public static boolean isDead(String text) {
        return parse(text).filter(identity -> identity.life() == Life.DEAD).isPresent();
    }

    private static String worldHere() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip() + "/"
                    + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        } catch (IOException notLinux) {
            return "";
        }
    }

    private static Optional<Long> startTicks(long pid) {
        String stat;
        try {
            stat = new String(Files.readAllBytes(Path.of("/proc/" + pid + "/stat")), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return Optional.empty();
        }
        // The second field is the program's name in brackets and may hold blanks and brackets itself.
        int at = stat.lastIndexOf(')') + 2;
        if (at < 2 || at >= stat.length() || stat.charAt(at) == 'Z' || stat.charAt(at) == 'X') {
            return Optional.empty();
        }
        for (int field = 3; field < 22; field++) {
            at = stat.indexOf(' ', at) + 1;
            if (at == 0) {
                return Optional.empty();
            }
        }
        int end = stat.indexOf(' ', at);
        try {
            return Optional.of(Long.parseLong(stat.substring(at, end < 0 ? stat.length() : end)));
        } catch (NumberFormatException unexpected) {
            return Optional.empty();
        }
    }
}
