package org.portolan.engine.docker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whether an engine that is reached over tcp runs on this machine. Its address must be one of this machine's, and since a
 * tunnel has such an address too, the engine must tell of a machine of the same name with the very same memory.
 */
final class SameMachine {
    private final Calls calls;
    private volatile @Nullable Boolean known;

    SameMachine(Calls calls) {
        this.calls = calls;
    }

    /** Asks the engine the first time, if its address does not tell. */
    boolean get() {
        Boolean answer = known;
        if (answer == null) {
            answer = ownAddress(calls.endpoint().uri().getHost()) && tellsOfThisMachine();
            known = answer;
        }
        return answer;
    }

    private static boolean ownAddress(@Nullable String host) {
        try {
            return host != null && NetworkInterface.getByInetAddress(InetAddress.getByName(host)) != null;
        } catch (IOException unknown) {
            return false;
        }
    }

    private boolean tellsOfThisMachine() {
        DockerJson info = calls.get("cannot get the engine's information", "/info");
        try {
            String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
            String memory = "MemTotal: " + info.at("MemTotal").number() / 1024 + " kB";
            return info.at("Name").text().equals(name)
                    && Files.readAllLines(Path.of("/proc/meminfo")).stream()
                            .anyMatch(line -> line.replaceAll(" +", " ").equals(memory));
        } catch (IOException notLinux) {
            return false;
        }
    }
}
