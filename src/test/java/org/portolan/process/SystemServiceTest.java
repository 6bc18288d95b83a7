package org.portolan.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.process.SystemService.Places;

/** Which service a process is, on a machine made of files. */
class SystemServiceTest {
    @TempDir
    Path machine;

    private Places places;

    @BeforeEach
    void machine() throws IOException {
        places = new Places(machine.resolve("proc"), machine.resolve("run"), machine.resolve("init.d"));
        write("init.d/nginx", "#!/bin/sh\n");
        assertThat(machine.resolve("init.d/nginx").toFile().setExecutable(true)).isTrue();
    }

    private void write(String path, String text) throws IOException {
        Path file = machine.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void process(long pid, String name, long parent, String controlGroup) throws IOException {
        write("proc/" + pid + "/comm", name + "\n");
        write("proc/" + pid + "/cgroup", controlGroup + "\n");
        write("proc/" + pid + "/stat", pid + " (" + name + ") S " + parent + " 1 1 0\n");
    }

    @Test
    void aUnitIsFoundByTheControlGroupOfEitherVersion() throws IOException {
        process(812, "nginx", 1, "0::/system.slice/nginx.service");
        process(813, "haproxy", 812, "12:cpu:/\n1:name=systemd:/system.slice/haproxy.service");
        assertThat(SystemService.of(812, places))
                .get()
                .returns("nginx.service", SystemService::toString)
                .returns("systemctl disable --now nginx.service", SystemService::turnOff);
        assertThat(SystemService.of(813, places)).get().returns("haproxy.service", SystemService::name);
    }

    /** A container's published port belongs to docker.service, which nobody should be advised to turn off. */
    @Test
    void whatAServiceStartedForOthersIsNotIt() throws IOException {
        process(900, "docker-proxy", 1, "0::/system.slice/docker.service");
        process(901, "nginx", 1, "0::/system.slice/portolan.service");
        process(902, "nginx", 1, "0::/user.slice/user-1000.slice/session-3.scope");
        assertThat(SystemService.of(900, places)).isEmpty();
        assertThat(SystemService.of(901, places)).isEmpty();
        assertThat(SystemService.of(902, places)).isEmpty();
        assertThat(SystemService.of(999, places)).as("ended").isEmpty();
    }

    @Test
    void withoutSystemdTheScriptsOwnFileNamesTheProcess() throws IOException {
        process(40, "nginx", 1, "0::/");
        process(41, "nginx", 40, "0::/");
        process(50, "nginx", 1, "0::/");
        assertThat(SystemService.of(40, places)).as("no file of the script").isEmpty();
        write("run/nginx.pid", "40\n");
        assertThat(SystemService.of(40, places))
                .get()
                .returns("service nginx stop && update-rc.d nginx disable", SystemService::turnOff);
        assertThat(SystemService.of(41, places)).as("its worker").isPresent();
        assertThat(SystemService.of(50, places)).as("Portolan's nginx").isEmpty();
        Files.createDirectories(machine.resolve("run/systemd/system"));
        assertThat(SystemService.of(40, places))
                .as("systemd starts it otherwise")
                .isEmpty();
    }
}
