package org.portolan.notify;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.portolan.config.SecretReference;
import org.portolan.config.SourceSettings;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.AtomicFiles;
import org.portolan.process.FileProblems;
import org.portolan.process.Home;

/** The secrets of sources' webhooks: those that the configuration refers to, else one that was generated here. */
public final class WebhookSecrets {
    private static final String FOLDER = "webhooks";
    private static final int BYTES = 32;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,99}");

    private final Home home;
    private final Map<String, String> environment;

    public WebhookSecrets(Home home, Map<String, String> environment) {
        this.home = home;
        this.environment = environment;
    }

    /**
     * Those that are accepted now.
     *
     * @return none: the source has no webhook
     * @throws Failure when one that the configuration refers to is missing
     */
    public List<String> of(SourceSettings source) {
        List<String> secrets = new ArrayList<>();
        for (SecretReference reference : source.host().webhookSecrets()) {
            secrets.add(reference.read(environment));
        }
        return secrets.isEmpty() ? generated(source.name()) : secrets;
    }

    /** The generated ones, the newest first; a replaced one is accepted until the next is. */
    private List<String> generated(String source) {
        if (!NAME.matcher(source).matches()) {
            return List.of();
        }
        Path file = home.file(FOLDER).resolve(source);
        try {
            return Files.readString(file, StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException problem) {
            throw FileProblems.failure("read", file, problem);
        }
    }

    /**
     * The secret to enter at the Git host; generated when there is none.
     *
     * @param replace whether to generate another one
     */
    public String secret(SourceSettings source, boolean replace) {
        if (!source.host().webhookSecrets().isEmpty()) {
            throw new Failure(
                            Kind.REFUSED,
                            "the webhook secret of source " + source.name() + " is in the configuration: "
                                    + source.host().webhookSecrets().getFirst().place())
                    .withHint("read it there, or remove webhook.secret to use a generated one");
        }
        if (!NAME.matcher(source.name()).matches()) {
            throw new Failure(Kind.INVALID, "no secret can be generated for a source of the name " + source.name())
                    .withHint("use letters, digits, - and _ in its name, or set its webhook.secret");
        }
        List<String> known = generated(source.name());
        if (!known.isEmpty() && !replace) {
            return known.getFirst();
        }
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String made = HexFormat.of().formatHex(random);
        String lines = made + "\n" + (known.isEmpty() ? "" : known.getFirst() + "\n");
        AtomicFiles.write(
                home.folder(FOLDER).resolve(source.name()),
                lines.getBytes(StandardCharsets.US_ASCII),
                AtomicFiles.PRIVATE);
        return made;
    }
}
