package org.portolan.engine.docker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Credentials of registries as the docker command keeps them: {@code credHelpers} and {@code credsStore} of config.json
 * name programs {@code docker-credential-*} that are asked, else {@code auths} holds them. What is read here appears in
 * no message.
 */
final class RegistryCredentials {
    /** How Docker's own registry is called in config.json (cli/config/configfile). */
    private static final String DOCKERS_OWN = "https://index.docker.io/v1/";

    private static final long HELPER_SECONDS = 20;
    private static final int HELPER_OUTPUT = 64 << 10;

    private final Path configuration;
    private final Map<String, String> environment;

    RegistryCredentials(Path configuration, Map<String, String> environment) {
        this.configuration = configuration;
        this.environment = environment;
    }

    /**
     * What was found for a registry.
     *
     * @param header the value of X-Registry-Auth, or "" for none
     * @param trouble why a helper gave none, for the hint of a pull that is then refused
     */
    record Found(String header, Optional<String> trouble) {
        static final Found NONE = new Found("", Optional.empty());

        @Override
        public String toString() {
            return header.isEmpty() ? "Found[none]" : "Found[••••]";
        }
    }

    /** @param registry host and port, or "" for Docker's own */
    Found find(String registry) {
        DockerJson config = DockerContexts.readConfiguration(configuration);
        String key = registry.isEmpty() ? DOCKERS_OWN : registry;
        String helper = config.at("credHelpers").at(key).text();
        if (helper.isEmpty()) {
            helper = config.at("credsStore").text();
        }
        if (!helper.isEmpty()) {
            return ask(helper, key);
        }
        DockerJson auths = config.at("auths");
        for (String name : auths.keys()) {
            if (name.equals(key) || host(name).equals(host(key))) {
                return fromFile(auths.at(name), key);
            }
        }
        return Found.NONE;
    }

    private static Found fromFile(DockerJson entry, String key) {
        String token = entry.at("identitytoken").text();
        String pair = "";
        try {
            pair = new String(Base64.getDecoder().decode(entry.at("auth").text()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return new Found("", Optional.of("config.json's auth for " + key + " is not base64"));
        }
        int colon = pair.indexOf(':');
        String user = colon < 0 ? entry.at("username").text() : pair.substring(0, colon);
        String password = colon < 0 ? entry.at("password").text() : pair.substring(colon + 1);
        return found(user, password.replace("\0", ""), token, key);
    }

    private static Found found(String user, String password, String token, String key) {
        if (user.isEmpty() && token.isEmpty()) {
            return Found.NONE;
        }
        Map<String, @Nullable Object> auth = new LinkedHashMap<>();
        if (token.isEmpty()) {
            auth.put("username", user);
            auth.put("password", password);
        } else {
            auth.put("identitytoken", token);
        }
        auth.put("serveraddress", key);
        return new Found(Base64.getUrlEncoder().encodeToString(DockerJson.write(auth)), Optional.empty());
    }

    /** The protocol of docker-credential-helpers: the key on standard input, JSON on standard output. */
    private Found ask(String helper, String key) {
        String program = "docker-credential-" + helper;
        if (!plain(helper)) {
            return trouble(program, "is not a program name");
        }
        try {
            ProcessBuilder builder = new ProcessBuilder(resolve(program), "get");
            if (!environment.isEmpty()) {
                builder.environment().clear();
                builder.environment().putAll(environment);
            }
            Process process =
                    builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
            try (var input = process.getOutputStream()) {
                input.write(key.getBytes(StandardCharsets.UTF_8));
            } catch (IOException endedEarly) {
                // Its exit status tells.
            }
            Aside<byte[]> output = Aside.of(() -> {
                try {
                    return process.getInputStream().readNBytes(HELPER_OUTPUT);
                } catch (IOException e) {
                    return new byte[0];
                }
            });
            if (!process.waitFor(HELPER_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return trouble(program, "gave no answer within " + HELPER_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                return trouble(program, "has no credentials for " + key + " (exit status " + process.exitValue() + ")");
            }
            DockerJson answer = DockerJson.parse(output.get());
            String user = answer.at("Username").text();
            String secret = answer.at("Secret").text();
            return user.equals("<token>") ? found("", "", secret, key) : found(user, secret, "", key);
        } catch (IOException e) {
            return trouble(program, "cannot be run, or gave an invalid answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return trouble(program, "was interrupted");
        }
    }

    /** A program is looked for on the PATH of the endpoint's environment, not of this process. */
    private String resolve(String program) {
        for (String folder : environment.getOrDefault("PATH", "").split(":", -1)) {
            Path file = Path.of(folder.isEmpty() ? "." : folder, program);
            if (!folder.isEmpty() && java.nio.file.Files.isExecutable(file)) {
                return file.toString();
            }
        }
        return program;
    }

    private static Found trouble(String program, String what) {
        return new Found("", Optional.of("the credential helper " + program + " " + what));
    }

    private static boolean plain(String helper) {
        for (int i = 0; i < helper.length(); i++) {
            char c = helper.charAt(i);
            if (!Character.isLetterOrDigit(c) && "._-".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static String host(String key) {
        String rest =
                key.startsWith("https://") ? key.substring(8) : key.startsWith("http://") ? key.substring(7) : key;
        int slash = rest.indexOf('/');
        return slash < 0 ? rest : rest.substring(0, slash);
    }
}
