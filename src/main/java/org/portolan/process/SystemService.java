package org.portolan.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A service of this machine's own start-up system, such as Debian's nginx, which its package starts.
 *
 * @param name a unit of systemd ({@code nginx.service}), or a script in {@code /etc/init.d} ({@code nginx})
 */
public record SystemService(String name) {
    private static final String UNIT = ".service";

    /** Where a machine tells of its processes and services. */
    record Places(Path proc, Path run, Path scripts) {
        static final Places OURS = new Places(Path.of("/proc"), Path.of("/run"), Path.of("/etc/init.d"));
    }

    /** The service that a process belongs to and is named after; empty for any other process. */
    public static Optional<SystemService> of(long process) {
        return of(process, Places.OURS);
    }

    static Optional<SystemService> of(long process, Places places) {
        try {
            Path folder = places.proc().resolve(Long.toString(process));
            String program = Files.readString(folder.resolve("comm")).strip();
            Optional<String> unit = unit(Files.readAllLines(folder.resolve("cgroup")));
            if (unit.isPresent()) {
                // What a service started for others, as docker does for a published port, is not turned off with it.
                return unit.filter(name -> name.equals(program + UNIT)).map(SystemService::new);
            }
            boolean script = !Files.isDirectory(places.run().resolve("systemd/system"))
                    && Files.isExecutable(places.scripts().resolve(program));
            return script && isNoted(process, folder, places.run().resolve(program + ".pid"))
                    ? Optional.of(new SystemService(program))
                    : Optional.empty();
        } catch (IOException endedOrForbidden) {
            return Optional.empty();
        }
    }

    /** The unit in lines such as {@code 0::/system.slice/nginx.service}. */
    static Optional<String> unit(List<String> controlGroups) {
        for (String line : controlGroups) {
            String[] path =
                    line.substring(line.indexOf(':', line.indexOf(':') + 1) + 1).split("/", -1);
            for (int i = 1; i + 1 < path.length; i++) {
                if (path[i].equals("system.slice") && path[i + 1].endsWith(UNIT)) {
                    return Optional.of(path[i + 1]);
                }
            }
        }
        return Optional.empty();
    }

    /** Whether a script's file names a process, or the one that started it: a proxy of Portolan has the same name. */
    private static boolean isNoted(long process, Path folder, Path file) throws IOException {
        if (!Files.isReadable(file)) {
            return false;
        }
        List<String> noted = List.of(Files.readString(file).strip().split("\\s+", -1));
        return noted.contains(Long.toString(process)) || noted.contains(parent(folder));
    }

    private static String parent(Path folder) throws IOException {
        String line = Files.readString(folder.resolve("stat"), StandardCharsets.ISO_8859_1);
        // After the name, which may hold anything: the state, the parent.
        String[] words = line.substring(line.lastIndexOf(')') + 1).strip().split(" ", -1);
        return words.length > 1 ? words[1] : "";
    }

    /** The command that stops it, now and at every later start of the machine. */
    public String turnOff() {
        return name.endsWith(UNIT)
                ? "systemctl disable --now " + name
                : "service " + name + " stop && update-rc.d " + name + " disable";
    }

    @Override
    public String toString() {
        return name;
    }
}
